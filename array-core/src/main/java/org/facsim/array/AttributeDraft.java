/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/** A {@link FileAttributes} being edited; short-lived and confined to one thread. */
final class AttributeDraft {
  private final FileAttributes origin;

  int mode;
  int linkCount;
  long uid;
  long gid;
  long sizeBytes;
  long usedBytes;
  long accessTimeNanos;
  long modifyTimeNanos;
  long changeTimeNanos;
  long changeCounter;

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

  static AttributeDraft of(FileAttributes origin) {
    return new AttributeDraft(origin);
  }

  AttributeDraft accessedAt(long nanos) {
    accessTimeNanos = nanos;
    return this;
  }

  FileAttributes freeze() {
    return freeze(origin.fileId());
  }

  /** For another inode than the one the draft began with. */
  FileAttributes freeze(long fileId) {
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
