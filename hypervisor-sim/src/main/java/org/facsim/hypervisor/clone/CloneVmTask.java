/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.facsim.hypervisor.clone.CloneSituation.Operation;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.IoCounters;
import org.facsim.hypervisor.datastore.OffloadException;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.guest.QuiescePlan;
import org.facsim.hypervisor.mover.SoftwareDataMover;
import org.facsim.hypervisor.task.TaskContext;
import org.facsim.hypervisor.vm.DiskChain;
import org.facsim.hypervisor.vm.FrozenDisk;
import org.facsim.hypervisor.vm.QuiescedSnapshot;
import org.facsim.hypervisor.vm.VirtualDisk;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clones a VM as a host does. If the VM runs, the task quiesces it and takes a snapshot. It then
 * decides who copies, makes the destination's files, has the data moved and removes the snapshot.
 *
 * <p>The destination's data files exist at their full size before the array is asked to fill them.
 * If the array does not fill them, for whatever reason, the host copies instead and the task
 * succeeds all the same. Only the result and the WRITEs on the wire show the difference. A task
 * that fails leaves no destination. A progress callback that throws cancels the task.
 */
public final class CloneVmTask {
  private static final Logger log = LoggerFactory.getLogger(CloneVmTask.class);

  private static final String TEMPORARY_SNAPSHOT = "clone-temp-1";

  private final ClonePolicies policies;
  private final Clock clock;
  private final VirtualMachine source;
  private final CloneRequest request;
  private final Datastore destination;
  private final TaskContext context;

  private IoCounters dataBefore;
  private CloneMethod movedBy;
  private String reason;
  private String offloadFailure;
  private CloneSituation situation;
  private CloneDecision decision;
  private Instant decidedAt;

  /**
   * A task that is not started yet.
   *
   * @param policies what decides how the host clones
   * @param clock measures how long it takes
   */
  public CloneVmTask(
      ClonePolicies policies, Clock clock, VirtualMachine source, CloneRequest request) {
    this(policies, clock, source, request, TaskContext.NONE);
  }

  /**
   * The same.
   *
   * @param context of the task that runs it: is told how far it is, and may cancel it
   */
  public CloneVmTask(
      ClonePolicies policies,
      Clock clock,
      VirtualMachine source,
      CloneRequest request,
      TaskContext context) {
    this.context = context;
    this.policies = policies;
    this.clock = clock;
    this.source = source;
    this.request = request;
    this.destination = request.destination();
  }

  /**
   * Makes the clone, once.
   *
   * @throws DatastoreException if the clone failed; nothing of it is left behind
   */
  public CloneResult run() {
    Instant start = clock.instant();
    IoCounters ioBefore = ioSoFar();
    boolean hot = source.poweredOn();
    QuiescePlan plan =
        hot
            ? policies
                .quiescePolicy()
                .plan(
                    source.guest(),
                    source.configuration(),
                    source.disks().size(),
                    policies.version())
            : QuiescePlan.notNeeded();
    Optional<QuiescedSnapshot> snapshot =
        hot
            ? Optional.of(QuiescedSnapshot.take(source, TEMPORARY_SNAPSHOT, plan, context))
            : Optional.empty();
    VirtualMachine made = cloneAndRemove(snapshot, plan);
    IoCounters destinationData = dataSoFar(made.disks()).since(dataBefore);
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
        destinationData,
        Duration.between(start, clock.instant()),
        explanation(made, destinationData));
  }

  private HostExplanation explanation(VirtualMachine made, IoCounters destinationData) {
    return new HostExplanation(
        policies.hostName(),
        "CloneVM_Task",
        source.name(),
        source.guest().displayName(),
        decidedAt,
        situation,
        decision,
        movedBy,
        Optional.ofNullable(offloadFailure),
        destination.exportPath(),
        made.disks().stream().map(VirtualDisk::flatPath).toList(),
        destinationData);
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
    try {
      snapshot.ifPresent(QuiescedSnapshot::remove);
    } catch (RuntimeException e) {
      destination.removeTree(request.name(), e);
      throw e;
    }
    return made;
  }

  private VirtualMachine makeClone(List<FrozenDisk> frozen, QuiescePlan plan) {
    situation = situation(frozen, plan);
    decidedAt = clock.instant();
    decision = policies.cloneOffloadPolicy().decide(situation);
    movedBy = decision.method();
    reason = decision.reason();
    destination.makeDirectory(request.name());
    try {
      List<VirtualDisk> disks = new ArrayList<>();
      for (int i = 0; i < frozen.size(); i++) {
        disks.add(source.createCloneDisk(destination, request.name(), i, frozen.get(i)));
      }
      dataBefore = dataSoFar(disks);
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
        policies.offloadPoweredOffOnly());
  }

  private void moveData(List<FrozenDisk> frozen, List<VirtualDisk> disks) {
    long total = disks.stream().mapToLong(VirtualDisk::provisionedBytes).sum();
    TransferProgress ofTask = context.transfer(5, 95);
    TransferProgress progress =
        ((TransferProgress)
                (doneBytes, totalBytes) -> {
                  ofTask.transferred(doneBytes, totalBytes);
                  request.progress().transferred(doneBytes, totalBytes);
                })
            .neverBackwards();
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

  /**
   * Has the array clone one base disk. Returns false if it did not; the host then copies the rest.
   */
  private boolean offload(FrozenDisk frozen, VirtualDisk disk, TransferProgress progress) {
    try {
      destination.offloadClone(source.datastore(), frozen.flat(), disk.flat(), progress);
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

  /** Includes what was moved earlier to files of the same names, if there were any. */
  private IoCounters dataSoFar(List<VirtualDisk> disks) {
    IoCounters sum = IoCounters.ZERO;
    for (VirtualDisk disk : disks) {
      sum = sum.plus(destination.counters(disk.flatPath()));
    }
    return sum;
  }
}
