/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import org.facsim.protocol.nfs3.Fattr3;
import org.facsim.protocol.nfs3.WccAttr;
import org.facsim.protocol.nfs3.WccData;
import org.facsim.services.calls.FalseAttributes;

/** What a server that lies says instead of the truth. */
final class FalseAttributes3 {
  private static final long MAX_LINKS = 0xffff_ffffL;

  private FalseAttributes3() {}

  static Fattr3 of(Fattr3 truth, FalseAttributes lie) {
    return new Fattr3(
        truth.type(),
        truth.mode(),
        Math.min(MAX_LINKS, lie.linkCount().applyTo(truth.linkCount())),
        truth.uid(),
        truth.gid(),
        lie.sizeBytes().applyTo(truth.sizeBytes()),
        truth.usedBytes(),
        truth.deviceMajor(),
        truth.deviceMinor(),
        truth.fileSystemId(),
        lie.fileId().applyTo(truth.fileId()),
        truth.accessTimeNanos(),
        lie.mtimeNanos().applyTo(truth.modifyTimeNanos()),
        truth.changeTimeNanos());
  }

  /** Both sides lie alike, so that a client sees no foreign change between them. */
  static WccData of(WccData truth, FalseAttributes lie) {
    WccAttr before = truth.before();
    return new WccData(
        before == null
            ? null
            : new WccAttr(
                lie.sizeBytes().applyTo(before.sizeBytes()),
                lie.mtimeNanos().applyTo(before.modifyTimeNanos()),
                before.changeTimeNanos()),
        truth.after() == null ? null : of(truth.after(), lie));
  }
}
