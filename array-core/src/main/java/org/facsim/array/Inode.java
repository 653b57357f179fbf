/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * A file, directory or link of a volume; obtained from {@link VolumeNames} or by its handle. There
 * is one object for each, so that two of them can be compared by identity.
 */
public interface Inode {
  Volume volume();

  /** Never 0, never reused in the volume. */
  long fileId();

  int generation();

  /** The handle that clients use for this inode. */
  FileHandle handle();

  /** The attributes as they are now; takes no lock. */
  FileAttributes attributes();

  /**
   * Whether it has no name and no holder any more, or is not in the state that the array was
   * restored to; its handle is stale. Takes no lock.
   */
  boolean isGone();
}
