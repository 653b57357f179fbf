/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

import org.facsim.hypervisor.clone.CloneSituation.Operation;
import org.facsim.hypervisor.datastore.HardwareAcceleration;

/** The rules of {@link CloneOffloadPolicy#esxi()}, most fundamental first. */
final class EsxiCloneOffloadPolicy {
  private EsxiCloneOffloadPolicy() {}

  static CloneDecision decide(CloneSituation situation) {
    HardwareAcceleration acceleration = situation.acceleration();
    if (situation.placement() == Placement.OTHER_ARRAY) {
      return hostCopy("the destination is on another array");
    }
    if (acceleration.unavailable() != null) {
      return hostCopy("no hardware acceleration: " + acceleration.unavailable());
    }
    if (!acceleration.fullFileClone()) {
      return hostCopy(
          acceleration.shownAsSupported()
              ? "the array does not support full file clone, though hardware acceleration is"
                  + " shown as supported"
              : "the array does not support full file clone");
    }
    if (situation.placement() == Placement.OTHER_DATASTORE && !acceleration.cloneAcrossVolumes()) {
      return hostCopy("the array does not clone from one volume to another");
    }
    if (situation.poweredOn() && situation.operation() == Operation.MIGRATE) {
      return hostCopy("a running VM is migrated by the host");
    }
    if (situation.poweredOn() && situation.poweredOffOnly()) {
      return hostCopy("the array offloads clones of powered-off VMs only");
    }
    if (situation.quiescing().leavesSiblingRedoLogs()) {
      return hostCopy(
          "VSS left two sibling redo logs per disk: the quiesced state is base + redo log, and the"
              + " array clones whole files only");
    }
    for (int leftover : situation.leftoverRedoLogs()) {
      if (leftover > 0) {
        return hostCopy(
            "an older snapshot is in the way: the state is base + %d redo log%s, and the array clones"
                    .formatted(leftover, leftover == 1 ? "" : "s")
                + " whole files only");
      }
    }
    return new CloneDecision(CloneMethod.ARRAY_OFFLOAD, offloadReason(situation));
  }

  private static String offloadReason(CloneSituation situation) {
    if (!situation.poweredOn()) {
      return "powered off: each disk is one whole file";
    }
    return "one redo log per disk (%s): the frozen base is one whole file"
        .formatted(situation.quiescing().reason());
  }

  private static CloneDecision hostCopy(String reason) {
    return new CloneDecision(CloneMethod.HOST_COPY, reason);
  }
}
