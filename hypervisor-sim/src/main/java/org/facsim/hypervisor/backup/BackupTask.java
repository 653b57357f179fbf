/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.backup;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.IoCounters;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.guest.QuiescePlan;
import org.facsim.hypervisor.guest.QuiescePolicy;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFaultException;
import org.facsim.hypervisor.task.TaskContext;
import org.facsim.hypervisor.vm.ChangeTracking;
import org.facsim.hypervisor.vm.ChangeTracking.ChangedAreas;
import org.facsim.hypervisor.vm.DiskRange;
import org.facsim.hypervisor.vm.FrozenDisk;
import org.facsim.hypervisor.vm.InvalidChangeIdException;
import org.facsim.hypervisor.vm.QuiescedSnapshot;
import org.facsim.hypervisor.vm.VirtualMachine;

/**
 * Backs a VM up as programs do: a snapshot (of the quiesced guest, if it runs), a reader on each
 * disk of it, and the snapshot goes. If changes are tracked and the caller has the change ids of an
 * earlier backup, only what changed since is read. A backup that fails or is canceled leaves no
 * snapshot.
 */
public final class BackupTask {
  private static final String SNAPSHOT = "backup-temp";
  private static final int PIECE_BYTES = 1 << 20;

  private final QuiescePolicy quiescePolicy;
  private final EsxiVersion esxi;
  private final VirtualMachine vm;
  private final BackupRequest request;
  private final TaskContext context;

  /** A task that is not started yet. */
  public BackupTask(
      QuiescePolicy quiescePolicy,
      EsxiVersion esxi,
      VirtualMachine vm,
      BackupRequest request,
      TaskContext context) {
    this.quiescePolicy = quiescePolicy;
    this.esxi = esxi;
    this.vm = vm;
    this.request = request;
    this.context = context;
  }

  /**
   * Makes the backup, once.
   *
   * @throws MethodFaultException NotSupported if the VDDK cannot open a disk, InvalidArgument if a
   *     change id is not one of its disk, RequestCanceled
   */
  public BackupResult run() {
    vm.requireUnlocked();
    if (!request.changeIds().isEmpty() && request.changeIds().size() != vm.disks().size()) {
      throw new MethodFaultException(
          FaultType.INVALID_ARGUMENT,
          "%d change ids; allowed: one for each of %d disks"
              .formatted(request.changeIds().size(), vm.disks().size()));
    }
    IoCounters before = vm.datastore().counters();
    QuiescePlan plan =
        request.quiesce() && vm.poweredOn()
            ? quiescePolicy.plan(vm.guest(), vm.configuration(), vm.disks().size(), esxi)
            : QuiescePlan.notNeeded();
    QuiescedSnapshot snapshot = QuiescedSnapshot.take(vm, SNAPSHOT, plan, context);
    Read read;
    try {
      read = readAll(snapshot.disks());
    } catch (RuntimeException e) {
      try {
        snapshot.remove();
      } catch (DatastoreException | MethodFaultException cleanup) {
        e.addSuppressed(cleanup);
      }
      throw e;
    }
    snapshot.remove();
    return new BackupResult(
        !request.changeIds().isEmpty(),
        plan,
        read.bytes,
        read.changeIds,
        read.disks.stream().map(FrozenDisk::contents).toList(),
        vm.datastore().counters().since(before));
  }

  private record Read(long bytes, List<String> changeIds, List<FrozenDisk> disks) {}

  private Read readAll(List<FrozenDisk> disks) {
    List<VddkReader> readers = new ArrayList<>();
    List<List<DiskRange>> areas = new ArrayList<>();
    List<String> changeIds = new ArrayList<>();
    for (int i = 0; i < disks.size(); i++) {
      readers.add(VddkReader.open(request.version(), disks.get(i)));
      Optional<ChangeTracking> tracking =
          ChangeTracking.of(disks.get(i).datastore(), disks.get(i).descriptorPath());
      tracking.ifPresent(one -> changeIds.add(one.changeId()));
      areas.add(areas(i, readers.get(i), tracking));
    }
    long total = areas.stream().flatMap(List::stream).mapToLong(DiskRange::lengthBytes).sum();
    TransferProgress ofTask = context.transfer(5, 95);
    long done = 0;
    for (int i = 0; i < readers.size(); i++) {
      for (DiskRange area : areas.get(i)) {
        for (long at = area.offsetBytes(); at < area.endBytes(); ) {
          int count = (int) Math.min(PIECE_BYTES, area.endBytes() - at);
          request.sink().accept(i, at, readers.get(i).read(at, count));
          at += count;
          done += count;
          ofTask.transferred(done, total);
          request.progress().transferred(done, total);
        }
      }
    }
    return new Read(done, changeIds.size() == disks.size() ? changeIds : List.of(), disks);
  }

  private List<DiskRange> areas(
      int diskIndex, VddkReader reader, Optional<ChangeTracking> tracking) {
    if (request.changeIds().isEmpty()) {
      return List.of(new DiskRange(0, reader.capacityBytes()));
    }
    if (tracking.isEmpty()) {
      throw new MethodFaultException(
          FaultType.INVALID_ARGUMENT,
          "changes of disk %d of %s are not tracked; allowed: a full backup"
              .formatted(diskIndex, vm.name()));
    }
    List<DiskRange> areas = new ArrayList<>();
    long at = 0;
    while (at < reader.capacityBytes()) {
      ChangedAreas changed = changed(tracking.get(), at, request.changeIds().get(diskIndex));
      areas.addAll(changed.areas());
      at = changed.endBytes();
    }
    return areas;
  }

  private static ChangedAreas changed(ChangeTracking tracking, long atBytes, String changeId) {
    try {
      return tracking.query(atBytes, changeId);
    } catch (InvalidChangeIdException e) {
      throw new MethodFaultException(FaultType.INVALID_ARGUMENT, e.getMessage(), e);
    }
  }
}
