/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

import java.util.List;
import java.util.Objects;

/**
 * How a family of guests is quiesced if nothing is missing.
 *
 * @param by who quiesces
 * @param level how consistent the frozen state is
 * @param redoLogsPerDisk 1, or 2 for siblings on the same parent
 * @param needs what must hold; if something does not, the guest is quiesced at the file-system
 *     level, which leaves 1 redo log. Only application-level quiescing needs anything.
 */
public record GuestQuiescing(
    QuiescedBy by, QuiesceLevel level, int redoLogsPerDisk, List<QuiesceRequirement> needs) {
  /**
   * Checks that the values fit each other.
   *
   * @throws IllegalArgumentException that says what is allowed
   */
  public GuestQuiescing {
    Objects.requireNonNull(by);
    Objects.requireNonNull(level);
    needs = List.copyOf(needs);
    if (redoLogsPerDisk != 1 && redoLogsPerDisk != 2) {
      throw new IllegalArgumentException("redoLogs " + redoLogsPerDisk + "; allowed: 1 or 2");
    }
    if ((level == QuiesceLevel.NONE) != (by == QuiescedBy.NOBODY)) {
      throw new IllegalArgumentException(
          "level '%s' by '%s'; allowed: level none only by nobody"
              .formatted(level.label(), by.label()));
    }
    boolean throughProvider = by == QuiescedBy.VSS_HARDWARE_PROVIDER;
    if (throughProvider != (redoLogsPerDisk == 2)) {
      throw new IllegalArgumentException(
          "redoLogs %d by '%s'; allowed: 2 by vss-hardware-provider, 1 by all others"
              .formatted(redoLogsPerDisk, by.label()));
    }
    if ((throughProvider && level != QuiesceLevel.APPLICATION)
        || (by == QuiescedBy.SYNC_DRIVER && level != QuiesceLevel.FILE_SYSTEM)) {
      throw new IllegalArgumentException(
          ("level '%s' by '%s'; allowed: application by vss or vss-hardware-provider, file-system by"
                  + " vss or sync-driver")
              .formatted(level.label(), by.label()));
    }
    if (!needs.isEmpty() && level != QuiesceLevel.APPLICATION) {
      throw new IllegalArgumentException(
          "needs with level '%s'; allowed: with level application".formatted(level.label()));
    }
  }

  /** Whether the array can clone a running VM that is quiesced so. */
  public boolean offloadsHotClone() {
    return redoLogsPerDisk == 1;
  }
}
