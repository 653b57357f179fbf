/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_2008_R2;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.clone.CloneRequest;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.guest.GuestSpec;
import org.facsim.hypervisor.mover.DiskVerifier;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFault;
import org.facsim.hypervisor.task.Task;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmSnapshot;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each operation meets an array that refuses one call, the first, then the second, and so on until
 * the operation needs no more. Whatever was refused, the VM's disks, its snapshots and its
 * configuration are as before, or as after; nothing else is left; and the operation can be made
 * again.
 */
class RefusedCallTest {
  private static final DiskSpec DISK = new DiskSpec(256 << 10, 96 << 10);
  private static final int TOO_MANY = 2000;

  private enum Operation {
    SNAPSHOT(rig -> rig.operations.createSnapshot(vm(rig), SnapshotRequest.named("new"))),
    NATIVE_SNAPSHOT(
        rig ->
            rig.operations.createSnapshot(vm(rig), SnapshotRequest.named("new").allowingNative())),
    QUIESCED_SNAPSHOT(
        WINDOWS_2008_R2,
        rig -> rig.operations.createSnapshot(vm(rig), SnapshotRequest.named("new").quiesced())),
    MEMORY_SNAPSHOT(
        rig -> rig.operations.createSnapshot(vm(rig), SnapshotRequest.named("new").withMemory())),
    REVERT(rig -> rig.operations.revertToSnapshot(vm(rig), 1)),
    REMOVE_SNAPSHOT(rig -> rig.operations.removeSnapshot(vm(rig), 1, false)),
    REMOVE_ALL(rig -> rig.operations.removeAllSnapshots(vm(rig))),
    CLONE(rig -> rig.operations.clone(vm(rig), new CloneRequest("copy", rig.datastore))),
    HOST_COPY(
        WINDOWS_2008_R2,
        rig -> rig.operations.clone(vm(rig), new CloneRequest("copy", rig.datastore))),
    LINKED_CLONE(
        rig -> rig.operations.linkedClone(vm(rig), LinkedCloneRequest.named("copy").of(1))),
    RECONFIGURE(
        rig ->
            rig.operations.reconfigure(vm(rig), vm(rig).configuration().withDiskEnableUuid(false))),
    CREATE(
        rig ->
            rig.operations.create(
                rig.datastore,
                new org.facsim.hypervisor.vm.VmSpec(
                    "copy", WINDOWS_7, vm(rig).configuration(), List.of(DISK), 5)));

    @SuppressWarnings("ImmutableEnumChecker") // both are: the compiler cannot see it
    private final GuestSpec guest;

    @SuppressWarnings("ImmutableEnumChecker")
    private final Function<Rig, Task<?>> start;

    Operation(Function<Rig, Task<?>> start) {
      this(WINDOWS_7, start);
    }

    Operation(GuestSpec guest, Function<Rig, Task<?>> start) {
      this.guest = guest;
      this.start = start;
    }

    boolean copies() {
      return this == CLONE || this == HOST_COPY || this == LINKED_CLONE;
    }

    private static VirtualMachine vm(Rig rig) {
      return rig.operations.find("vm").orElseThrow().vm();
    }
  }

  /** What an administrator sees of a VM, and what its states hold. */
  private record Seen(
      List<DiskContents> live, Map<Integer, List<DiskContents>> snapshots, boolean on) {
    static Seen of(VirtualMachine vm) {
      Map<Integer, List<DiskContents>> snapshots = new HashMap<>();
      for (VmSnapshot each : vm.snapshots()) {
        snapshots.put(each.id(), each.disks().stream().map(VmSnapshot.Disk::contents).toList());
      }
      return new Seen(
          vm.disks().stream().map(disk -> disk.contents()).toList(), snapshots, vm.poweredOn());
    }
  }

