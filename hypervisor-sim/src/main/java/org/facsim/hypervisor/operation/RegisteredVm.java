/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.operation;

import org.facsim.hypervisor.vm.VirtualMachine;

/**
 * A line of a host's inventory.
 *
 * @param id the Vmid of {@code vim-cmd vmsvc/getallvms}; counts from 1 on each host
 * @param vm the VM
 * @param template whether it is a template
 */
public record RegisteredVm(int id, VirtualMachine vm, boolean template) {
  public String name() {
    return vm.name();
  }
}
