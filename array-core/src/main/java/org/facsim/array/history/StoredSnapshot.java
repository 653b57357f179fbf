/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.history;

import org.facsim.array.Snapshot;
import org.facsim.array.inode.VolumeInode;

/** A snapshot as its volume keeps it. */
public record StoredSnapshot(
    long id,
    String name,
    long createdNanos,
    boolean automatic,
    long sourceFileId,
    long sourceChange,
    long parentId,
    int cloneCount,
    VolumeInode root)
    implements Snapshot {
  public StoredSnapshot withParent(long newParentId) {
    return new StoredSnapshot(
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

  public StoredSnapshot withCloneCount(int newCloneCount) {
    return new StoredSnapshot(
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
