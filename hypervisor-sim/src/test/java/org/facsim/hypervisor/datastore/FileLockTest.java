/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.facsim.hypervisor.Rig.MIB;
import static org.facsim.hypervisor.guest.GuestOperatingSystem.WINDOWS_7;

import java.time.Duration;
import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FileLockTest {
  private final Rig rig = new Rig();

  @AfterEach
  void closeRig() {
    rig.close();
  }

  @Test
  void theNameIsTheFileIdWithItsBytesReversed() {
    assertThat(FileLock.lockFileName(0x0102)).isEqualTo(".lck-0201000000000000");
    assertThat(FileLock.lockFileName(-2)).isEqualTo(".lck-feffffffffffffff");
  }

  @Test
  void aRunningVmHoldsLocksAndAStoppedOneDoesNot() {
    VirtualMachine vm = rig.vm("vm", WINDOWS_7, new DiskSpec(8 * MIB, MIB));
    var before = vm.files();

    vm.powerOn();
    vm.takeSnapshot("one");

    // .vmx, base and redo log
    assertThat(vm.files()).filteredOn(name -> name.startsWith(".lck-")).hasSize(3);
    String lock = FileLock.lockFileName(rig.files.find("vm/vm-flat.vmdk").fileId);
    assertThat(rig.datastore.open("vm/" + lock).sizeBytes()).isEqualTo(84);

    vm.removeSnapshots();
    assertThat(vm.files()).filteredOn(name -> name.startsWith(".lck-")).hasSize(2);
    vm.powerOff();
    assertThat(vm.files()).isEqualTo(before);
  }

  @Test
  void aLiveHolderIsRespectedAndASilentOneLosesTheLock() {
    DatastoreFile file = rig.datastore.create("disk");
    FileLock.acquire(rig.datastore, file, "esx1", rig.clock);

    rig.clock.advance(Duration.ofSeconds(35));
    assertThatThrownBy(() -> FileLock.acquire(rig.datastore, file, "esx2", rig.clock))
        .isInstanceOfSatisfying(
            DatastoreException.class, e -> assertThat(e.error()).isEqualTo(DatastoreError.LOCKED))
        .hasMessage("disk is locked by esx1");

    rig.clock.advance(Duration.ofSeconds(1));
    FileLock.acquire(rig.datastore, file, "esx2", rig.clock);
    assertThatThrownBy(() -> FileLock.acquire(rig.datastore, file, "esx1", rig.clock))
        .hasMessage("disk is locked by esx2");
  }

  @Test
  void theHeartbeatKeepsALockAlive() {
    DatastoreFile file = rig.datastore.create("disk");
    rig.locks.lock(rig.datastore, file);
    for (int i = 0; i < 10; i++) {
      rig.clock.advance(Duration.ofSeconds(10));
      rig.locks.refreshAll();
    }

    assertThatThrownBy(() -> FileLock.acquire(rig.datastore, file, "esx2", rig.clock))
        .hasMessage("disk is locked by esx1");
  }

  @Test
  void powerOnTakesAllLocksOrNone() {
    VirtualMachine vm = rig.vm("vm", WINDOWS_7, new DiskSpec(8 * MIB, MIB));
    FileLock.acquire(rig.datastore, vm.disks().get(0).flat(), "esx2", rig.clock);

    assertThatThrownBy(vm::powerOn).hasMessage("vm/vm-flat.vmdk is locked by esx2");

    assertThat(vm.poweredOn()).isFalse();
    assertThat(vm.files()).filteredOn(name -> name.startsWith(".lck-")).hasSize(1);
    assertThat(vm.files()).doesNotContain("vm.vswp");
  }
}
