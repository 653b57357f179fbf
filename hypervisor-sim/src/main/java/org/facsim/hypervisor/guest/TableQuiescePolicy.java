/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

import java.util.List;
import java.util.Optional;
import org.facsim.hypervisor.guest.QuiesceRequirement.Finding;

/** The rules of {@link QuiescePolicy#observed()}. */
final class TableQuiescePolicy {
  private TableQuiescePolicy() {}

  static QuiescePlan plan(
      GuestSpec guest, GuestConfiguration configuration, int diskCount, EsxiVersion esxi) {
    QuiesceRequirement.Vm vm = new QuiesceRequirement.Vm(configuration, diskCount, esxi);
    List<Finding> findings =
        guest.quiescing().needs().stream().map(need -> need.check(vm)).toList();
    Optional<Finding> missing = findings.stream().filter(each -> !each.isMet()).findFirst();
    return missing.isPresent()
        ? new QuiescePlan(
            QuiesceLevel.FILE_SYSTEM,
            present(QuiescedBy.VSS, configuration),
            1,
            missing.get().evidence() + ": file-system level only",
            findings)
        : full(guest, configuration, findings);
  }

  static QuiescePlan full(
      GuestSpec guest, GuestConfiguration configuration, List<Finding> findings) {
    GuestQuiescing quiescing = guest.quiescing();
    return new QuiescePlan(
        quiescing.level(),
        quiescing.level() == QuiesceLevel.FILE_SYSTEM
            ? present(quiescing.by(), configuration)
            : quiescing.by(),
        quiescing.redoLogsPerDisk(),
        reason(guest),
        findings);
  }

  /** Who of VSS and the sync driver is there to flush the file systems. */
  private static QuiescedBy present(QuiescedBy by, GuestConfiguration configuration) {
    if (!configuration.toolsRunning()) {
      return QuiescedBy.NOBODY;
    }
    boolean usesVss = configuration.vssEnabled() && !configuration.syncDriverSelected();
    return by == QuiescedBy.VSS && usesVss ? QuiescedBy.VSS : QuiescedBy.SYNC_DRIVER;
  }

  private static String reason(GuestSpec guest) {
    String name = guest.displayName();
    return switch (guest.quiescing().by()) {
      case NOBODY -> name + " guests are not quiesced: the snapshot is crash-consistent";
      case SYNC_DRIVER -> name + " has no VSS: file-system level";
      case VSS ->
          guest.quiescing().level() == QuiesceLevel.APPLICATION
              ? name + " is quiesced at the application level through VSS"
              : name + " is quiesced at the file-system level";
      case VSS_HARDWARE_PROVIDER ->
          "application-level quiescing of "
              + name
              + " through VSS uses the hardware snapshot provider";
    };
  }
}
