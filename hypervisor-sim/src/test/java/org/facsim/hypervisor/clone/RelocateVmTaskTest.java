/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.facsim.hypervisor.Rig.MIB;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.FakeMount;
import org.facsim.hypervisor.mover.DiskVerifier;
import org.facsim.hypervisor.operation.LinkedCloneRequest;
import org.facsim.hypervisor.operation.RegisterRequest;
import org.facsim.hypervisor.operation.SnapshotRequest;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFaultException;
import org.facsim.hypervisor.task.Task;
import org.facsim.hypervisor.task.TaskContext;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmSnapshot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RelocateVmTaskTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final DiskSpec DISK = new DiskSpec(4 * MIB, MIB);

  private final Rig rig = new Rig();
  private final FakeMount other = new FakeMount();
  private final Datastore there = other.datastore;

  @AfterEach
  void closeRig() {
    rig.close();
  }

  private VirtualMachine vmWithSnapshots() {
    VirtualMachine vm = rig.running("vm", WINDOWS_7, DISK, DISK);
    rig.operations.adopt(vm);
    vm.takeSnapshot("one");
    vm.overwriteGuestData(0, 4096, 64 << 10);
    vm.takeSnapshot("two");
    vm.overwriteGuestData(1, 512, 8192);
    return vm;
  }

  private static void assertWhole(VirtualMachine vm) {
    DiskVerifier verifier = new DiskVerifier(vm.datastore());
    for (int i = 0; i < vm.disks().size(); i++) {
      assertThat(
              verifier
                  .verifyAll(vm.disks().get(i).descriptorPath(), vm.disks().get(i).contents())
                  .matches())
          .isTrue();
      for (VmSnapshot each : vm.snapshots()) {
        VmSnapshot.Disk disk = each.disks().get(i);
        assertThat(verifier.verifyAll(disk.descriptorPath(), disk.contents()).matches()).isTrue();
      }
    }
  }

  @Test
  void aColdMigrationTakesSnapshotsAlongAndLeavesNothing() {
    VirtualMachine vm = vmWithSnapshots();
    vm.powerOff();
    RelocateResult result = rig.operations.relocate(vm, new RelocateRequest(there)).await(SOON);
    assertThat(result.poweredOn()).isFalse();
    assertThat(result.passes()).isZero();
    assertThat(vm.datastore()).isSameAs(there);
    assertThat(rig.datastore.list("")).isEmpty();
    assertWhole(vm);
    rig.operations.powerOn(vm).await(SOON);
    rig.operations.revertToSnapshot(vm, 1).await(SOON);
    rig.operations.removeAllSnapshots(vm).await(SOON);
    assertWhole(vm);
    assertThat(VirtualMachine.open(rig.vmHost, there, "vm/vm.vmx").name()).isEqualTo("vm");
  }

  @Test
  void storageVmotionCarriesWhatTheGuestWritesMeanwhile() {
    VirtualMachine vm = rig.running("vm", WINDOWS_7, DISK);
    rig.operations.adopt(vm);
    AtomicInteger writes = new AtomicInteger();
    RelocateResult result =
        rig.operations
            .relocate(
                vm,
                new RelocateRequest(
                    there,
                    (done, total) -> {
                      if (writes.incrementAndGet() < 20) {
                        vm.overwriteGuestData(0, (writes.get() % 7) * 65536L, 8192);
                      }
                    }))
            .await(SOON);
    assertThat(writes.get()).isPositive();
    assertThat(result.poweredOn()).isTrue();
    assertThat(result.movedBy()).isEqualTo(CloneMethod.HOST_COPY);
    assertThat(result.explanation().task()).isEqualTo("RelocateVM_Task");
    assertThat(vm.poweredOn()).isTrue();
    assertThat(rig.datastore.list("")).isEmpty();
    assertThat(vm.files()).filteredOn(name -> name.startsWith(".lck-")).hasSize(2);
    assertThat(vm.files()).contains("vm.vswp", "vmware.log");
    assertWhole(vm);
    vm.overwriteGuestData(0, 0, MIB);
    assertWhole(vm);
    vm.powerOff();
    assertThat(vm.files()).noneMatch(name -> name.startsWith(".lck-"));
  }

  @Test
  void storageVmotionOfAVmWithSnapshotsKeepsThem() {
    VirtualMachine vm = vmWithSnapshots();
    rig.operations
        .relocate(
            vm, new RelocateRequest(there, (done, total) -> vm.overwriteGuestData(0, 8192, 4096)))
        .await(SOON);
    assertThat(vm.snapshots()).hasSize(2);
    assertWhole(vm);
    vm.removeSnapshots();
    assertWhole(vm);
  }

  /** The clone stands on what stays behind; nothing else of the source does. */
  @Test
  void aSourceMovesAndWhatItsLinkedClonesReadStays() {
    VirtualMachine source = vmWithSnapshots();
    VirtualMachine clone =
        rig.operations.linkedClone(source, LinkedCloneRequest.named("desk").of(2)).await(SOON);
    rig.operations.powerOn(clone).await(SOON);
    clone.overwriteGuestData(0, 8192, 128 << 10);
    VirtualMachine ofClone = cloneOf(clone);

    rig.operations
        .relocate(
            source,
            new RelocateRequest(there, (done, total) -> source.overwriteGuestData(1, 0, 4096)))
        .await(SOON);

    assertWhole(source);
    assertWhole(clone);
    assertWhole(ofClone);
    assertThat(rig.datastore.list("vm"))
        .contains("vm.vmdk", "vm-flat.vmdk")
        .allMatch(name -> name.endsWith(".vmdk"))
        .doesNotContain("vm-000002.vmdk", "vm_1-000002.vmdk");
    assertThat(source.linkedClones()).isEmpty();
    source.removeSnapshots();
    source.overwriteGuestData(0, 0, MIB);
    clone.overwriteGuestData(0, 4096, 4096);
    ofClone.overwriteGuestData(0, 4096, 4096);
    assertWhole(source);
    assertWhole(clone);
    assertWhole(ofClone);
    source.powerOff();
    rig.operations.destroy(source).await(SOON);
    assertThat(there.list("")).isEmpty();
    assertWhole(clone);

    clone.powerOff(); // a clone with a clone of its own moves, too
    rig.operations.relocate(clone, new RelocateRequest(there)).await(SOON);
    assertWhole(clone);
    assertWhole(ofClone);
  }

  @Test
  void aSourceOfASourceIsHeldByTheLastCloneWhenTheOneBetweenMovesAway() {
    VirtualMachine source = vmWithSnapshots();
    VirtualMachine clone =
        rig.operations.linkedClone(source, LinkedCloneRequest.named("desk").of(2)).await(SOON);
    VirtualMachine ofClone = cloneOf(clone);

    rig.operations.relocate(clone, new RelocateRequest(there)).await(SOON);

    assertThat(source.linkedClones()).containsExactly(ofClone);
    source.powerOff();
    assertThatThrownBy(() -> rig.operations.destroy(source).await(SOON))
        .isInstanceOfSatisfying(
            MethodFaultException.class,
            e -> assertThat(e.fault().type()).isEqualTo(FaultType.RESOURCE_IN_USE));
    assertWhole(source);
    assertWhole(clone);
    assertWhole(ofClone);
    ofClone.powerOff();
    rig.operations.destroy(ofClone).await(SOON);
    rig.operations.destroy(source).await(SOON);
    assertWhole(clone);
  }

  private VirtualMachine cloneOf(VirtualMachine clone) {
    rig.operations.createSnapshot(clone, SnapshotRequest.named("again")).await(SOON);
    int snapshot = clone.snapshots().get(clone.snapshots().size() - 1).id();
    VirtualMachine made =
        rig.operations
            .linkedClone(clone, LinkedCloneRequest.named("seat").of(snapshot))
            .await(SOON);
    rig.operations.powerOn(made).await(SOON);
    made.overwriteGuestData(0, 0, 8192);
    return made;
  }

  @Test
  void aLinkedCloneTakesTheSharedLayersAlongAndSharesNothingAfterwards() {
    VirtualMachine source = vmWithSnapshots();
    VirtualMachine clone =
        rig.operations.linkedClone(source, LinkedCloneRequest.named("desk").of(2)).await(SOON);
    rig.operations.powerOn(clone).await(SOON);
    clone.overwriteGuestData(0, 8192, 128 << 10);
    rig.operations.createSnapshot(clone, SnapshotRequest.named("mine")).await(SOON);
    clone.overwriteGuestData(1, 0, 4096);

    rig.operations
        .relocate(
            clone,
            new RelocateRequest(there, (done, total) -> clone.overwriteGuestData(0, 0, 4096)))
        .await(SOON);

    assertThat(there.list("")).containsExactly("desk");
    assertThat(there.list("desk"))
        .contains("desk.vmdk", "desk-flat.vmdk", "desk-000001.vmdk", "desk-000003.vmdk");
    assertThat(there.readText("desk/desk.vmdk")).contains("desk-flat.vmdk").contains("thinProv");
    assertWhole(clone);
    assertWhole(source);

    source.powerOff();
    rig.operations.destroy(source).await(SOON);
    assertThat(rig.datastore.list("")).isEmpty();
    clone.overwriteGuestData(0, MIB / 2, 4096);
    assertWhole(clone);
    clone.powerOff();
    rig.operations.unregister(clone).await(SOON);
    VirtualMachine again =
        rig.operations.register(new RegisterRequest(there, "desk/desk.vmx")).await(SOON);
    again.adoptContentsOf(clone);
    assertWhole(again);
    rig.operations.removeAllSnapshots(again).await(SOON);
    assertThat(again.files()).noneMatch(name -> name.contains("-00000"));
    assertWhole(again);
  }

  @Test
  void aCanceledMoveLeavesTheVmWhereItWas() {
    VirtualMachine vm = vmWithSnapshots();
    List<String> before = vm.files();
    Task<RelocateResult> task =
        rig.operations.relocate(
            vm,
            new RelocateRequest(
                there,
                (done, total) -> {
                  if (done * 10 >= total * 4) {
                    throw new java.util.concurrent.CancellationException("by the admin");
                  }
                }));
    assertThat(faultOf(task)).isEqualTo(FaultType.REQUEST_CANCELED);
    assertThat(there.list("")).isEmpty();
    assertThat(vm.files()).isEqualTo(before);
    assertThat(vm.poweredOn()).isTrue();
    vm.overwriteGuestData(0, 0, 4096);
    assertWhole(vm);
  }

  @Test
  void whateverCallTheDestinationRefusesTheVmStaysWhereItWas() {
    VirtualMachine vm = vmWithSnapshots();
    int n = 0;
    boolean refused = true;
    while (refused && n < 1000) {
      n++;
      int nth = n;
      AtomicInteger calls = new AtomicInteger();
      other.files.beforeCall =
          () -> {
            if (calls.incrementAndGet() == nth) {
              throw new DatastoreException(DatastoreError.DISK_FULL, "NFS3ERR_NOSPC");
            }
          };
      try {
        new RelocateVmTask(policies(), rig.clock, vm, new RelocateRequest(there), TaskContext.NONE)
            .run();
        refused = calls.get() >= nth;
      } catch (DatastoreException e) {
        assertThat(e.error()).isEqualTo(DatastoreError.DISK_FULL);
        assertThat(vm.datastore()).as("call %d", n).isSameAs(rig.datastore);
        other.files.beforeCall = () -> {};
        assertThat(there.list("")).as("call %d", n).isEmpty();
        vm.overwriteGuestData(0, 0, 512);
      }
      if (vm.datastore() == there) {
        break;
      }
    }
    assertThat(n).isGreaterThan(20);
    other.files.beforeCall = () -> {};
    assertThat(vm.datastore()).isSameAs(there);
    assertWhole(vm);
  }

  private static ClonePolicies policies() {
    return new ClonePolicies(
        "esx1",
        org.facsim.hypervisor.guest.EsxiVersion.V5_5,
        org.facsim.hypervisor.guest.QuiescePolicy.observed(),
        CloneOffloadPolicy.esxi(),
        false);
  }

  private static FaultType faultOf(Task<?> task) {
    try {
      task.await(SOON);
    } catch (MethodFaultException e) {
      return e.type();
    }
    throw new AssertionError("no fault: " + task);
  }
}
