/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.ArrayList;
import java.util.List;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFaultException;
import org.facsim.hypervisor.task.TaskContext;

/**
 * Takes a VM back to a snapshot. Each disk gets a new, empty redo log on the snapshot's state; then
 * the {@code .vmx} and {@code .vmsd} name it. Until that is done, everything can be undone, and is
 * if a step fails. Then the layers go that nobody reads any more.
 */
final class SnapshotRevert {
  private final VirtualMachine vm;

  SnapshotRevert(VirtualMachine vm) {
    this.vm = vm;
  }

  void revertTo(int snapshotId, TaskContext context) {
    Undo undo = new Undo();
    vm.lock.lock();
    try {
      VmState before = vm.state();
      VmSnapshot snapshot =
          before
              .snapshots()
              .find(snapshotId)
              .orElseThrow(
                  () ->
                      new MethodFaultException(
                          FaultType.NOT_FOUND,
                          "%s has no snapshot %d".formatted(before.name(), snapshotId)));
      List<List<DatastoreFile>> oldFiles =
          before.disks().stream().map(VirtualDisk::dataFiles).toList();
      try {
        switchTo(before, snapshot, context, undo);
      } catch (RuntimeException e) {
        if (!undo.run(e)) {
          vm.setState(vm.state().withOrphans(true));
        }
        throw e;
      }
      vm.power.log().line("SnapshotVMX_Revert: uid=%d".formatted(snapshotId));
      followPower(snapshot);
      leave(oldFiles);
    } finally {
      vm.lock.unlock();
    }
  }

  private void switchTo(VmState before, VmSnapshot snapshot, TaskContext context, Undo undo) {
    VmDictionary text = configurationOf(before, snapshot);
    List<DiskLayer> live = new ArrayList<>();
    for (int i = 0; i < before.disks().size(); i++) {
      context.checkCanceled();
      VirtualDisk disk = before.disks().get(i);
      DiskLayer made =
          disk.fork(
              snapshot.disks().get(i).descriptorPath(), vm.redoLogFormat(disk), vm.random(), true);
      undo.add(() -> disk.drop(made));
      live.add(made);
    }
    context.commit();
    undo.add(vm::writeConfiguration);
    for (int i = 0; i < live.size(); i++) {
      VirtualDisk disk = before.disks().get(i);
      DiskState old = disk.save();
      VmSnapshot.Disk state = snapshot.disks().get(i);
      undo.add(() -> disk.switchTo(old.livePath(), old.contents(), old.contentsKnown()));
      if (snapshot.memory()) {
        vm.power.lock(live.get(i).data());
        DiskLayer locked = live.get(i);
        undo.add(() -> vm.power.unlock(locked.data()));
      }
      disk.switchTo(live.get(i).path(), state.contents(), state.contentsKnown());
    }
    vm.changeConfiguration(
        before
            .withText(text)
            .withConfiguration(VmxFile.configuration(text))
            .withSnapshots(before.snapshots().withCurrent(snapshot.id())));
  }

  private VmDictionary configurationOf(VmState before, VmSnapshot snapshot) {
    if (snapshot.disks().size() != before.disks().size()) {
      throw new MethodFaultException(
          FaultType.INVALID_SNAPSHOT_FORMAT,
          "snapshot %d of %s has %d disks, the VM has %d"
              .formatted(
                  snapshot.id(), before.name(), snapshot.disks().size(), before.disks().size()));
    }
    String path = before.path(snapshot.stateFileName());
    try {
      return VmsnFile.configuration(VmOpener.readSmall(before.datastore(), path));
    } catch (IllegalArgumentException e) {
      throw new MethodFaultException(
          FaultType.INVALID_SNAPSHOT_FORMAT, "%s: %s".formatted(path, e.getMessage()), e);
    }
  }

  /** The VM runs afterwards if and only if the snapshot has memory. */
  private void followPower(VmSnapshot snapshot) {
    if (snapshot.memory()) {
      vm.power.on();
    } else {
      vm.power.off();
    }
  }

  /**
   * Gives back the locks of what the VM does not stand on any more, and removes what nobody reads.
   */
  private void leave(List<List<DatastoreFile>> oldFiles) {
    for (int i = 0; i < oldFiles.size(); i++) {
      List<String> kept =
          vm.poweredOn()
              ? vm.disks().get(i).dataFiles().stream().map(DatastoreFile::path).toList()
              : List.of();
      for (DatastoreFile file : oldFiles.get(i)) {
        if (!kept.contains(file.path())) {
          vm.power.unlock(file);
        }
      }
    }
    new DiskConsolidation(vm).dropUnread();
  }
}
