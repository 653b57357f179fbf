/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/** What few inodes have. Changed under the volume's lock. */
final class InodeExtra {
  /** Replaced whole; readers take no lock. Null for none. */
  volatile Attachments attachments;

  /** The last ones, of an inode without a row. */
  FileAttributes attributes;

  long createVerifier;

  /** The epochs of {@link VolumeStates} in which the inode was kept last. */
  int keptIn;

  int contentsKeptIn;

  /** Servers' state that keeps a nameless file alive. */
  int holds;
}
