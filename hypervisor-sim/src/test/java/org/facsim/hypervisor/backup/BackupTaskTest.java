/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.facsim.hypervisor.Rig.MIB;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_2008_R2;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.guest.DiskContents.Span;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFaultException;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackupTaskTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final DiskSpec DISK = new DiskSpec(4 * MIB, 2 * MIB);

  private final Rig rig = new Rig();

  @AfterEach
  void closeRig() {
    rig.close();
  }

  /** A backup of disks, into which later ones are laid. */
  private static final class Copy implements BackupSink {
    private final byte[][] disks = {new byte[(int) (4 * MIB)], new byte[(int) (4 * MIB)]};

    @Override
    public void accept(int diskIndex, long offsetBytes, byte[] data) {
      System.arraycopy(data, 0, disks[diskIndex], (int) offsetBytes, data.length);
    }

    void assertHolds(int diskIndex, DiskContents contents) {
      ByteBuffer found = ByteBuffer.wrap(disks[diskIndex]).order(ByteOrder.LITTLE_ENDIAN);
      for (Span span : contents.spans(0, contents.capacityBytes())) {
        for (long at = 0; at < span.lengthBytes(); at += 8) {
          assertThat(found.getLong((int) (span.offsetBytes() + at)))
              .as("disk %d at %d", diskIndex, span.offsetBytes() + at)
              .isEqualTo(span.word());
        }
      }
    }
  }

  private static FaultType faultOf(org.facsim.hypervisor.task.Task<?> task) {
    try {
      task.await(SOON);
    } catch (MethodFaultException e) {
      return e.type();
    }
    throw new AssertionError("no fault: " + task);
  }

  @Test
  void vddk11CannotOpenTheSecondRedoLogAndSaysSo() {
    VirtualMachine vm = rig.running("w2008", WINDOWS_2008_R2, DISK);
    List<String> files = vm.files();
    assertThatThrownBy(
            () ->
                rig.operations
                    .backup(vm, BackupRequest.full(VddkVersion.V1_1, BackupSink.NONE))
                    .await(SOON))
        .isInstanceOfSatisfying(
            MethodFaultException.class,
            e -> assertThat(e.type()).isEqualTo(FaultType.NOT_SUPPORTED))
        .hasMessage(
            "VDDK 1.1 cannot open w2008/w2008-000002.vmdk: it is the second redo log that VSS left"
                + " on w2008/w2008-flat.vmdk, beside the live one; VDDK 1.2 and newer can");
    assertThat(vm.files()).isEqualTo(files);
    assertThat(vm.snapshots()).isEmpty();
  }

  @Test
  void vddk12ReadsTheQuiescedState() {
    VirtualMachine vm = rig.running("w2008", WINDOWS_2008_R2, DISK);
    List<String> files = vm.files();
    Copy copy = new Copy();
    BackupResult result =
        rig.operations.backup(vm, BackupRequest.full(VddkVersion.V1_2, copy)).await(SOON);
    copy.assertHolds(0, result.contents().get(0));
    assertThat(result.contents().get(0).runs()).isNotEqualTo(vm.disks().get(0).contents().runs());
    assertThat(result.quiescing().leavesSiblingRedoLogs()).isTrue();
    assertThat(result.readBytes()).isEqualTo(4 * MIB);
    assertThat(vm.files()).isEqualTo(files);
  }

  @Test
  void vddk11ReadsWindows7() {
    VirtualMachine vm = rig.running("win7", WINDOWS_7, DISK);
    Copy copy = new Copy();
    rig.operations.backup(vm, BackupRequest.full(VddkVersion.V1_1, copy)).await(SOON);
    copy.assertHolds(0, vm.disks().get(0).contents());
  }

  @Test
  void anIncrementalBackupReadsWhatChangedAndMakesTheCopyWhole() {
    VirtualMachine vm = rig.running("win7", WINDOWS_7, DISK, DISK);
    rig.operations.trackChanges(vm, true).await(SOON);
    assertThat(rig.datastore.readText("win7/win7.vmx"))
        .contains("ctkEnabled = \"TRUE\"", "scsi0:1.ctkEnabled = \"TRUE\"");
    vm.overwriteGuestData(0, 0, 4096);
    Copy copy = new Copy();
    BackupRequest full = BackupRequest.full(VddkVersion.V1_2, copy);
    BackupResult first = rig.operations.backup(vm, full).await(SOON);
    assertThat(first.readBytes()).isEqualTo(8 * MIB);
    assertThat(first.changeIds()).hasSize(2);

    vm.overwriteGuestData(0, MIB, 4096);
    BackupResult second = rig.operations.backup(vm, full.since(first)).await(SOON);
    assertThat(second.incremental()).isTrue();
    assertThat(second.readBytes()).isBetween(4096L, MIB);
    vm.overwriteGuestData(1, 512, 512);
    vm.powerOff();
    BackupResult third = rig.operations.backup(vm, full.since(second)).await(SOON);
    assertThat(third.readBytes()).isBetween(512L, MIB);
    BackupResult fourth = rig.operations.backup(vm, full.since(third)).await(SOON);
    assertThat(fourth.readBytes()).isZero();
    copy.assertHolds(0, vm.disks().get(0).contents());
    copy.assertHolds(1, vm.disks().get(1).contents());
  }

  @Test
  void anIncrementalBackupAfterARevertIsRefused() {
    VirtualMachine vm = rig.running("win7", WINDOWS_7, DISK);
    rig.operations.trackChanges(vm, true).await(SOON);
    BackupRequest full = BackupRequest.full(VddkVersion.V1_2, BackupSink.NONE);
    int id = vm.takeSnapshot("kept").id();
    BackupResult first = rig.operations.backup(vm, full).await(SOON);
    vm.overwriteGuestData(0, 0, 4096);
    rig.operations.revertToSnapshot(vm, id).await(SOON);
    assertThat(faultOf(rig.operations.backup(vm, full.since(first))))
        .isEqualTo(FaultType.INVALID_ARGUMENT);
    assertThat(vm.snapshots()).hasSize(1);
  }

  @Test
  void withoutTrackingThereIsNoIncrementalBackup() {
    VirtualMachine vm = rig.running("win7", WINDOWS_7, DISK);
    BackupRequest full = BackupRequest.full(VddkVersion.V1_2, BackupSink.NONE);
    assertThat(rig.operations.backup(vm, full).await(SOON).changeIds()).isEmpty();
    BackupRequest invented =
        new BackupRequest(
            VddkVersion.V1_2,
            true,
            List.of("*"),
            BackupSink.NONE,
            org.facsim.hypervisor.datastore.TransferProgress.NONE);
    assertThat(faultOf(rig.operations.backup(vm, invented))).isEqualTo(FaultType.INVALID_ARGUMENT);
  }

  @Test
  void aCanceledBackupLeavesNoSnapshot() {
    VirtualMachine vm = rig.running("win7", WINDOWS_7, DISK);
    BackupRequest canceled =
        BackupRequest.full(VddkVersion.V1_2, BackupSink.NONE)
            .withProgress(
                (done, total) -> {
                  throw new CancellationException("by the admin");
                });
    assertThat(faultOf(rig.operations.backup(vm, canceled))).isEqualTo(FaultType.REQUEST_CANCELED);
    assertThat(vm.snapshots()).isEmpty();
    assertThat(vm.files()).noneMatch(name -> name.contains("-00000"));
  }
}
