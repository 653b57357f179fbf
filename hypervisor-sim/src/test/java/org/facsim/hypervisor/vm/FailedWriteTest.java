/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;

import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A guest's write of which the array takes a part and refuses the rest. */
class FailedWriteTest {
  private static final DiskSpec DISK = new DiskSpec(8 * Rig.MIB, 4 * Rig.MIB);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nobodyClaimsToKnowWhatTheDiskHoldsThen(boolean snapshot) {
    try (Rig rig = new Rig()) {
      VirtualMachine vm = rig.running("vm", WINDOWS_7, DISK, DISK);
      if (snapshot) {
        vm.takeSnapshot("before");
      }
      rig.files.writeFault =
          (file, offset) ->
              offset >= 3 * Rig.MIB
                  ? new DatastoreException(DatastoreError.DISK_FULL, "NFS3ERR_NOSPC")
                  : null;
      assertThatThrownBy(() -> vm.overwriteGuestData(0, 0, 4 * Rig.MIB))
          .isInstanceOf(DatastoreException.class);
      rig.files.writeFault = (file, offset) -> null;

      assertThat(vm.disks().get(0).contentsKnown()).isFalse();
      assertThat(vm.disks().get(1).contentsKnown()).isTrue();
      VmSnapshot taken = vm.takeSnapshot("after");
      assertThat(taken.disks().get(0).contentsKnown()).isFalse();
      assertThat(taken.disks().get(1).contentsKnown()).isTrue();
    }
  }

  @Test
  void aCloneOfSuchADiskKnowsNoMore() {
    try (Rig rig = new Rig()) {
      VirtualMachine vm = rig.running("vm", WINDOWS_7, DISK, DISK);
      rig.files.writeFault =
          (file, offset) -> new DatastoreException(DatastoreError.DISK_FULL, "NFS3ERR_NOSPC");
      assertThatThrownBy(() -> vm.overwriteGuestData(1, 0, 4 * Rig.MIB))
          .isInstanceOf(DatastoreException.class);
      rig.files.writeFault = (file, offset) -> null;

      VirtualMachine clone = rig.cloneOf(vm, "copy").vm();
      assertThat(clone.disks().get(0).contentsKnown()).isTrue();
      assertThat(clone.disks().get(1).contentsKnown()).isFalse();
    }
  }
}