  /** Copies have one disk, because they need many calls for each. */
  private static Rig rigWithVm(Operation operation) {
    Rig rig = new Rig();
    rig.files.maxTransferBytes = 32 << 10;
    VirtualMachine vm =
        operation.copies()
            ? rig.running("vm", operation.guest, DISK)
            : rig.running("vm", operation.guest, DISK, DISK);
    rig.operations.adopt(vm);
    vm.takeSnapshot("one");
    vm.overwriteGuestData(0, 4096, 16 << 10);
    vm.overwriteGuestData(vm.disks().size() - 1, 512, 8192);
    vm.takeSnapshot("two");
    vm.overwriteGuestData(0, 64 << 10, 4096);
    return rig;
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void aRefusedCallLeavesTheVmAsItWas(Operation operation) {
    int n = 1;
    boolean refused = true;
    while (refused) {
      assertThat(n).isLessThan(TOO_MANY);
      try (Rig rig = rigWithVm(operation)) {
        refused = refuse(rig, operation, n);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("%s, call %d: %s".formatted(operation, n, e.getMessage()), e);
      }
      n++;
    }
    assertThat(n).as("calls of %s", operation).isGreaterThan(5);
  }

  /** Returns whether there was a call to be refused. */
  private static boolean refuse(Rig rig, Operation operation, int n) {
    VirtualMachine vm = Operation.vm(rig);
    Seen before = Seen.of(vm);
    List<String> filesBefore = vm.files();
    AtomicInteger calls = new AtomicInteger();
    rig.files.beforeCall =
        () -> {
          if (calls.incrementAndGet() == n) {
            throw new DatastoreException(DatastoreError.DISK_FULL, "NFS3ERR_NOSPC");
          }
        };
    Task<?> task = operation.start.apply(rig);
    Optional<MethodFault> fault = ended(task);
    rig.files.beforeCall = () -> {};
    boolean refused = calls.get() >= n;
    Seen after = Seen.of(vm);
    if (fault.isPresent()) {
      assertThat(fault.get().type()).as("%s", fault).isEqualTo(FaultType.NO_DISK_SPACE);
      assertThat(fault.get().message()).contains("NFS3ERR_NOSPC");
      assertThat(rig.datastore.list("")).containsExactly("vm");
      assertThat(after.live()).isEqualTo(before.live());
      assertThat(after.on()).isEqualTo(before.on());
      assertAsBeforeOrToBeConsolidated(vm, before, after, filesBefore);
    }
    assertWhole(rig, vm, after);
    assertReadsBackAsTheSame(rig, vm);
    vm.consolidate(org.facsim.hypervisor.task.TaskContext.NONE);
    assertThat(vm.consolidationNeeded()).isFalse();
    assertWhole(rig, vm, after);
    if (fault.isPresent() && after.snapshots().equals(before.snapshots())) {
      assertThat(ended(operation.start.apply(rig))).as("made again").isEmpty();
    }
    return refused;
  }

  private static void assertAsBeforeOrToBeConsolidated(
      VirtualMachine vm, Seen before, Seen after, List<String> filesBefore) {
    if (after.snapshots().equals(before.snapshots())) {
      if (!vm.consolidationNeeded()) {
        assertThat(vm.files()).containsExactlyInAnyOrderElementsOf(filesBefore);
      }
    } else {
      assertThat(before.snapshots()).containsAllEntriesOf(after.snapshots());
      assertThat(vm.consolidationNeeded()).isTrue();
    }
  }

  private static Optional<MethodFault> ended(Task<?> task) {
    try {
      task.await(java.time.Duration.ofSeconds(20));
    } catch (org.facsim.hypervisor.task.MethodFaultException e) {
      assertThat(task.info().fault()).contains(e.fault());
    }
    return task.info().fault();
  }

  private static void assertWhole(Rig rig, VirtualMachine vm, Seen seen) {
    DiskVerifier verifier = new DiskVerifier(rig.datastore);
    for (int i = 0; i < vm.disks().size(); i++) {
      String path = vm.disks().get(i).descriptorPath();
      assertThat(verifier.verifyAll(path, seen.live().get(i)).matches()).as(path).isTrue();
    }
    for (VmSnapshot each : vm.snapshots()) {
      for (int i = 0; i < each.disks().size(); i++) {
        String path = each.disks().get(i).descriptorPath();
        assertThat(verifier.verifyAll(path, each.disks().get(i).contents()).matches())
            .as("snapshot %d: %s", each.id(), path)
            .isTrue();
      }
    }
  }

  /** The files say what the host thinks. */
  private static void assertReadsBackAsTheSame(Rig rig, VirtualMachine vm) {
    VirtualMachine again = VirtualMachine.open(rig.vmHost, rig.datastore, vm.configurationPath());
    assertThat(again.configuration()).isEqualTo(vm.configuration());
    assertThat(again.currentSnapshotId()).isEqualTo(vm.currentSnapshotId());
    assertThat(again.disks().stream().map(disk -> disk.descriptorPath()))
        .containsExactlyElementsOf(vm.disks().stream().map(disk -> disk.descriptorPath()).toList());
    assertThat(again.snapshots().stream().map(RefusedCallTest::withoutContents))
        .containsExactlyElementsOf(
            vm.snapshots().stream().map(RefusedCallTest::withoutContents).toList());
  }

  private static List<Object> withoutContents(VmSnapshot each) {
    return List.of(
        each.id(),
        each.parentId(),
        each.name(),
        each.memory(),
        each.createTime(),
        each.disks().stream().map(VmSnapshot.Disk::descriptorPath).toList());
  }
}
