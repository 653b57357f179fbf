/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_2008_R2;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.backup.BackupRequest;
import org.facsim.hypervisor.backup.BackupSink;
import org.facsim.hypervisor.backup.VddkVersion;
import org.facsim.hypervisor.clone.CloneRequest;
import org.facsim.hypervisor.clone.RelocateRequest;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.FakeMount;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.guest.GuestSpec;
import org.facsim.hypervisor.guest.QuiescePlan;
import org.facsim.hypervisor.mover.DiskVerifier;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFault;
import org.facsim.hypervisor.task.MethodFaultException;
import org.facsim.hypervisor.task.Task;
import org.facsim.hypervisor.task.TaskContext;
import org.facsim.hypervisor.task.TaskState;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.SnapshotSpec;
import org.facsim.hypervisor.vm.VirtualDisk;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmSnapshot;
import org.facsim.hypervisor.vm.VmSpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every kind of task is canceled at its first call to the array, then at its second, and so on; and
 * those that {@code RefusedCallTest} and {@code RefusedDiskCallTest} do not have meet an array that
 * refuses one call. The VM is as before or as after, everything reads, nothing else is left, all
 * locks are given back, and the operation can be made again.
 */
class CanceledTaskTest {
  private static final DiskSpec DISK = new DiskSpec(256 << 10, 96 << 10);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int TOO_MANY = 2000;

  /** From here on, only every so manieth call is taken: the rest are transfers like each other. */
  private static final int MANY = 60;

  private static final int STRIDE = 5;

  private enum State {
    ON,
    OFF,
    TEMPLATE
  }

  private interface Start {
    Task<?> start(VmOperations operations, VirtualMachine vm, Datastore there);
  }

  private enum Operation {
    SNAPSHOT(State.ON, true, (o, vm, to) -> o.createSnapshot(vm, SnapshotRequest.named("new"))),
    NATIVE_SNAPSHOT(
        State.ON,
        false,
        (o, vm, to) -> o.createSnapshot(vm, SnapshotRequest.named("new").allowingNative())),
    QUIESCED_SNAPSHOT(
        State.ON,
        false,
        (o, vm, to) -> o.createSnapshot(vm, SnapshotRequest.named("new").quiesced())),
    MEMORY_SNAPSHOT(
        State.ON,
        true,
        (o, vm, to) -> o.createSnapshot(vm, SnapshotRequest.named("new").withMemory())),
    REVERT(State.ON, true, (o, vm, to) -> o.revertToSnapshot(vm, 1)),
    REVERT_WITH_MEMORY(State.ON, true, (o, vm, to) -> o.revertToSnapshot(vm, 3)),
    REMOVE_SNAPSHOT(State.ON, true, (o, vm, to) -> o.removeSnapshot(vm, 1, false)),
    REMOVE_ALL(State.OFF, true, (o, vm, to) -> o.removeAllSnapshots(vm)),
    CONSOLIDATE(State.ON, true, (o, vm, to) -> o.consolidateDisks(vm)),
    HOT_CLONE(State.ON, false, (o, vm, to) -> o.clone(vm, new CloneRequest("copy", to))),
    COLD_CLONE(State.OFF, false, (o, vm, to) -> o.clone(vm, new CloneRequest("copy", to))),
    HOST_COPY(State.OFF, true, (o, vm, to) -> o.clone(vm, new CloneRequest("copy", to))),
    DEPLOY(
        State.TEMPLATE,
        false,
        (o, vm, to) -> o.deployFromTemplate(vm, new CloneRequest("copy", to))),
    LINKED_CLONE(
        State.ON, true, (o, vm, to) -> o.linkedClone(vm, LinkedCloneRequest.named("copy").of(1))),
    COLD_MIGRATION(State.OFF, true, (o, vm, to) -> o.relocate(vm, new RelocateRequest(to))),
    STORAGE_VMOTION(State.ON, true, (o, vm, to) -> o.relocate(vm, new RelocateRequest(to))),
    DESTROY(State.OFF, true, (o, vm, to) -> o.destroy(vm)),
    CREATE(
        State.OFF,
        false,
        (o, vm, to) ->
            o.create(
                to,
                new VmSpec("copy", WINDOWS_7, GuestConfiguration.standard(), List.of(DISK), 5))),
    RECONFIGURE(
        State.ON,
        true,
        (o, vm, to) -> o.reconfigure(vm, vm.configuration().withDiskEnableUuid(false))),
    POWER_ON(State.OFF, true, (o, vm, to) -> o.powerOn(vm)),
    POWER_OFF(State.ON, true, (o, vm, to) -> o.powerOff(vm)),
    RESET(State.ON, true, (o, vm, to) -> o.reset(vm)),
    UNREGISTER(State.OFF, true, (o, vm, to) -> o.unregister(vm)),
    MARK_AS_TEMPLATE(State.OFF, false, (o, vm, to) -> o.markAsTemplate(vm)),
    MARK_AS_VM(State.TEMPLATE, false, (o, vm, to) -> o.markAsVirtualMachine(vm)),
    BACKUP(
        State.ON,
        false,
        (o, vm, to) -> o.backup(vm, BackupRequest.full(VddkVersion.V1_2, BackupSink.NONE))),
    TRACK(State.ON, false, (o, vm, to) -> o.trackChanges(vm, true)),
    EXTEND(State.ON, false, (o, vm, to) -> o.extendDisk(vm, 0, 512 << 10)),
    INFLATE(State.OFF, false, (o, vm, to) -> o.inflateDisk(vm, 0));

