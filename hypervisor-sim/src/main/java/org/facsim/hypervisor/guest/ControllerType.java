/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

/** The virtual controller that a VM's disks hang on, with the slots it has for disks. */
public enum ControllerType {
  /** 16 targets, one of them the controller itself. */
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
