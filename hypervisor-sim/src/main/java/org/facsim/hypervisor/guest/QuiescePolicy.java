/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

import static org.facsim.hypervisor.guest.GuestOperatingSystem.WINDOWS_2008;
import static org.facsim.hypervisor.guest.GuestOperatingSystem.WINDOWS_2008_R2;

import java.util.Optional;
import java.util.Set;

/**
 * Decides how a host and the Tools in a guest quiesce: a pure function of the guest, its
 * configuration, its number of disks and the host's release.
 *
 * <p>Application-level quiescing has a list of requirements. If one is not met, the guest is
 * quiesced at the file-system level, which needs one redo log only. For the guests in {@code
 * hardwareProviderGuests}, application-level quiescing goes through a hardware snapshot provider
 * that leaves two sibling redo logs on each disk's parent. This was observed for Windows 2008 and
 * 2008 R2. Documentation says that newer servers do the same, and field reports say otherwise: the
 * set is therefore a parameter.
 *
 * @param hardwareProviderGuests server guests whose application-level quiescing leaves two logs
 */
public record QuiescePolicy(Set<GuestOperatingSystem> hardwareProviderGuests) {
  public QuiescePolicy {
    hardwareProviderGuests = Set.copyOf(hardwareProviderGuests);
    for (GuestOperatingSystem guest : hardwareProviderGuests) {
      if (guest.family() != GuestOperatingSystem.Family.SERVER_VSS) {
        throw new IllegalArgumentException(guest + " has no application-level quiescing");
      }
    }
  }

  /** As seen in the field: Windows 2008 and 2008 R2 only. */
  public static QuiescePolicy observed() {
    return new QuiescePolicy(Set.of(WINDOWS_2008, WINDOWS_2008_R2));
  }

  /**
   * What happens when a running VM is quiesced.
   *
   * @param diskCount disks of the VM, 1 or more
   */
  public QuiescePlan plan(
      GuestOperatingSystem guest,
      GuestConfiguration configuration,
      int diskCount,
      EsxiVersion esxi) {
    return switch (guest.family()) {
      case UNQUIESCED ->
          oneLog(
              QuiesceLevel.NONE,
              QuiescedBy.NOBODY,
              guest.displayName() + " guests are not quiesced: the snapshot is crash-consistent");
      case SYNC_DRIVER_ONLY ->
          oneLog(
              QuiesceLevel.FILE_SYSTEM,
              configuration.toolsRunning() ? QuiescedBy.SYNC_DRIVER : QuiescedBy.NOBODY,
              guest.displayName() + " has no VSS: file-system level");
      case DESKTOP_VSS ->
          oneLog(
              QuiesceLevel.FILE_SYSTEM,
              fileSystemQuiescer(configuration),
              guest.displayName() + " is quiesced at the file-system level");
      case SERVER_VSS -> planServer(guest, configuration, diskCount, esxi);
    };
  }

  private QuiescePlan planServer(
      GuestOperatingSystem guest,
      GuestConfiguration configuration,
      int diskCount,
      EsxiVersion esxi) {
    Optional<String> missing = missingRequirement(configuration, diskCount, esxi);
    if (missing.isPresent()) {
      return oneLog(
          QuiesceLevel.FILE_SYSTEM,
          fileSystemQuiescer(configuration),
          missing.get() + ": file-system level only");
    }
    if (hardwareProviderGuests.contains(guest)) {
      return new QuiescePlan(
          QuiesceLevel.APPLICATION,
          QuiescedBy.VSS_HARDWARE_PROVIDER,
          2,
          "application-level quiescing of "
              + guest.displayName()
              + " through VSS uses the hardware snapshot provider");
    }
    return oneLog(
        QuiesceLevel.APPLICATION,
        QuiescedBy.VSS,
        guest.displayName() + " is quiesced at the application level through VSS");
  }

  private static Optional<String> missingRequirement(
      GuestConfiguration configuration, int diskCount, EsxiVersion esxi) {
    if (!esxi.isAtLeast(EsxiVersion.V4_1)) {
      return Optional.of("ESXi " + esxi + " is older than " + EsxiVersion.V4_1);
    }
    if (!configuration.toolsRunning()) {
      return Optional.of("VMware Tools are not running");
    }
    if (!configuration.vssEnabled()) {
      return Optional.of("VSS is disabled in the guest");
    }
    if (configuration.syncDriverSelected()) {
      return Optional.of("VMware Tools use the sync driver, not VSS");
    }
    if (!configuration.diskEnableUuid()) {
      return Optional.of("disk.EnableUUID is not set");
    }
    if (configuration.controller() != ControllerType.SCSI) {
      return Optional.of("the VM has " + configuration.controller() + " disks");
    }
    int freeSlots = configuration.controller().slots() - diskCount;
    if (freeSlots < diskCount) {
      return Optional.of(
          "the SCSI controller has %d free slots for %d disks".formatted(freeSlots, diskCount));
    }
    if (configuration.dynamicDisk()) {
      return Optional.of("the guest has a dynamic disk");
    }
    return Optional.empty();
  }

  private static QuiescedBy fileSystemQuiescer(GuestConfiguration configuration) {
    if (!configuration.toolsRunning()) {
      return QuiescedBy.NOBODY;
    }
    return configuration.vssEnabled() && !configuration.syncDriverSelected()
        ? QuiescedBy.VSS
        : QuiescedBy.SYNC_DRIVER;
  }

  private static QuiescePlan oneLog(QuiesceLevel level, QuiescedBy by, String reason) {
    return new QuiescePlan(level, by, 1, reason);
  }
}
