/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.clone.CloneRequest;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFault;
import org.facsim.hypervisor.task.MethodFaultException;
import org.facsim.hypervisor.task.Task;
import org.facsim.hypervisor.vm.ChangeTracking;
import org.facsim.hypervisor.vm.ChangeTracking.ChangedAreas;
import org.facsim.hypervisor.vm.DiskRange;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two hosts have registered the same VM, as after a failover, and both do something to it. */
class TwoHostsOnOneVmTest {
  private static final DiskSpec DISK = new DiskSpec(256 << 10, 96 << 10);

  private final Rig one = new Rig();
  private final Rig two = one.beside("esx2");

  @AfterEach
  void close() {
    two.close();
    one.close();
  }

  private VirtualMachine registeredByTwo() {
    return two.operations.register(new RegisterRequest(two.datastore, "vm/vm.vmx")).await();
  }

  private static Optional<MethodFault> ended(Task<?> task) {
    try {
      task.await(java.time.Duration.ofSeconds(20));
    } catch (MethodFaultException e) {
      assertThat(task.info().fault()).contains(e.fault());
    }
    return task.info().fault();
  }

  @Test
  void aHostThatDoesNotGetTheLockLeavesTheChangeTrackingOfTheOtherAlone() {
    VirtualMachine vm = one.running("vm", WINDOWS_7, DISK);
    vm.trackChanges(true);
    String before = vm.disks().get(0).changeTracking().orElseThrow().changeId();
    vm.takeSnapshot("full");
    vm.overwriteGuestData(0, 64 << 10, 4096);
    vm.takeSnapshot("incremental");
    vm.overwriteGuestData(0, 128 << 10, 4096);

    VirtualMachine other = registeredByTwo();
    assertThat(ended(two.operations.powerOn(other)).orElseThrow().type())
        .isEqualTo(FaultType.FILE_LOCKED);

    vm.takeSnapshot("later");
    ChangedAreas changed =
        ChangeTracking.of(one.datastore, vm.snapshots().get(2).disks().get(0).descriptorPath())
            .orElseThrow()
            .query(0, before);
    assertThat(changed.areas()).containsExactly(new DiskRange(64 << 10, 128 << 10));
  }

  private enum Operation {
    SNAPSHOT((rig, vm) -> rig.operations.createSnapshot(vm, SnapshotRequest.named("new"))),
    REVERT((rig, vm) -> rig.operations.revertToSnapshot(vm, 1)),
    REMOVE((rig, vm) -> rig.operations.removeSnapshot(vm, 1, false)),
    REMOVE_ALL((rig, vm) -> rig.operations.removeAllSnapshots(vm)),
    CONSOLIDATE((rig, vm) -> rig.operations.consolidateDisks(vm)),
    CLONE((rig, vm) -> rig.operations.clone(vm, new CloneRequest("copy", rig.datastore))),
    LINKED_CLONE(
        (rig, vm) -> rig.operations.linkedClone(vm, LinkedCloneRequest.named("copy").of(1))),
    RECONFIGURE(
        (rig, vm) -> rig.operations.reconfigure(vm, vm.configuration().withDiskEnableUuid(false))),
    DESTROY((rig, vm) -> rig.operations.destroy(vm));

    @SuppressWarnings("ImmutableEnumChecker")
    private final BiFunction<Rig, VirtualMachine, Task<?>> start;

    Operation(BiFunction<Rig, VirtualMachine, Task<?>> start) {
      this.start = start;
    }
  }

  /** Whoever comes second is refused; it does not matter at which call it comes. */
  @ParameterizedTest
  @EnumSource(Operation.class)
  void nobodyPowersAVmOnWhileAnotherHostChangesIt(Operation operation) {
    VirtualMachine vm = one.running("vm", WINDOWS_7, DISK);
    vm.takeSnapshot("first");
    vm.overwriteGuestData(0, 64 << 10, 4096);
    vm.powerOff();
    one.operations.adopt(vm);
    VirtualMachine other = registeredByTwo();

    List<String> poweredOn = new ArrayList<>();
    AtomicBoolean within = new AtomicBoolean();
    AtomicInteger calls = new AtomicInteger();
    one.files.beforeCall =
        () -> {
          if (one.locks.holds(one.datastore, "vm/vm.vmx") && within.compareAndSet(false, true)) {
            calls.incrementAndGet();
            if (ended(two.operations.powerOn(other)).isEmpty()) {
              poweredOn.add("call " + calls);
              other.powerOff();
            }
            within.set(false);
          }
        };
    Optional<MethodFault> fault = ended(operation.start.apply(one, vm));
    one.files.beforeCall = () -> {};
    assertThat(fault).isEmpty();
    assertThat(calls.get()).as("calls under the lock").isGreaterThan(3);
    assertThat(poweredOn).isEmpty();
    assertThat(one.locks.count(one.datastore)).isZero();
    assertThat(two.locks.count(two.datastore)).isZero();
  }

  @Test
  void aHostReadsAVmAnewThatAnotherHostChanged() {
    VirtualMachine vm = one.running("vm", WINDOWS_7, DISK);
    vm.powerOff();
    one.operations.adopt(vm);
    VirtualMachine other = registeredByTwo();
    one.operations.createSnapshot(vm, SnapshotRequest.named("new")).await();

    two.operations.powerOn(other).await();
    other.overwriteGuestData(0, 0, 4096);
    assertThat(other.disks().get(0).descriptorPath()).isEqualTo("vm/vm-000001.vmdk");
    two.operations.powerOff(other).await();
    two.operations.removeAllSnapshots(other).await();

    one.operations.powerOn(vm).await();
    assertThat(vm.snapshots()).isEmpty();
    assertThat(vm.disks().get(0).descriptorPath()).isEqualTo("vm/vm.vmdk");
    assertThat(vm.disks().get(0).contentsKnown()).isFalse();
  }

  @Test
  void aVmIsRegisteredOnceIfTwoTasksRegisterItAtOnce() {
    one.vm("vm", WINDOWS_7, DISK);
    CyclicBarrier bothHaveLooked = new CyclicBarrier(2);
    ThreadLocal<Boolean> isFirst = ThreadLocal.withInitial(() -> true);
    two.files.beforeCall =
        () -> {
          if (isFirst.get()) {
            isFirst.set(false);
            try {
              bothHaveLooked.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
              throw new IllegalStateException(e);
            }
          }
        };
    RegisterRequest request = new RegisterRequest(two.datastore, "vm/vm.vmx");
    List<Task<?>> tasks =
        List.of(two.operations.register(request), two.operations.register(request));

    List<FaultType> faults =
        tasks.stream().flatMap(task -> ended(task).stream()).map(MethodFault::type).toList();
    two.files.beforeCall = () -> {};
    assertThat(faults).containsExactly(FaultType.ALREADY_EXISTS);
    assertThat(two.operations.inventory()).hasSize(1);
  }
}
