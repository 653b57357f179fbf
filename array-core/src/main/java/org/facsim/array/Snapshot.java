/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/** A read-only clone of a file or of a directory tree, as it was at one moment. */
public interface Snapshot {
  /** Unique in the volume, and never given again. */
  long id();

  /** Unique in the volume; clients find the snapshot as {@code .snapshot/NAME}. */
  String name();

  /** Nanoseconds since 1970. */
  long createdNanos();

  /** Whether the array made it for its own clones. It is deleted with the last of them. */
  boolean automatic();

  /** The file or directory of which it was taken. It may be gone. */
  long sourceFileId();

  /** The change counter of the volume when it was taken. */
  long sourceChange();

  /**
   * The snapshot before it: the previous snapshot of the same source, or the one from which the
   * source was cloned; 0 if there is none. When the parent is deleted, the parent's own parent
   * takes its place.
   */
  long parentId();

  /** How many clones made from it are still there. */
  int cloneCount();

  /** The copy: a regular file or a directory, read-only. */
  Inode root();
}
