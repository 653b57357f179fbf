/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.facsim.hypervisor.Rig.MIB;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_2008_R2;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.IoCounters;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.guest.QuiesceLevel;
import org.facsim.hypervisor.mover.DiskVerifier;
import org.facsim.hypervisor.mover.Verification;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloneVmTaskTest {
  private static final DiskSpec DISK = new DiskSpec(10 * MIB, 4 * MIB + 4096);

  private Rig rig = new Rig();

  @AfterEach
  void closeRig() {
    rig.close();
  }

  @Test
  void hotCloneOfWindows7IsOffloadedAndWritesNothing() {
    VirtualMachine source = rig.running("win7", WINDOWS_7, DISK);
    List<String> before = source.files();

    CloneResult result = rig.cloneOf(source, "copy");

    assertThat(result.clonedBy()).isEqualTo(CloneMethod.ARRAY_OFFLOAD);
    assertThat(result.snapshotsTaken()).isEqualTo(1);
    assertThat(result.redoLogsPerDisk()).isEqualTo(1);
    assertThat(result.quiescing().level()).isEqualTo(QuiesceLevel.FILE_SYSTEM);
    assertThat(result.destinationData()).isEqualTo(IoCounters.ZERO);
    assertThat(rig.offload.calls).isEqualTo(1);
    assertThat(source.files()).isEqualTo(before);
    assertThat(rig.verify(result.vm(), 0)).isEqualTo(matching(10 * MIB));
  }

  @Test
  void hotCloneOf2008R2IsCopiedByTheHostInItsQuiescedState() {
    VirtualMachine source = rig.running("w2008", WINDOWS_2008_R2, DISK);
    List<String> before = source.files();

    CloneResult result = rig.cloneOf(source, "copy");

    assertThat(result.clonedBy()).isEqualTo(CloneMethod.HOST_COPY);
    assertThat(result.redoLogsPerDisk()).isEqualTo(2);
    assertThat(result.quiescing().level()).isEqualTo(QuiesceLevel.APPLICATION);
    assertThat(result.offloadFailure()).isEmpty();
    assertThat(rig.offload.calls).isZero();
    assertThat(result.destinationData().writeBytes()).isEqualTo(DISK.usedBytes());
    assertThat(result.destinationData().readBytes()).isZero();
    assertThat(source.files()).isEqualTo(before);
    assertThat(rig.verify(result.vm(), 0)).isEqualTo(matching(10 * MIB));
    assertThat(rig.verify(source, 0)).isEqualTo(matching(10 * MIB));
    // What VSS wrote is in the clone and not in the source.
    assertThat(
            new DiskVerifier(rig.datastore)
                .verifyAll("copy/copy.vmdk", source.disks().get(0).contents())
                .matches())
        .isFalse();
  }

  @Test
  void aPolicyThatOffloadsSiblingsMakesAWrongClone() {
    rig.close();
    rig = new Rig(situation -> new CloneDecision(CloneMethod.ARRAY_OFFLOAD, "broken"));
    VirtualMachine source = rig.running("w2008", WINDOWS_2008_R2, DISK);

    CloneResult result = rig.cloneOf(source, "copy");

    assertThat(result.clonedBy()).isEqualTo(CloneMethod.ARRAY_OFFLOAD);
    assertThat(rig.verify(result.vm(), 0).matches()).isFalse();
  }

  @Test
  void coldCloneTakesNoSnapshot() {
    VirtualMachine source = rig.running("w2008", WINDOWS_2008_R2, DISK, DISK);
    source.powerOff();

    CloneResult result = rig.cloneOf(source, "copy");

    assertThat(result.clonedBy()).isEqualTo(CloneMethod.ARRAY_OFFLOAD);
    assertThat(result.snapshotsTaken()).isZero();
    assertThat(result.redoLogsPerDisk()).isZero();
    assertThat(result.vm().files())
        .containsExactlyInAnyOrder(
            "copy.vmx",
            "copy.vmsd",
            "copy.nvram",
            "copy.vmdk",
            "copy-flat.vmdk",
            "copy_1.vmdk",
            "copy_1-flat.vmdk");
    assertThat(rig.verify(result.vm(), 1)).isEqualTo(matching(10 * MIB));
  }

  @Test
  void leftoverSnapshotMakesAHostCopyOfBaseAndRedoLog() {
    VirtualMachine source = rig.running("template", WINDOWS_7, DISK);
    source.takeSnapshot("before the update");
    source.overwriteGuestData(0, MIB - 512, 3 * MIB);
    source.powerOff();

    CloneResult result = rig.cloneOf(source, "copy");

    assertThat(result.clonedBy()).isEqualTo(CloneMethod.HOST_COPY);
    assertThat(result.reason()).contains("older snapshot");
    assertThat(rig.verify(result.vm(), 0)).isEqualTo(matching(10 * MIB));
  }

  @Test
  void hotCloneWithALeftoverSnapshotFoldsItsOwnLogBackIntoTheOlderOne() {
    VirtualMachine source = rig.running("w2008", WINDOWS_2008_R2, DISK);
    source.takeSnapshot("kept");
    source.overwriteGuestData(0, 0, MIB);
    List<String> before = source.files();

    CloneResult result = rig.cloneOf(source, "copy");

    assertThat(result.clonedBy()).isEqualTo(CloneMethod.HOST_COPY);
    assertThat(source.files()).isEqualTo(before);
    assertThat(rig.verify(source, 0)).isEqualTo(matching(10 * MIB));
    assertThat(rig.verify(result.vm(), 0)).isEqualTo(matching(10 * MIB));
    source.removeSnapshots();
    assertThat(rig.verify(source, 0)).isEqualTo(matching(10 * MIB));
  }

  @Test
  void anErrorOfTheArrayFallsBackToAHostCopySilently() {
    VirtualMachine source = rig.running("win7", WINDOWS_7, DISK, DISK);
    rig.offload.failure = "BUSY: too many clones";

    CloneResult result = rig.cloneOf(source, "copy");

    assertThat(result.clonedBy()).isEqualTo(CloneMethod.HOST_COPY);
    assertThat(result.offloadFailure()).contains("BUSY: too many clones");
    assertThat(result.reason()).contains("BUSY: too many clones");
    assertThat(rig.offload.calls).isEqualTo(1);
    assertThat(result.destinationData().writeBytes()).isEqualTo(2 * DISK.usedBytes());
    assertThat(rig.verify(result.vm(), 0)).isEqualTo(matching(10 * MIB));
    assertThat(rig.verify(result.vm(), 1)).isEqualTo(matching(10 * MIB));
  }

  @Test
  void diskFullInMidCopyLeavesNoDestinationAndNoSnapshot() {
    VirtualMachine source = rig.running("w2008", WINDOWS_2008_R2, DISK);
    List<String> before = source.files();
    rig.files.writeFault =
        (fileId, offset) -> {
          var flat = rig.files.find("copy/copy-flat.vmdk");
          return flat != null && flat.fileId == fileId && offset >= 4 * MIB
              ? new DatastoreException(DatastoreError.DISK_FULL, "volume full")
              : null;
        };

    assertThatThrownBy(() -> rig.cloneOf(source, "copy"))
        .isInstanceOfSatisfying(
            DatastoreException.class,
            e -> assertThat(e.error()).isEqualTo(DatastoreError.DISK_FULL));

    assertThat(rig.datastore.list("")).containsExactly("w2008");
    assertThat(source.files()).isEqualTo(before);
    assertThat(rig.verify(source, 0)).isEqualTo(matching(10 * MIB));
  }

  @Test
  void cancellingRemovesThePartialDestination() {
    VirtualMachine source = rig.running("w2008", WINDOWS_2008_R2, DISK);
    TransferProgress cancel =
        (done, total) -> {
          if (done * 10 >= total * 4) {
            throw new CancellationException("by the admin");
          }
        };

    assertThatThrownBy(
            () -> rig.task(source, new CloneRequest("copy", rig.datastore, cancel)).run())
        .isInstanceOf(CancellationException.class);

    assertThat(rig.datastore.list("")).containsExactly("w2008");
  }

  @Test
  void anExistingDestinationIsLeftAlone() {
    VirtualMachine source = rig.running("win7", WINDOWS_7, DISK);
    VirtualMachine other = rig.vm("copy", WINDOWS_7, DISK);
    List<String> before = other.files();

    assertThatThrownBy(() -> rig.cloneOf(source, "copy"))
        .isInstanceOfSatisfying(
            DatastoreException.class,
            e -> assertThat(e.error()).isEqualTo(DatastoreError.ALREADY_EXISTS));

    assertThat(other.files()).isEqualTo(before);
  }

  @Test
  void progressNeverGoesBackAndEndsAtTheWhole() {
    VirtualMachine source = rig.running("w2008", WINDOWS_2008_R2, DISK, DISK);
    List<Long> done = new ArrayList<>();

    rig.task(source, new CloneRequest("copy", rig.datastore, (bytes, total) -> done.add(bytes)))
        .run();

    assertThat(done).isSorted().last().isEqualTo(20 * MIB);
  }

  @ParameterizedTest
  @ValueSource(longs = {MIB, MIB + 512, 3 * MIB + 4096 - 512, 5 * MIB + 1536})
  void raggedSizesAreCopiedExactly(long usedBytes) {
    DiskSpec disk = new DiskSpec(usedBytes * 5 / 2 / 512 * 512, usedBytes);
    VirtualMachine source = rig.running("w2008", WINDOWS_2008_R2, disk);

    CloneResult result = rig.cloneOf(source, "copy");

    assertThat(rig.verify(result.vm(), 0)).isEqualTo(matching(disk.provisionedBytes()));
    // Blocks of zeros are left out; a block that is zero only in part is written whole.
    assertThat(result.destinationData().writeBytes()).isEqualTo((usedBytes + 4095) / 4096 * 4096);
  }

  @Test
  void sourceAndCloneWriteOnWithoutTouchingEachOther() {
    VirtualMachine source = rig.running("win7", WINDOWS_7, DISK);
    VirtualMachine made = rig.cloneOf(source, "copy").vm();

    source.overwriteGuestData(0, 0, MIB);
    made.overwriteGuestData(0, 0, MIB);

    assertThat(rig.verify(source, 0)).isEqualTo(matching(10 * MIB));
    assertThat(rig.verify(made, 0)).isEqualTo(matching(10 * MIB));
    assertThat(made.disks().get(0).contents().wordAt(0))
        .isNotEqualTo(source.disks().get(0).contents().wordAt(0));
  }

  private static Verification matching(long bytes) {
    return new Verification(bytes, java.util.Optional.empty());
  }
}
