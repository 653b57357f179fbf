/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/** A read-only clone of a file or of a directory tree, as it was at one moment. */
public interface Snapshot {
  /** Unique in the volume, never given again. */
  long id();

  /** Unique in the volume; clients find the snapshot as {@code .snapshot/NAME}. */
  String name();

  /** Nanoseconds since 1970. */
  long createdNanos();

  /** Whether the array made it for its own clones: it goes with the last of them. */
  boolean automatic();

  /** The file or directory that it was taken of, which may be gone. */
  long sourceFileId();

  /** The change counter of the volume when it was taken. */
  long sourceChange();

  /**
   * The snapshot before it: the one taken last of the same source, or the one that the source was
   * cloned from; 0 if there is none. When the parent goes, its own parent follows.
   */
  long parentId();

  /** Clones made from it that are still there. */
  int cloneCount();

  /** The copy: a regular file or a directory, read-only. */
  Inode root();
}
