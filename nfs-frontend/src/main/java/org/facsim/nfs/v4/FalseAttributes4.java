/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import org.facsim.array.FileAttributes;
import org.facsim.services.calls.FalseAttributes;

/** What a server that lies says instead of the truth. */
final class FalseAttributes4 {
  private static final long MAX_LINKS = Integer.MAX_VALUE;

  private FalseAttributes4() {}

  static FileAttributes of(FileAttributes truth, FalseAttributes lie) {
    return new FileAttributes(
        truth.type(),
        truth.mode(),
        (int) Math.min(MAX_LINKS, lie.linkCount().applyTo(truth.linkCount())),
        truth.uid(),
        truth.gid(),
        lie.sizeBytes().applyTo(truth.sizeBytes()),
        truth.usedBytes(),
        truth.deviceMajor(),
        truth.deviceMinor(),
        truth.volumeId(),
        lie.fileId().applyTo(truth.fileId()),
        truth.accessTimeNanos(),
        lie.mtimeNanos().applyTo(truth.modifyTimeNanos()),
        truth.changeTimeNanos(),
        truth.changeCounter());
  }
}
