/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import org.facsim.array.Volume;

/**
 * What bounds a volume in addition to its blocks.
 *
 * @param maxInodes files, directories and links at one time
 * @param maxLinks names of one file; subdirectories of one directory, plus two
 * @param maxTreeInodes inodes copied by one tree clone, which holds the volume's lock throughout
 * @param maxAttachedBytes extended attributes and ACLs of all inodes together
 */
public record VolumeLimits(long maxInodes, int maxLinks, int maxTreeInodes, long maxAttachedBytes) {
  public static final VolumeLimits DEFAULT =
      new VolumeLimits(Volume.MAX_INODES, Volume.MAX_LINKS, Volume.MAX_TREE_INODES);

  public VolumeLimits(long maxInodes, int maxLinks, int maxTreeInodes) {
    this(maxInodes, maxLinks, maxTreeInodes, Volume.MAX_ATTACHED_BYTES);
  }
}
