/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * A file, directory, link or special file of a volume. Callers get it from {@link VolumeNames} or
 * by its handle. There is one object for each inode, so callers may compare two of them by
 * identity.
 */
public interface Inode {
  Volume volume();

  /** Never 0, never reused in the volume. */
  long fileId();

  int generation();

  /** The handle that clients use for this inode. */
  FileHandle handle();

  /** The attributes as they are now. Takes no lock. */
  FileAttributes attributes();

  /**
   * Whether the inode has no name and no hold any more, or is not in the named state to which the
   * array was restored. Its handle is stale then. Takes no lock.
   */
  boolean isGone();
}
