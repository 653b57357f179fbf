/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.facsim.hypervisor.clone.CloneSituation.Operation;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.IoCounters;
import org.facsim.hypervisor.datastore.OffloadException;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.guest.QuiescePlan;
import org.facsim.hypervisor.mover.SoftwareDataMover;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFaultException;
import org.facsim.hypervisor.task.TaskContext;
import org.facsim.hypervisor.vm.QuiescedSnapshot;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmRelocation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves a VM with its snapshots to another datastore. Whole files go to the array if the policy
 * says so; redo logs are copied by the host, file by file. If the VM runs, the guest writes on
 * meanwhile: what it changed is copied again, until so little is left that the guest waits for the
 * rest. Then the VM has its new files, and the old ones are deleted.
 *
 * <p>A move that fails or is canceled leaves nothing at the destination, and the VM as it was.
 */
public final class RelocateVmTask {
  private static final Logger log = LoggerFactory.getLogger(RelocateVmTask.class);

  /** What the guest may wait for at the end: a fraction of a second on 1 Gbit/s. */
  private static final long SWITCH_BYTES = 16 << 20;

  /** A guest that writes faster than the host copies waits for all of the rest. */
  private static final int MAX_PASSES = 8;

  private final ClonePolicies policies;
  private final Clock clock;
  private final VirtualMachine vm;
  private final RelocateRequest request;
  private final TaskContext context;
  private final Datastore destination;

  private CloneMethod movedBy;
  private String reason;
  private String offloadFailure;

  /**
   * A task that is not started yet.
   *
   * @param context of the task that runs it: is told how far it is, and may cancel it
   */
  public RelocateVmTask(
      ClonePolicies policies,
      Clock clock,
      VirtualMachine vm,
      RelocateRequest request,
      TaskContext context) {
    this.policies = policies;
    this.clock = clock;
    this.vm = vm;
    this.request = request;
    this.context = context;
    this.destination = request.destination();
  }

  /**
   * Moves the VM, once.
   *
   * @throws MethodFaultException ResourceInUse, RequestCanceled
   */
  public RelocateResult run() {
    Datastore source = vm.datastore();
    if (destination == source) {
      throw new MethodFaultException(
          FaultType.INVALID_ARGUMENT,
          "%s is on %s already; allowed: another datastore".formatted(vm.name(), source.name()));
    }
    vm.requireUnlocked();
    context.checkCanceled();
    Instant start = clock.instant();
    IoCounters before = source.counters().plus(destination.counters());
    boolean hot = vm.poweredOn();
    CloneSituation situation = situation(hot);
    CloneDecision decision = policies.cloneOffloadPolicy().decide(situation);
    movedBy = decision.method();
    reason = decision.reason();
    int passes = move(hot);
    return new RelocateResult(
        vm,
        hot,
        movedBy,
        reason,
        Optional.ofNullable(offloadFailure),
        passes,
        source.counters().plus(destination.counters()).since(before),
        Duration.between(start, clock.instant()),
        explanation(start, situation, decision));
  }

  private HostExplanation explanation(
      Instant decidedAt, CloneSituation situation, CloneDecision decision) {
    List<String> files = vm.disks().stream().map(disk -> disk.flatPath()).toList();
    IoCounters data = IoCounters.ZERO;
    for (String file : files) {
      data = data.plus(destination.counters(file));
    }
    return new HostExplanation(
        policies.hostName(),
        "RelocateVM_Task",
        vm.name(),
        vm.guest().displayName(),
        decidedAt,
        situation,
        decision,
        movedBy,
        Optional.ofNullable(offloadFailure),
        destination.exportPath(),
        files,
        data);
  }

  private CloneSituation situation(boolean hot) {
    return new CloneSituation(
        Operation.MIGRATE,
        hot,
        QuiescePlan.notNeeded(),
        QuiescedSnapshot.powerOffState(vm).stream().map(each -> each.leftoverRedoLogs()).toList(),
        Placement.of(vm.datastore(), destination),
        destination.hardwareAcceleration(),
        policies.offloadPoweredOffOnly());
  }

  private int move(boolean hot) {
    VmRelocation relocation = VmRelocation.start(vm, destination);
    try {
      TransferProgress progress = progress();
      moveWholeFiles(relocation, progress);
      context.checkCanceled();
      relocation.copyFrozenFiles(context);
      int passes = 0;
      while (hot && passes < MAX_PASSES && relocation.dirtyBytes() > SWITCH_BYTES) {
        relocation.copyDirty(context);
        passes++;
      }
      relocation.switchOver(context);
      return passes + (hot ? 1 : 0);
    } catch (RuntimeException e) {
      relocation.abandon(e);
      throw e;
    }
  }

  private TransferProgress progress() {
    TransferProgress ofTask = context.transfer(5, 90);
    TransferProgress both =
        (doneBytes, totalBytes) -> {
          ofTask.transferred(doneBytes, totalBytes);
          request.progress().transferred(doneBytes, totalBytes);
        };
    return both.neverBackwards();
  }

  private void moveWholeFiles(VmRelocation relocation, TransferProgress progress) {
    List<VmRelocation.WholeFile> files = relocation.wholeFiles();
    long total = files.stream().mapToLong(VmRelocation.WholeFile::sizeBytes).sum();
    long before = 0;
    for (VmRelocation.WholeFile file : files) {
      TransferProgress part = progress.part(before, total);
      if (movedBy != CloneMethod.ARRAY_OFFLOAD || !offload(file, part)) {
        new SoftwareDataMover().copy(file.chain(), file.destination(), part);
      }
      before += file.sizeBytes();
      progress.transferred(before, total);
    }
  }

  /** Has the array clone one file. Returns false if it did not; the host then copies the rest. */
  private boolean offload(VmRelocation.WholeFile file, TransferProgress progress) {
    try {
      destination.offloadClone(vm.datastore(), file.source(), file.destination(), progress);
      return true;
    } catch (OffloadException e) {
      log.info("move of {} falls back to the data mover: {}", file.source().path(), e.getMessage());
      offloadFailure = e.getMessage();
      movedBy = CloneMethod.HOST_COPY;
      reason = "the array failed the clone (%s): copied by the host".formatted(e.getMessage());
      file.empty();
      return false;
    }
  }
}
