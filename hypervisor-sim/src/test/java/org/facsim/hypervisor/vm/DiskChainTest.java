/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.facsim.hypervisor.Rig.MIB;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;

import io.netty.buffer.Unpooled;
import java.util.Optional;
import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.Replies;
import org.facsim.hypervisor.guest.WriteRun;
import org.facsim.hypervisor.mover.DiskVerifier;
import org.facsim.hypervisor.mover.Verification;
import org.facsim.hypervisor.mover.Verification.Mismatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DiskChainTest {
  private static final DiskSpec DISK = new DiskSpec(24 * MIB, 5 * MIB);

  private final Rig rig = new Rig();

  @AfterEach
  void closeRig() {
    rig.close();
  }

  @Test
  void aFlatExtentShorterThanItsDescriptorSaysIsRefused() {
    VirtualMachine vm = rig.vm("vm", WINDOWS_7, DISK);
    rig.datastore.open("vm/vm-flat.vmdk").setSizeBytes(DISK.provisionedBytes() - 512);

    assertThatThrownBy(vm::powerOn)
        .isInstanceOfSatisfying(
            DatastoreException.class, e -> assertThat(e.error()).isEqualTo(DatastoreError.DAMAGED))
        .hasMessageContaining("vm-flat.vmdk");
  }

  @Test
  void aRedoLogWhoseParentHasChangedIsRefused() {
    VirtualMachine vm = rig.running("vm", WINDOWS_7, DISK);
    vm.takeSnapshot("one");
    rig.datastore.writeText(
        "vm/vm.vmdk", rig.datastore.readText("vm/vm.vmdk").replaceFirst("CID=[0-9a-f]+", "CID=1"));

    assertThatThrownBy(() -> DiskChain.open(rig.datastore, "vm/vm-000001.vmdk"))
        .hasMessageContaining("has changed since");
  }

  @Test
  void aChainThatRunsInCirclesIsRefused() {
    VirtualMachine vm = rig.running("vm", WINDOWS_7, DISK);
    vm.takeSnapshot("one");
    String text = rig.datastore.readText("vm/vm-000001.vmdk");
    rig.datastore.writeText(
        "vm/vm-000001.vmdk",
        text.replace("\"vm.vmdk\"", "\"vm-000001.vmdk\"")
            .replaceFirst("\nCID=[0-9a-f]+\nparentCID=[0-9a-f]+", "\nCID=7\nparentCID=7"));

    assertThatThrownBy(() -> DiskChain.open(rig.datastore, "vm/vm-000001.vmdk"))
        .hasMessageContaining("without end");
  }

  @Test
  void theVerifierNamesTheFirstDifferenceInDataAndInHoles() {
    VirtualMachine vm = rig.running("vm", WINDOWS_7, DISK);
    VirtualDisk disk = vm.disks().get(0);
    DiskVerifier verifier = new DiskVerifier(rig.datastore);
    assertThat(rig.verify(vm, 0)).isEqualTo(new Verification(24 * MIB, Optional.empty()));
    WriteRun lastRun = disk.contents().runs().get(4);
    long hole = lastRun.endBytes() + 4096;

    overwrite(disk, hole + 8);
    assertThat(rig.verify(vm, 0).mismatch())
        .contains(new Mismatch(hole + 8, 0, 0x0101010101010101L));

    overwrite(disk, 4096 + 64);
    assertThat(rig.verify(vm, 0))
        .isEqualTo(
            new Verification(
                0,
                Optional.of(
                    new Mismatch(4096 + 64, disk.contents().wordAt(4096), 0x0101010101010101L))));
    assertThat(verifier.verifySample(disk.descriptorPath(), disk.contents(), 3 * MIB, 1).matches())
        .isFalse();
  }

  private void overwrite(VirtualDisk disk, long offset) {
    Replies.await(
        disk.flat()
            .write(offset, Unpooled.copiedBuffer(new byte[] {1, 1, 1, 1, 1, 1, 1, 1}), true));
  }

  @Test
  void aSampleReadsTheEndsOfRunsAndHoles() {
    VirtualMachine vm = rig.running("vm", WINDOWS_7, new DiskSpec(400 * MIB, 40 * MIB));
    VirtualDisk disk = vm.disks().get(0);

    Verification sample =
        new DiskVerifier(rig.datastore)
            .verifySample(disk.descriptorPath(), disk.contents(), 20 * MIB, 5);

    assertThat(sample.matches()).isTrue();
    assertThat(sample.verifiedBytes()).isBetween(20 * MIB, 120 * MIB);
  }
}