    private final State state;
    private final boolean hasSnapshots;

    @SuppressWarnings("ImmutableEnumChecker")
    private final Start start;

    Operation(State state, boolean hasSnapshots, Start start) {
      this.state = state;
      this.hasSnapshots = hasSnapshots;
      this.start = start;
    }

    boolean moves() {
      return this == COLD_MIGRATION || this == STORAGE_VMOTION;
    }

    GuestSpec guest() {
      return this == QUIESCED_SNAPSHOT || this == BACKUP ? WINDOWS_2008_R2 : WINDOWS_7;
    }
  }

  /** A host with a VM on one of two datastores. */
  private static final class Scene implements AutoCloseable {
    final Rig rig = new Rig();
    final FakeMount other = new FakeMount();
    final VirtualMachine vm;
    final Operation operation;

    Scene(Operation operation) {
      this.operation = operation;
      rig.files.maxTransferBytes = 32 << 10;
      other.files.maxTransferBytes = 32 << 10;
      vm = rig.running("vm", operation.guest(), DISK, DISK);
      if (operation.hasSnapshots) {
        vm.takeSnapshot("one");
        vm.overwriteGuestData(0, 4096, 16 << 10);
        vm.takeSnapshot("two");
        vm.overwriteGuestData(1, 512, 8192);
      }
      if (operation == Operation.REVERT_WITH_MEMORY) {
        var unused =
            vm.takeSnapshot(
                new SnapshotSpec("running", "", true, QuiescePlan.notNeeded(), true),
                TaskContext.NONE);
        vm.overwriteGuestData(0, 0, 8192);
      }
      if (operation.state != State.ON) {
        vm.powerOff();
      }
      rig.operations.adopt(vm);
      if (operation.state == State.TEMPLATE) {
        rig.operations.markAsTemplate(vm).await(SOON);
      }
    }

    Task<?> start() {
      return operation.start.start(rig.operations, vm, destination());
    }

    Datastore destination() {
      return operation.moves() ? other.datastore : rig.datastore;
    }

    void beforeCall(Runnable deed) {
      rig.files.beforeCall = deed;
      other.files.beforeCall = deed;
    }

    int locks() {
      return rig.locks.count(rig.datastore) + rig.locks.count(other.datastore);
    }

    /** Everything on both datastores but the log, which a task may add to. */
    List<String> files() {
      List<String> all = new ArrayList<>();
      for (Datastore each : List.of(rig.datastore, other.datastore)) {
        for (String directory : each.list("")) {
          each.list(directory).stream()
              .filter(name -> !name.equals("vmware.log"))
              .forEach(name -> all.add(each.name() + "/" + directory + "/" + name));
        }
      }
      all.sort(null);
      return all;
    }

    @Override
    public void close() {
      rig.close();
    }
  }

