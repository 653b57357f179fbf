/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import org.facsim.array.FileAttributes;

/** What few inodes have. Changed under the volume's lock. */
public final class InodeExtra {
  /** Replaced whole; readers take no lock. Null for none. */
  volatile Attachments attachments;

  /** The last ones, of an inode without a row. */
  public FileAttributes attributes;

  public long createVerifier;

  /** The epochs of {@code VolumeDeltas} in which the inode was kept last. */
  public int keptInInterval;

  public int contentsKeptInInterval;

  /** Servers' state that keeps a nameless file alive. */
  public int holds;
}
