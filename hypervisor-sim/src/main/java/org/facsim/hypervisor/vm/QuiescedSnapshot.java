/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.guest.QuiescePlan;
import org.facsim.hypervisor.task.TaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The temporary snapshot of a hot clone or of a backup.
 *
 * <p>The guest is quiesced, and each disk gets a redo log for what the running VM writes from then
 * on. That freezes the state below, which usually is the quiesced state. If a hardware snapshot
 * provider takes part in the quiescing, VSS and its writers go on writing to the state that is
 * being taken. Those writes need a second redo log, a sibling of the first: both have the frozen
 * disk as their parent, and neither refers to the other. The quiesced state is then parent + second
 * log.
 */
public final class QuiescedSnapshot {
  private static final Logger log = LoggerFactory.getLogger(QuiescedSnapshot.class);

  private final VirtualMachine vm;
  private final VmSnapshot snapshot;
  private final QuiescePlan plan;

  private QuiescedSnapshot(VirtualMachine vm, VmSnapshot snapshot, QuiescePlan plan) {
    this.vm = vm;
    this.snapshot = snapshot;
    this.plan = plan;
  }

  /** Takes the snapshot as planned; if that fails, nothing of it is left. */
  public static QuiescedSnapshot take(
      VirtualMachine vm, String name, QuiescePlan plan, TaskContext context) {
    return new QuiescedSnapshot(
        vm,
        vm.takeSnapshot(new SnapshotSpec(name, "", false, plan, false), notCommitting(context)),
        plan);
  }

  /** The task goes on after the snapshot, and can be canceled then. */
  private static TaskContext notCommitting(TaskContext context) {
    return new TaskContext() {
      @Override
      public void checkCanceled() {
        context.checkCanceled();
      }

      @Override
      public void progressPercent(int percent) {
        context.progressPercent(percent);
      }

      @Override
      public void commit() {
        context.checkCanceled();
      }
    };
  }

  /** The disks of a VM that is powered off, and which are therefore frozen already. */
  public static List<FrozenDisk> powerOffState(VirtualMachine vm) {
    return vm.disks().stream()
        .map(
            disk ->
                FrozenDisk.of(
                    disk,
                    false,
                    new VmSnapshot.Disk(
                        disk.descriptorPath(), disk.contents(), disk.contentsKnown())))
        .toList();
  }

  public VmSnapshot snapshot() {
    return snapshot;
  }

  public List<FrozenDisk> disks() {
    List<FrozenDisk> disks = new ArrayList<>();
    for (int i = 0; i < snapshot.disks().size(); i++) {
      VmSnapshot.Disk state = snapshot.disks().get(i);
      disks.add(FrozenDisk.of(vm.disks().get(i), plan.leavesSiblingRedoLogs(), state));
    }
    return disks;
  }

  /**
   * Consolidates and deletes the redo logs. If that fails, it is tried once more, because a
   * snapshot that is left makes the VM slower with every write.
   */
  public void remove() {
    try {
      vm.removeSnapshots(Set.of(snapshot.id()), TaskContext.NONE);
    } catch (DatastoreException e) {
      log.info("{}: {} is removed once more: {}", vm.name(), snapshot.name(), e.getMessage());
      if (vm.snapshots().stream().anyMatch(each -> each.id() == snapshot.id())) {
        vm.removeSnapshots(Set.of(snapshot.id()), TaskContext.NONE);
      } else {
        vm.consolidate(TaskContext.NONE);
      }
    }
  }
}
