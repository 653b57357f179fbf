/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.backup.BackupRequest;
import org.facsim.hypervisor.backup.BackupSink;
import org.facsim.hypervisor.backup.VddkVersion;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.mover.DiskVerifier;
import org.facsim.hypervisor.task.MethodFault;
import org.facsim.hypervisor.task.MethodFaultException;
import org.facsim.hypervisor.task.Task;
import org.facsim.hypervisor.task.TaskContext;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VirtualDisk;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * As {@link RefusedCallTest}, for what is done to a VM without snapshots: the array refuses the
 * first call, then the second, and so on. The VM is as before, and the same can be done again.
 */
class RefusedDiskCallTest {
  private static final DiskSpec DISK = new DiskSpec(256 << 10, 96 << 10);
  private static final long GROWN = 512 << 10;
  private static final int TOO_MANY = 500;

  private enum Operation {
    EXTEND(true, true, (rig, vm) -> rig.operations.extendDisk(vm, 0, GROWN)),
    EXTEND_UNTRACKED(true, false, (rig, vm) -> rig.operations.extendDisk(vm, 0, GROWN)),
    TRACK(true, false, (rig, vm) -> rig.operations.trackChanges(vm, true)),
    UNTRACK(true, true, (rig, vm) -> rig.operations.trackChanges(vm, false)),
    INFLATE(false, false, (rig, vm) -> rig.operations.inflateDisk(vm, 0)),
    POWER_ON(false, true, (rig, vm) -> rig.operations.powerOn(vm)),
    MARK_AS_TEMPLATE(false, false, (rig, vm) -> rig.operations.markAsTemplate(vm)),
    BACKUP(
        true,
        true,
        (rig, vm) ->
            rig.operations.backup(vm, BackupRequest.full(VddkVersion.V1_2, BackupSink.NONE)));

    private final boolean on;
    private final boolean tracked;

    @SuppressWarnings("ImmutableEnumChecker")
    private final BiFunction<Rig, VirtualMachine, Task<?>> start;

    Operation(boolean on, boolean tracked, BiFunction<Rig, VirtualMachine, Task<?>> start) {
      this.on = on;
      this.tracked = tracked;
      this.start = start;
    }
  }

  /** What an administrator sees. */
  private record Seen(
      List<Long> capacities,
      List<Boolean> tracked,
      boolean on,
      String configurationPath,
      List<String> files) {
    static Seen of(VirtualMachine vm) {
      return new Seen(
          vm.disks().stream().map(VirtualDisk::provisionedBytes).toList(),
          vm.disks().stream().map(disk -> disk.changeTracking().isPresent()).toList(),
          vm.poweredOn(),
          vm.configurationPath(),
          vm.files().stream().sorted().toList());
    }
  }

  private static VirtualMachine vmFor(Rig rig, Operation operation) {
    VirtualMachine vm = rig.running("vm", WINDOWS_7, DISK, DISK);
    if (operation.tracked) {
      vm.trackChanges(true);
    }
    vm.overwriteGuestData(1, 4096, 8192);
    if (!operation.on) {
      vm.powerOff();
    }
    rig.operations.adopt(vm);
    return vm;
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void aRefusedCallLeavesTheVmAsItWas(Operation operation) {
    int n = 1;
    boolean refused = true;
    while (refused) {
      assertThat(n).isLessThan(TOO_MANY);
      try (Rig rig = new Rig()) {
        refused = refuse(rig, operation, n);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("%s, call %d: %s".formatted(operation, n, e.getMessage()), e);
      }
      n++;
    }
    assertThat(n).as("calls of %s", operation).isGreaterThan(5);
  }

  private static boolean refuse(Rig rig, Operation operation, int n) {
    VirtualMachine vm = vmFor(rig, operation);
    Seen before = Seen.of(vm);
    AtomicInteger calls = new AtomicInteger();
    rig.files.beforeCall =
        () -> {
          if (calls.incrementAndGet() == n) {
            throw new DatastoreException(DatastoreError.DISK_FULL, "NFS3ERR_NOSPC");
          }
        };
    Optional<MethodFault> fault = ended(operation.start.apply(rig, vm));
    rig.files.beforeCall = () -> {};
    boolean refused = calls.get() >= n;
    assertSound(rig, vm);
    if (fault.isPresent()) {
      assertThat(fault.get().message()).contains("NFS3ERR_NOSPC");
      vm.consolidate(TaskContext.NONE);
      assertThat(Seen.of(vm)).isEqualTo(before);
      assertThat(ended(operation.start.apply(rig, vm))).as("made again").isEmpty();
      assertSound(rig, vm);
    }
    if (vm.poweredOn()) {
      vm.overwriteGuestData(0, 8192, 4096);
      vm.powerOff();
    }
    assertThat(rig.locks.count(rig.datastore)).isZero();
    assertSound(rig, vm);
    return refused;
  }

  private static void assertSound(Rig rig, VirtualMachine vm) {
    DiskVerifier verifier = new DiskVerifier(rig.datastore);
    for (VirtualDisk disk : vm.disks()) {
      assertThat(verifier.verifyAll(disk.descriptorPath(), disk.contents()).matches()).isTrue();
    }
    VirtualMachine again = VirtualMachine.open(rig.vmHost, rig.datastore, vm.configurationPath());
    assertThat(again.disks().stream().map(VirtualDisk::provisionedBytes))
        .containsExactlyElementsOf(vm.disks().stream().map(VirtualDisk::provisionedBytes).toList());
  }

  private static Optional<MethodFault> ended(Task<?> task) {
    try {
      task.await(Duration.ofSeconds(20));
    } catch (MethodFaultException e) {
      assertThat(task.info().fault()).contains(e.fault());
    }
    return task.info().fault();
  }
}
