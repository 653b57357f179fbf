/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.hypervisor.Rig.MIB;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_2008_R2;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.clone.CloneMethod;
import org.facsim.hypervisor.clone.CloneRequest;
import org.facsim.hypervisor.clone.CloneResult;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.mover.DiskVerifier;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFault;
import org.facsim.hypervisor.task.MethodFaultException;
import org.facsim.hypervisor.task.Task;
import org.facsim.hypervisor.task.TaskInfo;
import org.facsim.hypervisor.task.TaskState;
import org.facsim.hypervisor.vm.DiskFormat;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VmOperationsTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final DiskSpec DISK = new DiskSpec(4 * MIB, MIB);

  private final Rig rig = new Rig();
  private final VmOperations operations = rig.operations;

  @AfterEach
  void closeRig() {
    rig.close();
  }

  private VirtualMachine made(String name) {
    return operations
        .create(
            rig.datastore,
            new VmSpec(name, WINDOWS_7, GuestConfiguration.standard(), List.of(DISK), 3))
        .await(SOON);
  }

  private static FaultType faultOf(Task<?> task) {
    try {
      task.await(SOON);
    } catch (MethodFaultException e) {
      return e.type();
    }
    throw new AssertionError("no fault: " + task);
  }

  private void assertHolds(String descriptorPath, DiskContents contents) {
    assertThat(new DiskVerifier(rig.datastore).verifyAll(descriptorPath, contents).matches())
        .as(descriptorPath)
        .isTrue();
  }

  @Test
  void tasksHaveVmwaresNamesAndTheVmsTheirIds() {
    VirtualMachine vm = made("vm");
    operations.powerOn(vm).await(SOON);
    operations.reset(vm).await(SOON);
    operations.createSnapshot(vm, SnapshotRequest.named("one")).await(SOON);
    operations.revertToCurrentSnapshot(vm).await(SOON);
    operations.removeSnapshot(vm, 1, false).await(SOON);
    operations.removeAllSnapshots(vm).await(SOON);
    operations.consolidateDisks(vm).await(SOON);
    operations.extendDisk(vm, 0, 8 * MIB).await(SOON);
    operations.inflateDisk(vm, 0).await(SOON);
    operations.unregister(vm).await(SOON);
    VirtualMachine again =
        operations.register(new RegisterRequest(rig.datastore, "vm/vm.vmx")).await(SOON);
    assertThat(operations.inventory()).containsExactly(new RegisteredVm(2, again, false));
    operations.destroy(again).await(SOON);

    assertThat(operations.taskInfos())
        .extracting(TaskInfo::name)
        .containsExactly(
            "CreateVM_Task",
            "PowerOnVM_Task",
            "ResetVM_Task",
            "CreateSnapshot_Task",
            "RevertToCurrentSnapshot_Task",
            "RemoveSnapshot_Task",
            "RemoveAllSnapshots_Task",
            "ConsolidateVMDisks_Task",
            "ExtendVirtualDisk_Task",
            "InflateVirtualDisk_Task",
            "UnregisterVM",
            "RegisterVM_Task",
            "Destroy_Task");
    assertThat(operations.taskInfos()).allMatch(task -> task.state() == TaskState.SUCCESS);
    assertThat(operations.inventory()).isEmpty();
    assertThat(rig.datastore.list("")).isEmpty();
    assertThat(operations.isIdle()).isTrue();
  }

  @Test
  void anOperationInTheWrongStateHasVmwaresFault() {
    VirtualMachine vm = made("vm");
    assertThat(faultOf(operations.powerOff(vm))).isEqualTo(FaultType.INVALID_POWER_STATE);
    assertThat(faultOf(operations.reset(vm))).isEqualTo(FaultType.INVALID_POWER_STATE);
    operations.powerOn(vm).await(SOON);
    assertThat(faultOf(operations.powerOn(vm))).isEqualTo(FaultType.INVALID_POWER_STATE);
    assertThat(faultOf(operations.destroy(vm))).isEqualTo(FaultType.INVALID_POWER_STATE);
    assertThat(faultOf(operations.unregister(vm))).isEqualTo(FaultType.INVALID_POWER_STATE);
    assertThat(faultOf(operations.markAsTemplate(vm))).isEqualTo(FaultType.INVALID_POWER_STATE);
    assertThat(faultOf(operations.inflateDisk(vm, 0))).isEqualTo(FaultType.INVALID_POWER_STATE);
    assertThat(faultOf(operations.revertToSnapshot(vm, 7))).isEqualTo(FaultType.NOT_FOUND);
    assertThat(faultOf(operations.removeSnapshot(vm, 7, true))).isEqualTo(FaultType.NOT_FOUND);
    assertThat(faultOf(operations.extendDisk(vm, 0, MIB))).isEqualTo(FaultType.INVALID_ARGUMENT);
    assertThat(faultOf(operations.extendDisk(vm, 3, MIB))).isEqualTo(FaultType.INVALID_ARGUMENT);
    operations.createSnapshot(vm, SnapshotRequest.named("one")).await(SOON);
    assertThat(faultOf(operations.extendDisk(vm, 0, 8 * MIB))).isEqualTo(FaultType.INVALID_STATE);
    assertThat(faultOf(operations.register(new RegisterRequest(rig.datastore, "vm/vm.vmx"))))
        .isEqualTo(FaultType.ALREADY_EXISTS);
    assertThat(faultOf(operations.register(new RegisterRequest(rig.datastore, "no/no.vmx"))))
        .isEqualTo(FaultType.FILE_NOT_FOUND);
    assertThat(
            faultOf(
                operations.create(
                    rig.datastore,
                    new VmSpec("vm", WINDOWS_7, GuestConfiguration.standard(), List.of(DISK), 3))))
        .isEqualTo(FaultType.FILE_ALREADY_EXISTS);
  }

  @Test
  void aVmThatATaskUsesIsInUseUntilTheTaskHasEnded() throws Exception {
    VirtualMachine vm = made("vm");
    CountDownLatch copying = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Task<CloneResult> clone =
        operations.clone(
            vm,
            new CloneRequest(
                "copy",
                rig.datastore,
                (done, total) -> {
                  copying.countDown();
                  try {
                    goOn.await();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                }));
    copying.await();
    Task<Void> powerOn = operations.powerOn(vm);
    assertThat(powerOn.info().fault())
        .contains(new MethodFault(FaultType.TASK_IN_PROGRESS, "another task uses vm"));
    Task<CloneResult> second = operations.clone(vm, new CloneRequest("copy2", rig.datastore));
    assertThat(second.await(SOON).vm().name()).as("cold clones share a VM").isEqualTo("copy2");
    goOn.countDown();
    clone.await(SOON);
    operations.powerOn(vm).await(SOON);
    assertThat(operations.inventory())
        .extracting(RegisteredVm::name)
        .containsExactlyInAnyOrder("vm", "copy", "copy2");
  }

  @Test
  void aCloneThatIsCanceledAt40PercentLeavesNothing() {
    VirtualMachine vm = rig.running("w2008", WINDOWS_2008_R2, DISK, DISK);
    operations.adopt(vm);
    List<String> before = vm.files();
    Task<?>[] task = new Task<?>[1];
    CountDownLatch known = new CountDownLatch(1);
    task[0] =
        operations.clone(
            vm,
            new CloneRequest(
                "copy",
                rig.datastore,
                (done, total) -> {
                  try {
                    known.await();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                  if (done * 10 >= total * 4) {
                    task[0].cancel();
                  }
                }));
    known.countDown();
    assertThat(faultOf(task[0])).isEqualTo(FaultType.REQUEST_CANCELED);
    assertThat(task[0].info().progressPercent()).isBetween(35, 99);
    assertThat(rig.datastore.list("")).containsExactly("w2008");
    assertThat(vm.files()).isEqualTo(before);
    assertThat(vm.snapshots()).isEmpty();
    operations.powerOff(vm).await(SOON);
  }

  @Test
  void templatesAreDeployedAndNotPoweredOn() {
    VirtualMachine vm = made("gold");
    assertThat(faultOf(operations.deployFromTemplate(vm, new CloneRequest("a", rig.datastore))))
        .isEqualTo(FaultType.NOT_SUPPORTED);
    operations.markAsTemplate(vm).await(SOON);
    assertThat(vm.files()).contains("gold.vmtx").doesNotContain("gold.vmx");
    assertThat(operations.find("gold").orElseThrow().template()).isTrue();
    assertThat(faultOf(operations.powerOn(vm))).isEqualTo(FaultType.NOT_SUPPORTED);
    assertThat(faultOf(operations.createSnapshot(vm, SnapshotRequest.named("s"))))
        .isEqualTo(FaultType.NOT_SUPPORTED);

    CloneResult deployed =
        operations.deployFromTemplate(vm, new CloneRequest("desktop", rig.datastore)).await(SOON);
    assertThat(deployed.clonedBy()).isEqualTo(CloneMethod.ARRAY_OFFLOAD);
    operations.powerOn(deployed.vm()).await(SOON);
    assertThat(rig.datastore.readText("desktop/desktop.vmx"))
        .contains("displayName = \"desktop\"", "nvram = \"desktop.nvram\"");

    operations.unregister(vm).await(SOON);
    VirtualMachine again =
        operations.register(new RegisterRequest(rig.datastore, "gold/gold.vmtx")).await(SOON);
    assertThat(operations.find("gold").orElseThrow().template()).isTrue();
    operations.markAsVirtualMachine(again).await(SOON);
    assertThat(again.files()).contains("gold.vmx").doesNotContain("gold.vmtx");
    operations.powerOn(again).await(SOON);
  }

  @Test
  void aLinkedCloneSharesTheSnapshotsDisksWhichTheSourceKeeps() {
    VirtualMachine source = rig.running("gold", WINDOWS_7, DISK);
    operations.adopt(source);
    DiskContents frozen = source.disks().get(0).contents();
    assertThat(faultOf(operations.linkedClone(source, LinkedCloneRequest.named("desk"))))
        .isEqualTo(FaultType.NOT_FOUND);
    operations.createSnapshot(source, SnapshotRequest.named("base")).await(SOON);
    VirtualMachine clone =
        operations.linkedClone(source, LinkedCloneRequest.named("desk")).await(SOON);
    assertThat(rig.datastore.readText("desk/desk-000001.vmdk"))
        .contains("parentFileNameHint=\"../gold/gold.vmdk\"");
    source.overwriteGuestData(0, 0, MIB);
    operations.powerOn(clone).await(SOON);
    clone.overwriteGuestData(0, 512, 8192);
    assertHolds("desk/desk-000001.vmdk", clone.disks().get(0).contents());

    assertThat(faultOf(operations.relocate(clone, relocation())))
        .isEqualTo(FaultType.INVALID_ARGUMENT);
    operations.removeAllSnapshots(source).await(SOON);
    assertHolds("gold/gold.vmdk", frozen);
    assertHolds("desk/desk-000001.vmdk", clone.disks().get(0).contents());
    assertHolds(source.disks().get(0).descriptorPath(), source.disks().get(0).contents());
    operations.powerOff(source).await(SOON);
    assertThat(faultOf(operations.destroy(source))).isEqualTo(FaultType.RESOURCE_IN_USE);

    operations.powerOff(clone).await(SOON);
    operations.unregister(clone).await(SOON);
    VirtualMachine again =
        operations.register(new RegisterRequest(rig.datastore, "desk/desk.vmx")).await(SOON);
    assertThat(faultOf(operations.destroy(source))).isEqualTo(FaultType.RESOURCE_IN_USE);
    operations.destroy(again).await(SOON);
    operations.consolidateDisks(source).await(SOON);
    assertHolds("gold/gold.vmdk", source.disks().get(0).contents());
    operations.destroy(source).await(SOON);
    assertThat(rig.datastore.list("")).isEmpty();
  }

  private org.facsim.hypervisor.clone.RelocateRequest relocation() {
    return new org.facsim.hypervisor.clone.RelocateRequest(rig.datastore);
  }

  @Test
  void aNativeLinkedCloneStandsAlone() {
    VirtualMachine source = rig.running("gold", WINDOWS_7, DISK);
    operations.adopt(source);
    DiskContents frozen = source.disks().get(0).contents();
    operations.createSnapshot(source, SnapshotRequest.named("base")).await(SOON);
    VirtualMachine clone =
        operations
            .linkedClone(source, LinkedCloneRequest.named("desk").allowingNative())
            .await(SOON);
    assertThat(clone.files()).contains("desk-flat.vmdk", "desk.vmdk");
    operations.removeAllSnapshots(source).await(SOON);
    operations.powerOff(source).await(SOON);
    operations.destroy(source).await(SOON);
    assertHolds("desk/desk.vmdk", frozen);
    operations.powerOn(clone).await(SOON);
  }

  @Test
  void aDiskGrowsWithItsDescriptorAndIsInflatedByTheArray() {
    VirtualMachine vm = rig.running("vm", WINDOWS_7, DISK);
    operations.adopt(vm);
    operations.extendDisk(vm, 0, 6 * MIB + 512).await(SOON);
    assertThat(rig.datastore.open("vm/vm-flat.vmdk").sizeBytes()).isEqualTo(6 * MIB + 512);
    vm.overwriteGuestData(0, 5 * MIB, MIB);
    assertHolds("vm/vm.vmdk", vm.disks().get(0).contents());
    operations.powerOff(vm).await(SOON);
    operations.inflateDisk(vm, 0).await(SOON);
    assertThat(vm.disks().get(0).provisioning().got()).isEqualTo(DiskFormat.THICK_EAGER_ZEROED);
    assertThat(rig.datastore.readText("vm/vm.vmdk")).doesNotContain("thinProvisioned");

    VirtualMachine thin = made("thin");
    rig.offload.failure = "NOTSUPP";
    Task<Void> refused = operations.inflateDisk(thin, 0);
    assertThat(faultOf(refused)).isEqualTo(FaultType.NOT_SUPPORTED);
    assertThat(refused.info().fault().orElseThrow().message()).contains("NOTSUPP");
    assertThat(rig.datastore.readText("thin/thin.vmdk")).contains("thinProvisioned");
  }

  @Test
  void whatAHostRemembersCanBeKeptAndPutBack() {
    VirtualMachine vm = made("vm");
    operations.powerOn(vm).await(SOON);
    VmOperations.Saved saved = operations.save();
    operations.createSnapshot(vm, SnapshotRequest.named("one")).await(SOON);
    operations.powerOff(vm).await(SOON);
    made("another");
    operations.restore(saved);
    assertThat(operations.inventory()).extracting(RegisteredVm::name).containsExactly("vm");
    assertThat(vm.poweredOn()).isTrue();
    assertThat(vm.snapshots()).isEmpty();
    assertThat(vm.disks().get(0).descriptorPath()).isEqualTo("vm/vm.vmdk");
  }
}
