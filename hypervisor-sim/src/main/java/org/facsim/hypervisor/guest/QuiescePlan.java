/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

import java.util.List;
import java.util.Optional;

/**
 * How a host will quiesce a running guest and what that leaves on the datastore.
 *
 * @param level how consistent the frozen state is
 * @param by who quiesces
 * @param redoLogsPerDisk 1 for the live VM; 2 for siblings on the same parent, one for the live VM
 *     and one for what VSS and its writers write; 0 if no snapshot is taken
 * @param reason why this level, in words that an administrator understands
 * @param requirements what the level that the guest could have needs, each with what the host saw;
 *     empty if it needs nothing
 */
public record QuiescePlan(
    QuiesceLevel level,
    QuiescedBy by,
    int redoLogsPerDisk,
    String reason,
    List<QuiesceRequirement.Finding> requirements) {
  public QuiescePlan {
    requirements = List.copyOf(requirements);
    if (redoLogsPerDisk < 0 || redoLogsPerDisk > 2) {
      throw new IllegalArgumentException(redoLogsPerDisk + " redo logs per disk");
    }
  }

  /** A plan of a guest that needs nothing to be quiesced so. */
  public QuiescePlan(QuiesceLevel level, QuiescedBy by, int redoLogsPerDisk, String reason) {
    this(level, by, redoLogsPerDisk, reason, List.of());
  }

  /** The plan for a VM that is powered off and needs no quiescing. */
  public static QuiescePlan notNeeded() {
    return new QuiescePlan(
        QuiesceLevel.NONE, QuiescedBy.NOBODY, 0, "the VM is powered off: no snapshot is needed");
  }

  /** Whether the quiesced state of each disk is its parent plus a second redo log. */
  public boolean leavesSiblingRedoLogs() {
    return redoLogsPerDisk == 2;
  }

  /** The first requirement that is not met, which decided the level; empty if all are. */
  public Optional<QuiesceRequirement.Finding> firstMissing() {
    return requirements.stream().filter(each -> !each.isMet()).findFirst();
  }
}
