/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * A read-only clone of a file or of a directory tree, as it was at one moment.
 *
 * @param id unique in the volume, never given again
 * @param name unique in the volume; clients find the snapshot as {@code .snapshot/NAME}
 * @param createdNanos since the epoch
 * @param automatic made by the array for its own clones: it goes with the last of them
 * @param sourceFileId the file or directory it was taken of, which may be gone
 * @param sourceChange the change counter of the volume when it was taken
 * @param parentId the snapshot before it: the one taken last of the same source, or the one that
 *     the source was cloned from; 0 if there is none. When the parent goes, its own parent follows
 * @param cloneCount clones made from it that are still there
 * @param root the copy: a regular file or a directory, read-only
 */
public record Snapshot(
    long id,
    String name,
    long createdNanos,
    boolean automatic,
    long sourceFileId,
    long sourceChange,
    long parentId,
    int cloneCount,
    Inode root) {
  public Snapshot withParent(long newParentId) {
    return new Snapshot(
        id,
        name,
        createdNanos,
        automatic,
        sourceFileId,
        sourceChange,
        newParentId,
        cloneCount,
        root);
  }

  public Snapshot withCloneCount(int newCloneCount) {
    return new Snapshot(
        id,
        name,
        createdNanos,
        automatic,
        sourceFileId,
        sourceChange,
        parentId,
        newCloneCount,
        root);
  }
}
