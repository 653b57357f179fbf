/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.OffloadException;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.guest.QuiesceLevel;
import org.facsim.hypervisor.guest.VssWriters;
import org.facsim.hypervisor.guest.WriteRun;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFaultException;
import org.facsim.hypervisor.task.TaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes and removes snapshots of a VM.
 *
 * <p><b>Taking.</b> The state file is written, each disk gets a new layer for what the guest writes
 * from then on, and the {@code .vmx} and {@code .vmsd} name them. Until that is done, everything
 * can be undone, and is if a step fails. If a hardware snapshot provider takes part in the
 * quiescing, each disk gets a second redo log on the same parent: VSS and its writers go on writing
 * to the state that is being taken, and that second log is the snapshot's state.
 *
 * <p><b>Removing.</b> The snapshot disappears from the {@code .vmsd}; until then, everything can be
 * undone. Then {@link DiskConsolidation} merges what no snapshot needs. If that fails, the VM reads
 * what it read before, and needs consolidation, as on a real host.
 */
final class SnapshotWork {
  private static final Logger log = LoggerFactory.getLogger(SnapshotWork.class);

  private final VirtualMachine vm;

  SnapshotWork(VirtualMachine vm) {
    this.vm = vm;
  }

  VmSnapshot take(SnapshotSpec spec, TaskContext context) {
    Undo undo = new Undo();
    vm.lock.lock();
    try {
      return takeLocked(spec, context, undo);
    } catch (RuntimeException e) {
      if (!undo.run(e)) {
        vm.setState(vm.state().withOrphans(true));
      }
      throw e;
    } finally {
      vm.lock.unlock();
    }
  }

  private VmSnapshot takeLocked(SnapshotSpec spec, TaskContext context, Undo undo) {
    VmState before = vm.state();
    boolean memory = spec.memory() && before.poweredOn();
    requireRoom(before);
    context.checkCanceled();
    int id = before.snapshots().lastId() + 1;
    String stateFile = writeStateFiles(before, id, memory, undo);
    List<VmSnapshot.Disk> frozen = new ArrayList<>();
    List<DiskLayer> live = new ArrayList<>();
    int generation = spec.quiescing().leavesSiblingRedoLogs() ? vm.nextGeneration() : 0;
    for (VirtualDisk disk : before.disks()) {
      context.checkCanceled();
      live.add(addLive(disk, spec, undo));
      frozen.add(
          spec.quiescing().leavesSiblingRedoLogs()
              ? quiesceThroughProvider(disk, generation, undo)
              : new VmSnapshot.Disk(disk.descriptorPath(), disk.contents(), disk.contentsKnown()));
    }
    VmSnapshot taken =
        new VmSnapshot(
            id,
            before.snapshots().currentId(),
            spec.name(),
            spec.description(),
            vm.host.clock().instant(),
            memory,
            Optional.of(spec.quiescing().level() != QuiesceLevel.NONE),
            stateFile,
            frozen);
    context.commit();
    undo.add(vm::writeConfiguration);
    List<DatastoreFile> locked =
        before.disks().stream().flatMap(disk -> disk.dataFiles().stream()).toList();
    switchTo(before, live, undo);
    vm.changeConfiguration(before.withSnapshots(before.snapshots().with(taken)));
    giveBack(locked);
    vm.power.log().line("SnapshotVMX_TakeSnapshot: '%s' uid=%d".formatted(spec.name(), id));
    return taken;
  }

  /** The live state of a native snapshot does not stand on the file that was live before. */
  private void giveBack(List<DatastoreFile> locked) {
    Set<String> needed = new HashSet<>();
    vm.disks().forEach(disk -> disk.dataFiles().forEach(file -> needed.add(file.path())));
    if (vm.poweredOn()) {
      locked.stream().filter(file -> !needed.contains(file.path())).forEach(vm.power::unlock);
    }
  }

  private static void requireRoom(VmState vm) {
    if (vm.snapshots().snapshots().size() >= VmsdFile.MAX_SNAPSHOTS) {
      throw new MethodFaultException(
          FaultType.TOO_MANY_SNAPSHOT_LEVELS,
          "%s has %d snapshots; allowed: as many at most"
              .formatted(vm.name(), VmsdFile.MAX_SNAPSHOTS));
    }
    for (VirtualDisk disk : vm.disks()) {
      if (disk.redoLogCount() >= DiskChain.MAX_REDO_LOGS) {
        throw new MethodFaultException(
            FaultType.TOO_MANY_SNAPSHOT_LEVELS,
            "%s has %d redo logs; allowed: as many at most"
                .formatted(disk.descriptorPath(), DiskChain.MAX_REDO_LOGS));
      }
    }
  }

