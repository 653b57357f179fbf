/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import org.facsim.array.FileAttributes;

/** A {@link FileAttributes} that is being edited. It is short-lived, and one thread uses it. */
public final class AttributeDraft {
  private final FileAttributes origin;

  public int mode;
  public int linkCount;
  public long uid;
  public long gid;
  public long sizeBytes;
  public long usedBytes;
  public long accessTimeNanos;
  public long modifyTimeNanos;
  public long changeTimeNanos;
  public long changeCounter;

  private AttributeDraft(FileAttributes origin) {
    this.origin = origin;
    mode = origin.mode();
    linkCount = origin.linkCount();
    uid = origin.uid();
    gid = origin.gid();
    sizeBytes = origin.sizeBytes();
    usedBytes = origin.usedBytes();
    accessTimeNanos = origin.accessTimeNanos();
    modifyTimeNanos = origin.modifyTimeNanos();
    changeTimeNanos = origin.changeTimeNanos();
    changeCounter = origin.changeCounter();
  }

  public static AttributeDraft of(FileAttributes origin) {
    return new AttributeDraft(origin);
  }

  public AttributeDraft accessedAt(long nanos) {
    accessTimeNanos = nanos;
    return this;
  }

  public FileAttributes freeze() {
    return freeze(origin.fileId());
  }

  /** Makes the attributes of another inode than the one with which the draft began. */
  public FileAttributes freeze(long fileId) {
    return new FileAttributes(
        origin.type(),
        mode,
        linkCount,
        uid,
        gid,
        sizeBytes,
        usedBytes,
        origin.deviceMajor(),
        origin.deviceMinor(),
        origin.volumeId(),
        fileId,
        accessTimeNanos,
        modifyTimeNanos,
        changeTimeNanos,
        changeCounter);
  }
}