  /** What an administrator sees. */
  private record Seen(
      List<DiskContents> live, List<Integer> snapshots, boolean on, Datastore place, long bytes) {
    static Seen of(VirtualMachine vm) {
      return new Seen(
          vm.disks().stream().map(VirtualDisk::contents).toList(),
          vm.snapshots().stream().map(VmSnapshot::id).toList(),
          vm.poweredOn(),
          vm.datastore(),
          vm.disks().get(0).provisionedBytes());
    }
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void isCanceledAtAnyCall(Operation operation) {
    atEveryCall(operation, CanceledTaskTest::cancelAt);
  }

  @ParameterizedTest
  @EnumSource(
      value = Operation.class,
      names = {"COLD_MIGRATION", "STORAGE_VMOTION", "DESTROY", "DEPLOY", "CONSOLIDATE"})
  void anyCallIsRefused(Operation operation) {
    atEveryCall(operation, CanceledTaskTest::refuseAt);
  }

  /** Tries a scene with the n-th call; returns whether there was one. */
  private interface Trial {
    boolean at(Scene scene, int n);
  }

  private static void atEveryCall(Operation operation, Trial trial) {
    boolean there = true;
    for (int n = 1; there; n += n < MANY ? 1 : STRIDE) {
      assertThat(n).isLessThan(TOO_MANY);
      try (Scene scene = new Scene(operation)) {
        there = trial.at(scene, n);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("%s, call %d: %s".formatted(operation, n, e.getMessage()), e);
      }
    }
  }

  private static boolean cancelAt(Scene scene, int n) {
    Seen before = Seen.of(scene.vm);
    List<String> filesBefore = scene.files();
    int locksBefore = scene.locks();
    CompletableFuture<Task<?>> started = new CompletableFuture<>();
    AtomicInteger calls = new AtomicInteger();
    scene.beforeCall(
        () -> {
          if (calls.incrementAndGet() == n) {
            started.join().cancel();
          }
        });
    Task<?> task = scene.start();
    started.complete(task);
    Optional<MethodFault> fault = ended(task);
    scene.beforeCall(() -> {});
    if (fault.isPresent()) {
      assertThat(fault.get().type()).as("%s", fault).isEqualTo(FaultType.REQUEST_CANCELED);
      assertThat(Seen.of(scene.vm)).isEqualTo(before);
      assertThat(scene.files()).isEqualTo(filesBefore);
      assertThat(scene.locks()).isEqualTo(locksBefore);
      assertWhole(scene.vm);
      assertThat(ended(scene.start())).as("made again").isEmpty();
    }
    if (scene.operation != Operation.DESTROY) {
      assertWhole(scene.vm);
    }
    assertLetsGo(scene);
    return calls.get() >= n;
  }

  private static boolean refuseAt(Scene scene, int n) {
    Seen before = Seen.of(scene.vm);
    List<String> filesBefore = scene.files();
    AtomicInteger calls = new AtomicInteger();
    scene.beforeCall(
        () -> {
          if (calls.incrementAndGet() == n) {
            throw new DatastoreException(DatastoreError.DISK_FULL, "NFS3ERR_NOSPC");
          }
        });
    Optional<MethodFault> fault = ended(scene.start());
    scene.beforeCall(() -> {});
    if (fault.isPresent()) {
      assertThat(fault.get().message()).contains("NFS3ERR_NOSPC");
      if (scene.operation == Operation.DESTROY) {
        // what was removed is gone, and the VM can be destroyed again
        assertThat(filesBefore).containsAll(scene.files());
      } else {
        assertThat(Seen.of(scene.vm)).isEqualTo(before);
        assertThat(scene.files()).isEqualTo(filesBefore);
        assertWhole(scene.vm);
      }
      assertThat(ended(scene.start())).as("made again").isEmpty();
    }
    if (scene.operation == Operation.DESTROY) {
      assertThat(scene.files()).isEmpty();
      assertThat(scene.rig.operations.find("vm")).isEmpty();
    } else {
      assertWhole(scene.vm);
    }
    assertLetsGo(scene);
    return calls.get() >= n;
  }

  /** Whoever is off, and whom no task has, has no lock. */
  private static void assertLetsGo(Scene scene) {
    VirtualMachine vm = scene.vm;
    if (vm.poweredOn()) {
      vm.overwriteGuestData(0, 8192, 4096);
      assertWhole(vm);
      vm.powerOff();
    }
    assertThat(scene.locks()).as("locks that are left").isZero();
    assertThat(scene.rig.operations.isIdle()).isTrue();
    assertThat(scene.files()).noneMatch(name -> name.contains(".lck-"));
    assertThat(
            scene.rig.operations.taskInfos().stream()
                .map(info -> info.state())
                .filter(
                    state -> !Arrays.asList(TaskState.SUCCESS, TaskState.ERROR).contains(state)))
        .isEmpty();
  }

  private static void assertWhole(VirtualMachine vm) {
    DiskVerifier verifier = new DiskVerifier(vm.datastore());
    for (VirtualDisk disk : vm.disks()) {
      assertThat(disk.contentsKnown()).isTrue();
      assertThat(verifier.verifyAll(disk.descriptorPath(), disk.contents()).matches())
          .as(disk.descriptorPath())
          .isTrue();
    }
    for (VmSnapshot each : vm.snapshots()) {
      for (VmSnapshot.Disk disk : each.disks()) {
        assertThat(verifier.verifyAll(disk.descriptorPath(), disk.contents()).matches())
            .as("snapshot %d: %s", each.id(), disk.descriptorPath())
            .isTrue();
      }
    }
    assertThat(vm.consolidationNeeded()).isFalse();
    vm.consolidate(TaskContext.NONE);
  }

  private static Optional<MethodFault> ended(Task<?> task) {
    try {
      task.await(SOON);
    } catch (MethodFaultException e) {
      assertThat(task.info().fault()).contains(e.fault());
    }
    return task.info().fault();
  }
}
