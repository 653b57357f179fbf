/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

/**
 * What decides how a guest can be quiesced, apart from its operating system.
 *
 * @param toolsRunning whether VMware Tools answer in the guest
 * @param vssEnabled whether VSS quiescing is enabled in the guest (KB 1031298)
 * @param syncDriverSelected whether Tools use their sync driver instead of VSS
 * @param dynamicDisk whether the guest has a dynamic disk
 * @param diskEnableUuid whether the .vmx says {@code disk.EnableUUID = "TRUE"}
 * @param controller the controller of the disks
 */
public record GuestConfiguration(
    boolean toolsRunning,
    boolean vssEnabled,
    boolean syncDriverSelected,
    boolean dynamicDisk,
    boolean diskEnableUuid,
    ControllerType controller) {

  /** The state after an installation: Tools running, VSS on, UUIDs on, basic SCSI disks. */
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
