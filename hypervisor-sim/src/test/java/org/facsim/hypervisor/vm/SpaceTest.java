/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.catalog.GuestOperatingSystem;
import org.facsim.hypervisor.clone.CloneResult;
import org.facsim.hypervisor.datastore.FileSpaceUse;
import org.facsim.hypervisor.datastore.HardwareAcceleration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Thick disks and space reports: what a host makes of an array that says one thing and does
 * another.
 */
final class SpaceTest {
  private static final long SIZE = 4 * Rig.MIB;
  private static final DiskSpec THICK = new DiskSpec(SIZE, Rig.MIB, DiskFormat.THICK_LAZY_ZEROED);

  private final Rig rig = new Rig();

  @AfterEach
  void stop() {
    rig.close();
  }

  private DiskProvisioning provisioningOf(DiskSpec spec) {
    return rig.vm("vm", GuestOperatingSystem.WINDOWS_7, spec).disks().get(0).provisioning();
  }

  @Test
  void aThinDiskAsksForNothing() {
    assertThat(provisioningOf(new DiskSpec(SIZE, Rig.MIB)))
        .isEqualTo(DiskProvisioning.asAsked(DiskFormat.THIN));
    assertThat(rig.offload.reservations).isZero();
  }

  @Test
  void aThickDiskIsThickIfAllOfItIsReserved() {
    assertThat(provisioningOf(THICK)).isEqualTo(DiskProvisioning.asAsked(THICK.format()));
  }

  private String descriptorOf(VirtualMachine vm) {
    return rig.datastore.readText(vm.disks().get(0).descriptorPath());
  }

  @Test
  void aDiskIsDescribedAsItIsProvidedFor() {
    String thin = "ddb.thinProvisioned = \"1\"";
    DiskSpec thinSpec = new DiskSpec(SIZE, Rig.MIB);
    assertThat(descriptorOf(rig.vm("thin", GuestOperatingSystem.WINDOWS_7, thinSpec)))
        .contains(thin);
    VirtualMachine thick = rig.vm("thick", GuestOperatingSystem.WINDOWS_7, THICK);
    assertThat(descriptorOf(thick)).doesNotContain("thinProvisioned");
    assertThat(descriptorOf(rig.cloneOf(thick, "copy").vm())).doesNotContain("thinProvisioned");

    rig.offload.reservedBytes = 0L;
    VirtualDisk disk = thick.disks().get(0);
    disk.emptyFlat();
    assertThat(descriptorOf(thick)).contains(thin);
    rig.offload.reservedBytes = null;
    disk.emptyFlat();
    assertThat(descriptorOf(thick)).doesNotContain("thinProvisioned");
  }

  @Test
  void anOkWithoutAReservationIsFlagged() {
    rig.offload.reservedBytes = 0L;
    assertThat(provisioningOf(THICK))
        .isEqualTo(
            new DiskProvisioning(
                THICK.format(),
                DiskFormat.THIN,
                Optional.of(
                    "the disk stays thin: the array said OK and reserved 0 of 4194304 bytes")));
  }

  @Test
  void anArrayThatCannotReserveOrRefusesIsFlaggedAndTheDiskIsMade() {
    rig.offload.failure = "BUSY: a controller takes over";
    assertThat(provisioningOf(THICK).flag())
        .contains(
            "the disk stays thin: the array did not reserve space (BUSY: a controller takes over)");
    rig.offload.acceleration = HardwareAcceleration.unavailable("no plugin");
    VirtualMachine other = rig.vm("other", GuestOperatingSystem.WINDOWS_7, THICK);
    assertThat(other.disks().get(0).provisioning().flag())
        .contains("the disk stays thin: the array does not reserve space");
  }

  @Test
  void aCloneIsProvidedForLikeItsSource() {
    VirtualMachine source = rig.vm("vm", GuestOperatingSystem.WINDOWS_7, THICK);
    rig.offload.reservedBytes = 0L;
    CloneResult result = rig.cloneOf(source, "copy");
    assertThat(result.vm().disks().get(0).provisioning().flag()).isPresent();
    assertThat(rig.offload.reservations).isEqualTo(2);
  }

  private FileSpaceUse spaceOfADisk() {
    VirtualMachine vm =
        rig.running("vm", GuestOperatingSystem.WINDOWS_7, new DiskSpec(SIZE, Rig.MIB));
    return rig.datastore.spaceOf(vm.disks().get(0).flatPath());
  }

  @Test
  void extendedStatisticsThatAgreeWithGetattrAreReported() {
    FileSpaceUse space = spaceOfADisk();
    assertThat(space).isEqualTo(new FileSpaceUse(SIZE, Rig.MIB, 0, true, Optional.empty()));
    assertThat(space.uncommittedBytes()).isEqualTo(3 * Rig.MIB);
  }

  @Test
  void extendedStatisticsThatDisagreeAreFlagged() {
    rig.offload.allocatedBytes = 0L;
    assertThat(spaceOfADisk().flag())
        .contains(
            "extended statistics say 0 of 4194304 bytes are allocated, GETATTR says 1048576 of"
                + " 4194304");
  }

  @Test
  void withoutExtendedStatisticsAllThatIsUsedCountsAsUnshared() {
    rig.offload.acceleration = HardwareAcceleration.unavailable("no plugin");
    assertThat(spaceOfADisk())
        .isEqualTo(new FileSpaceUse(SIZE, Rig.MIB, Rig.MIB, false, Optional.empty()));
    rig.offload.acceleration = HardwareAcceleration.complete();
    rig.offload.failure = "NOTSUPP";
    FileSpaceUse refused = rig.datastore.spaceOf("vm/vm-flat.vmdk");
    assertThat(refused.unsharedBytes()).isEqualTo(Rig.MIB);
    assertThat(refused.flag()).contains("no extended statistics (NOTSUPP)");
  }
}
