/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

import java.time.Duration;
import java.util.Optional;
import org.facsim.hypervisor.datastore.IoCounters;
import org.facsim.hypervisor.vm.VirtualMachine;

/**
 * What a move did, counted on the wire.
 *
 * @param vm the VM, the same object as before, on its new datastore
 * @param poweredOn whether it ran (Storage vMotion)
 * @param movedBy who moved the whole files of its disks
 * @param reason why, in words that an administrator understands
 * @param offloadFailure what the array answered if the host had to copy in its place
 * @param passes how often changed data was copied again while the guest wrote on; 0 for a cold
 *     migration
 * @param io all READs and WRITEs on both datastores meanwhile
 * @param elapsed from start to end, by the host's clock
 * @param explanation the whole of the host's answer to "offloaded? if not, why?"
 */
public record RelocateResult(
    VirtualMachine vm,
    boolean poweredOn,
    CloneMethod movedBy,
    String reason,
    Optional<String> offloadFailure,
    int passes,
    IoCounters io,
    Duration elapsed,
    HostExplanation explanation) {}
