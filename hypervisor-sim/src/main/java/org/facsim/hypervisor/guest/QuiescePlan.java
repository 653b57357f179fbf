/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

/**
 * How a host will quiesce a running guest and what that leaves on the datastore.
 *
 * @param level how consistent the frozen state is
 * @param by who quiesces
 * @param redoLogsPerDisk 1: the live VM's; 2: siblings on the same parent, one for the live VM and
 *     one for what VSS and its writers write; 0: no snapshot is taken
 * @param reason why this level, in an admin's words
 */
public record QuiescePlan(QuiesceLevel level, QuiescedBy by, int redoLogsPerDisk, String reason) {
  public QuiescePlan {
    if (redoLogsPerDisk < 0 || redoLogsPerDisk > 2) {
      throw new IllegalArgumentException(redoLogsPerDisk + " redo logs per disk");
    }
  }

  /** A VM that is powered off holds still by itself. */
  public static QuiescePlan notNeeded() {
    return new QuiescePlan(
        QuiesceLevel.NONE, QuiescedBy.NOBODY, 0, "the VM is powered off: no snapshot is needed");
  }

  /** The quiesced state of each disk is its parent plus a second redo log. */
  public boolean leavesSiblingRedoLogs() {
    return redoLogsPerDisk == 2;
  }
}
