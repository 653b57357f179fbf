/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.hypervisor;

import java.util.List;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.catalog.GuestOperatingSystem;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmSpec;

/** VMs for tests that are about their host. */
final class TestVms {
  private static final long MIB = 1 << 20;

  private TestVms() {}

  /** One disk of 4 MiB, of which the guest uses 1 MiB. */
  static VirtualMachine small(SimulatedHost host, Datastore datastore, String name) {
    return host.createVm(
        datastore,
        new VmSpec(
            name,
            GuestOperatingSystem.WINDOWS_7,
            GuestConfiguration.standard(),
            List.of(new DiskSpec(4 * MIB, MIB)),
            7));
  }
}
