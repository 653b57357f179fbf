/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import org.facsim.array.FileAttributes;

/** What only few inodes have. It changes under the volume's lock. */
public final class InodeExtra {
  /** Replaced as a whole, because readers take no lock. Null for none. */
  volatile Attachments attachments;

  /** The last attributes of an inode that has no row any more. */
  public FileAttributes attributes;

  public long createVerifier;

  /** The save intervals of {@code VolumeDeltas} in which the inode was kept last. */
  public int keptInInterval;

  public int contentsKeptInInterval;

  /** How many holds keep the inode alive without a name. */
  public int holds;
}
