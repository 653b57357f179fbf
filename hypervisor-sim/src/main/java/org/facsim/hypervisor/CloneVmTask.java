/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.facsim.hypervisor.CloneSituation.Operation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clones a VM as a host does: quiesce and snapshot if it runs, decide, make the destination's
 * files, move the data, remove the snapshot.
 *
 * <p>The destination's data files exist at their full size before the array is asked to fill them.
 * If it does not, for whatever reason, the host copies instead and the task succeeds all the same:
 * only the result, and the WRITEs on the wire, tell. A task that fails leaves no destination; a
 * progress callback that throws cancels it.
 */
final class CloneVmTask {
  private static final Logger log = LoggerFactory.getLogger(CloneVmTask.class);

  private final HostOptions options;
  private final VirtualMachine source;
  private final CloneRequest request;
  private final Datastore destination;

  private CloneMethod movedBy;
  private String reason;
  private String offloadFailure;

  CloneVmTask(HostOptions options, VirtualMachine source, CloneRequest request) {
    this.options = options;
    this.source = source;
    this.request = request;
    this.destination = request.destination();
  }

  CloneResult run() {
    Instant start = options.clock().instant();
    IoCounters ioBefore = ioSoFar();
    IoCounters dataBefore = destinationDataSoFar();
    boolean hot = source.poweredOn();
    QuiescePlan plan =
        hot
            ? options
                .quiescePolicy()
                .plan(
                    source.guest(),
                    source.configuration(),
                    source.disks().size(),
                    options.version())
            : QuiescePlan.notNeeded();
    Optional<QuiescedSnapshot> snapshot =
        hot ? Optional.of(QuiescedSnapshot.take(source, plan)) : Optional.empty();
    VirtualMachine made = cloneAndRemove(snapshot, plan);
    return new CloneResult(
        made,
        hot,
        plan,
        hot ? 1 : 0,
        plan.redoLogsPerDisk(),
        movedBy,
        reason,
        Optional.ofNullable(offloadFailure),
        ioSoFar().since(ioBefore),
        destinationDataSoFar().since(dataBefore),
        Duration.between(start, options.clock().instant()));
  }

  private VirtualMachine cloneAndRemove(Optional<QuiescedSnapshot> snapshot, QuiescePlan plan) {
    VirtualMachine made;
    try {
      made =
          makeClone(
              snapshot
                  .map(QuiescedSnapshot::disks)
                  .orElseGet(() -> QuiescedSnapshot.powerOffState(source)),
              plan);
    } catch (RuntimeException e) {
      try {
        snapshot.ifPresent(QuiescedSnapshot::remove);
      } catch (DatastoreException cleanup) {
        e.addSuppressed(cleanup);
      }
      throw e;
    }
    snapshot.ifPresent(QuiescedSnapshot::remove);
    return made;
  }

  private VirtualMachine makeClone(List<FrozenDisk> frozen, QuiescePlan plan) {
    CloneDecision decision = options.cloneOffloadPolicy().decide(situation(frozen, plan));
    movedBy = decision.method();
    reason = decision.reason();
    destination.makeDirectory(request.name());
    try {
      List<VirtualDisk> disks = new ArrayList<>();
      for (int i = 0; i < frozen.size(); i++) {
        disks.add(
            VirtualDisk.create(
                destination,
                request.name(),
                VirtualMachine.diskStem(request.name(), i),
                source.diskFormat(i),
                frozen.get(i).contents(),
                source.random()));
      }
      moveData(frozen, disks);
      return source.cloneOver(destination, request.name(), disks);
    } catch (RuntimeException e) {
      destination.removeTree(request.name(), e);
      throw e;
    }
  }

  private CloneSituation situation(List<FrozenDisk> frozen, QuiescePlan plan) {
    return new CloneSituation(
        Operation.CLONE,
        source.poweredOn(),
        plan,
        frozen.stream().map(FrozenDisk::leftoverRedoLogs).toList(),
        Placement.of(source.datastore(), destination),
        destination.hardwareAcceleration(),
        options.offloadPoweredOffOnly());
  }

  private void moveData(List<FrozenDisk> frozen, List<VirtualDisk> disks) {
    long total = disks.stream().mapToLong(VirtualDisk::provisionedBytes).sum();
    TransferProgress progress = request.progress().neverBackwards();
    long before = 0;
    for (int i = 0; i < disks.size(); i++) {
      TransferProgress part = progress.part(before, total);
      if (movedBy != CloneMethod.ARRAY_OFFLOAD || !offload(frozen.get(i), disks.get(i), part)) {
        new SoftwareDataMover()
            .copy(
                DiskChain.open(source.datastore(), frozen.get(i).descriptorPath()),
                disks.get(i).flat(),
                part);
      }
      before += disks.get(i).provisionedBytes();
      progress.transferred(before, total);
    }
  }

  /** Has the array clone one base disk; false if it did not, and then the host copies the rest. */
  private boolean offload(FrozenDisk frozen, VirtualDisk disk, TransferProgress progress) {
    try {
      destination
          .offload()
          .cloneFile(source.datastore(), frozen.disk().flat(), disk.flat(), progress);
      return true;
    } catch (OffloadException e) {
      log.info("clone of {} falls back to the data mover: {}", disk.flatPath(), e.getMessage());
      offloadFailure = e.getMessage();
      movedBy = CloneMethod.HOST_COPY;
      reason = "the array failed the clone (%s): copied by the host".formatted(e.getMessage());
      disk.emptyFlat();
      return false;
    }
  }

  private IoCounters ioSoFar() {
    IoCounters counters = source.datastore().counters();
    return destination == source.datastore() ? counters : counters.plus(destination.counters());
  }

  private IoCounters destinationDataSoFar() {
    IoCounters sum = IoCounters.ZERO;
    for (int i = 0; i < source.disks().size(); i++) {
      String stem = VirtualMachine.diskStem(request.name(), i);
      sum =
          sum.plus(
              destination.counters(DiskChain.join(request.name(), VirtualDisk.flatName(stem))));
    }
    return sum;
  }
}