  private String writeStateFiles(VmState before, int id, boolean memory, Undo undo) {
    String stem = "%s-Snapshot%d".formatted(before.stem(), id);
    String statePath = before.path(stem + ".vmsn");
    undo.add(() -> removeIfThere(before, statePath));
    VmFiles.createOrOpen(before.datastore(), statePath)
        .writeStable(0, VmsnFile.encode(VmFiles.vmx(before)));
    if (memory) {
      String memoryPath = before.path(stem + ".vmem");
      undo.add(() -> removeIfThere(before, memoryPath));
      VmFiles.createOrOpen(before.datastore(), memoryPath)
          .setSizeBytes((long) before.text().number("memSize").orElse(VmxFile.MEMORY_MIB) << 20);
    }
    return stem + ".vmsn";
  }

  private static void removeIfThere(VmState vm, String path) {
    DatastoreException failure =
        new DatastoreException(
            org.facsim.hypervisor.datastore.DatastoreError.FILE_ERROR, path + " stays");
    VmFiles.removeQuietly(vm.datastore(), path, failure);
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
  }

  private DiskLayer addLive(VirtualDisk disk, SnapshotSpec spec, Undo undo) {
    DiskLayer layer = null;
    if (spec.allowNative()
        && !spec.quiescing().leavesSiblingRedoLogs()
        && disk.live().isWhole()
        && vm.datastore().hardwareAcceleration().fastFileClone()) {
      try {
        layer = disk.forkNatively(disk.descriptorPath(), vm.random());
      } catch (OffloadException e) {
        log.info("{}: a redo log in place of a native snapshot: {}", vm.name(), e.getMessage());
      }
    }
    if (layer == null) {
      layer = disk.fork(disk.descriptorPath(), vm.redoLogFormat(disk), vm.random(), false);
    }
    DiskLayer made = layer;
    undo.add(() -> disk.drop(made));
    vm.power.lock(made.data());
    undo.add(() -> vm.power.unlock(made.data()));
    return made;
  }

  private VmSnapshot.Disk quiesceThroughProvider(VirtualDisk disk, int generation, Undo undo) {
    DiskLayer sibling =
        disk.fork(disk.descriptorPath(), vm.redoLogFormat(disk), vm.random(), false);
    undo.add(() -> disk.drop(sibling));
    List<WriteRun> writes = VssWriters.writes(disk.contents(), generation);
    DiskContents quiesced = disk.contents();
    for (WriteRun write : writes) {
      quiesced = quiesced.with(write);
    }
    disk.writeBeside(sibling, quiesced, writes);
    return new VmSnapshot.Disk(sibling.path(), quiesced, disk.contentsKnown());
  }

  private static void switchTo(VmState before, List<DiskLayer> live, Undo undo) {
    for (int i = 0; i < live.size(); i++) {
      VirtualDisk disk = before.disks().get(i);
      String old = disk.descriptorPath();
      undo.add(() -> disk.switchTo(old));
      disk.switchTo(live.get(i).path());
    }
  }

  void remove(Set<Integer> ids, TaskContext context) {
    vm.lock.lock();
    try {
      VmState before = vm.state();
      List<VmSnapshot> removed = new ArrayList<>();
      for (int id : ids) {
        removed.add(
            before
                .snapshots()
                .find(id)
                .orElseThrow(
                    () ->
                        new MethodFaultException(
                            FaultType.NOT_FOUND,
                            "%s has no snapshot %d".formatted(before.name(), id))));
      }
      context.commit();
      vm.changeConfiguration(
          before.withSnapshots(before.snapshots().without(ids)).withOrphans(true));
      boolean left = false;
      for (VmSnapshot snapshot : removed) {
        left |= !removeStateFiles(before, snapshot);
      }
      vm.setState(vm.state().withOrphans(left || before.orphans()));
      new DiskConsolidation(vm).merge(context);
      vm.power.log().line("SnapshotVMX_Consolidate: %d snapshots removed".formatted(ids.size()));
    } finally {
      vm.lock.unlock();
    }
  }

  private static boolean removeStateFiles(VmState vm, VmSnapshot snapshot) {
    if (!snapshot.stateFileName().endsWith(".vmsn")) {
      return true;
    }
    String state = vm.path(snapshot.stateFileName());
    Exception failure = new Exception();
    VmFiles.removeQuietly(vm.datastore(), state, failure);
    if (snapshot.memory()) {
      VmFiles.removeQuietly(
          vm.datastore(), state.substring(0, state.length() - "vmsn".length()) + "vmem", failure);
    }
    return failure.getSuppressed().length == 0;
  }
}
