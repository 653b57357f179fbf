/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

import java.time.Duration;
import java.util.Optional;
import org.facsim.hypervisor.datastore.IoCounters;
import org.facsim.hypervisor.guest.QuiescePlan;
import org.facsim.hypervisor.vm.VirtualMachine;

/**
 * What a clone task did, counted on the wire.
 *
 * @param vm the new VM, powered off
 * @param sourcePoweredOn whether it was a hot clone
 * @param quiescing how the source was quiesced
 * @param snapshotsTaken 1 for a hot clone, 0 for a cold one
 * @param redoLogsPerDisk how many redo logs the snapshot left per disk, as counted on the datastore
 * @param clonedBy who moved the data in the end
 * @param reason why, in words that an administrator understands
 * @param offloadFailure what the array answered if the host had to copy in its place; otherwise
 *     empty
 * @param io all READs and WRITEs that this task issued
 * @param destinationData the READs and WRITEs to the data files of the clone's disks
 * @param elapsed from start to end, snapshot handling included
 * @param explanation the whole of the host's answer to "offloaded? if not, why?"
 */
public record CloneResult(
    VirtualMachine vm,
    boolean sourcePoweredOn,
    QuiescePlan quiescing,
    int snapshotsTaken,
    int redoLogsPerDisk,
    CloneMethod clonedBy,
    String reason,
    Optional<String> offloadFailure,
    IoCounters io,
    IoCounters destinationData,
    Duration elapsed,
    HostExplanation explanation) {}
