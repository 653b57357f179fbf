/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.ArrayList;
import java.util.List;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.guest.QuiescePlan;
import org.facsim.hypervisor.guest.VssWriters;
import org.facsim.hypervisor.guest.WriteRun;
import org.facsim.hypervisor.vm.VirtualDisk.FrozenSibling;

/**
 * The temporary snapshot of a hot clone.
 *
 * <p>The guest is quiesced, and each disk gets a redo log for what the running VM writes from then
 * on. That freezes the state below, which usually is the quiesced state. If a hardware snapshot
 * provider takes part in the quiescing, VSS and its writers go on writing to the state that is
 * being taken. Those writes need a second redo log, a sibling of the first: both have the frozen
 * disk as their parent, and neither refers to the other. The quiesced state is then parent + second
 * log.
 */
public final class QuiescedSnapshot {
  private static final String NAME = "clone-temp";

  private final VirtualMachine vm;
  private final List<FrozenDisk> disks = new ArrayList<>();
  private final List<Sibling> siblings = new ArrayList<>();

  private QuiescedSnapshot(VirtualMachine vm) {
    this.vm = vm;
  }

  /** The second redo log that quiescing left on a disk. */
  private record Sibling(VirtualDisk disk, FrozenSibling log) {}

  /** Takes the snapshot as planned; if that fails, nothing of it is left. */
  public static QuiescedSnapshot take(VirtualMachine vm, QuiescePlan plan) {
    int snapshotsBefore = vm.snapshotCount();
    QuiescedSnapshot snapshot = new QuiescedSnapshot(vm);
    try {
      vm.takeSnapshot(NAME);
      int generation = plan.leavesSiblingRedoLogs() ? vm.nextGeneration() : 0;
      for (VirtualDisk disk : vm.disks()) {
        snapshot.disks.add(
            plan.leavesSiblingRedoLogs()
                ? snapshot.quiesceThroughProvider(disk, generation)
                : frozenAsIs(vm, disk));
      }
      return snapshot;
    } catch (DatastoreException e) {
      try {
        snapshot.removeSiblings();
        if (vm.snapshotCount() > snapshotsBefore) {
          vm.removeNewestSnapshot();
        }
      } catch (DatastoreException cleanup) {
        e.addSuppressed(cleanup);
      }
      throw e;
    }
  }

  private FrozenDisk quiesceThroughProvider(VirtualDisk disk, int generation) {
    FrozenSibling sibling = disk.createSibling(vm.random());
    List<WriteRun> writes = VssWriters.writes(disk.contents(), generation);
    DiskContents quiesced = disk.contents();
    for (WriteRun write : writes) {
      quiesced = quiesced.with(write);
    }
    siblings.add(new Sibling(disk, sibling));
    GuestWriter.writeToRedoLog(sibling.log(), quiesced, writes, TransferProgress.NONE);
    return new FrozenDisk(disk, sibling.descriptorPath(), disk.redoLogCount() - 1, quiesced);
  }

  private static FrozenDisk frozenAsIs(VirtualMachine vm, VirtualDisk disk) {
    return new FrozenDisk(
        disk,
        Datastore.join(vm.directory(), disk.frozenDescriptorName()),
        disk.redoLogCount() - 1,
        disk.contents());
  }

  /** The disks of a VM that is powered off, and which are therefore frozen already. */
  public static List<FrozenDisk> powerOffState(VirtualMachine vm) {
    return vm.disks().stream()
        .map(
            disk ->
                new FrozenDisk(disk, disk.descriptorPath(), disk.redoLogCount(), disk.contents()))
        .toList();
  }

  public List<FrozenDisk> disks() {
    return List.copyOf(disks);
  }

  /** Consolidates and deletes the redo logs. */
  public void remove() {
    removeSiblings();
    vm.removeNewestSnapshot();
  }

  private void removeSiblings() {
    for (Sibling sibling : siblings) {
      sibling.disk().removeSibling(sibling.log());
    }
    siblings.clear();
  }
}
