/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

/** The virtual controller of a VM's disks, with its number of controller slots for disks. */
public enum ControllerType {
  /** 16 targets, one of which is the controller itself. */
  SCSI(15),
  IDE(4),
  SATA(30);

  private final int slots;

  ControllerType(int slots) {
    this.slots = slots;
  }

  public int slots() {
    return slots;
  }
}
