/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

/**
 * What decides how a guest can be quiesced, apart from which guest it is.
 *
 * @param toolsRunning VMware Tools answer in the guest
 * @param vssEnabled VSS quiescing is not switched off in the guest (KB 1031298)
 * @param syncDriverSelected Tools use their sync driver instead of VSS
 * @param dynamicDisk the guest has a dynamic disk
 * @param diskEnableUuid {@code disk.EnableUUID = "TRUE"} in the .vmx
 * @param controller what the disks hang on
 */
public record GuestConfiguration(
    boolean toolsRunning,
    boolean vssEnabled,
    boolean syncDriverSelected,
    boolean dynamicDisk,
    boolean diskEnableUuid,
    ControllerType controller) {

  /** Everything as an installation leaves it: Tools running, VSS on, UUIDs on, basic SCSI disks. */
  public static GuestConfiguration standard() {
    return new GuestConfiguration(true, true, false, false, true, ControllerType.SCSI);
  }

  public GuestConfiguration withToolsRunning(boolean value) {
    return new GuestConfiguration(
        value, vssEnabled, syncDriverSelected, dynamicDisk, diskEnableUuid, controller);
  }

  public GuestConfiguration withVssEnabled(boolean value) {
    return new GuestConfiguration(
        toolsRunning, value, syncDriverSelected, dynamicDisk, diskEnableUuid, controller);
  }

  public GuestConfiguration withSyncDriverSelected(boolean value) {
    return new GuestConfiguration(
        toolsRunning, vssEnabled, value, dynamicDisk, diskEnableUuid, controller);
  }

  public GuestConfiguration withDynamicDisk(boolean value) {
    return new GuestConfiguration(
        toolsRunning, vssEnabled, syncDriverSelected, value, diskEnableUuid, controller);
  }

  public GuestConfiguration withDiskEnableUuid(boolean value) {
    return new GuestConfiguration(
        toolsRunning, vssEnabled, syncDriverSelected, dynamicDisk, value, controller);
  }

  public GuestConfiguration withController(ControllerType value) {
    return new GuestConfiguration(
        toolsRunning, vssEnabled, syncDriverSelected, dynamicDisk, diskEnableUuid, value);
  }
}
