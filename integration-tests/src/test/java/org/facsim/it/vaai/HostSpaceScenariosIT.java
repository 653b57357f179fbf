/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.vaai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.facsim.array.FileSpace;
import org.facsim.hypervisor.catalog.GuestOperatingSystem;
import org.facsim.hypervisor.clone.CloneMethod;
import org.facsim.hypervisor.clone.CloneRequest;
import org.facsim.hypervisor.clone.CloneResult;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.FileSpaceUse;
import org.facsim.hypervisor.datastore.IoCounters;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.vm.DiskFormat;
import org.facsim.hypervisor.vm.DiskProvisioning;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmSpec;
import org.facsim.services.offload.CloneJobListener;
import org.facsim.services.offload.JobState;
import org.facsim.services.offload.OffloadCounter;
import org.junit.jupiter.api.Test;

/**
 * Space as a host sees it, by the numbered scenarios: disk full, thick disks, reports, sources
 * gone.
 */
class HostSpaceScenariosIT extends HostScenarios {
  private VirtualMachine thick(String name, long provisionedBytes, DiskFormat format) {
    return host.createVm(
        datastore,
        new VmSpec(
            name,
            GuestOperatingSystem.WINDOWS_7,
            GuestConfiguration.standard(),
            List.of(new DiskSpec(provisionedBytes, MIB, format)),
            9));
  }

  @Test
  void scenario21_aVolumeThatIsFullInMidCopyLeavesNothingOfTheClone() {
    connect();
    profile("one", copying(4 * MIB));
    List<String> filesBefore = datastore.list("");
    AtomicBoolean isFull = new AtomicBoolean();
    assertThatThrownBy(
            () ->
                host.cloneVm(
                    source,
                    new CloneRequest(
                        "copy",
                        datastore,
                        (done, total) -> {
                          if (done > 0 && isFull.compareAndSet(false, true)) {
                            // the copy, like any other, may now take 1 MiB more
                            array
                                .storage()
                                .resizeVolume(
                                    volume("one"),
                                    volume("one").space().ofVolume().physicalUsedBytes() + MIB);
                          }
                        })))
        .isInstanceOfSatisfying(
            DatastoreException.class,
            e -> assertThat(e.error()).isEqualTo(DatastoreError.DISK_FULL));
    assertThat(isFull).isTrue();
    assertThat(changes).last().extracting(CloneJobListener.Change::to).isEqualTo(JobState.FAILED);
    assertThat(datastore.list("")).isEqualTo(filesBefore);
    array.storage().awaitReclaim();
    assertThat(space("one", source.disks().get(0).flatPath()).exclusiveBytes())
        .isEqualTo(DISK.usedBytes());
    assertThat(volume("one").space().ofVolume().inodes()).isLessThan(20);
    assertWhole(source);
  }

  @Test
  void scenario31_aReservationThatIsOnlyAnOkIsFlaggedAndTheDiskStaysThin() {
    profile("reserve-ignored");
    connect();
    assertThat(datastore.hardwareAcceleration().reserveSpace()).isTrue();
    VirtualMachine vm = thick("thick", 8 * MIB, DiskFormat.THICK_EAGER_ZEROED);
    DiskProvisioning provisioning = vm.disks().get(0).provisioning();
    assertThat(provisioning.got()).isEqualTo(DiskFormat.THIN);
    assertThat(provisioning.flag())
        .contains("the disk stays thin: the array said OK and reserved 0 of 8388608 bytes");
    assertThat(space("one", "thick/thick-flat.vmdk"))
        .returns(0L, FileSpace::referencedBytes)
        .returns(0L, FileSpace::reservedBytes);
  }

  @Test
  void thickDisksAreThickWhereTheArrayReserves() {
    connect();
    VirtualMachine lazy = thick("lazy", 8 * MIB, DiskFormat.THICK_LAZY_ZEROED);
    VirtualMachine eager = thick("eager", 8 * MIB, DiskFormat.THICK_EAGER_ZEROED);
    for (VirtualMachine vm : List.of(lazy, eager)) {
      assertThat(vm.disks().get(0).provisioning().flag()).isEmpty();
    }
    assertThat(space("one", "lazy/lazy-flat.vmdk").reservedBytes()).isEqualTo(8 * MIB);
    assertThat(space("one", "eager/eager-flat.vmdk").exclusiveBytes()).isEqualTo(8 * MIB);

    CloneResult result = host.cloneVm(eager, new CloneRequest("copy", datastore));
    assertThat(result.clonedBy()).as(result.reason()).isEqualTo(CloneMethod.ARRAY_OFFLOAD);
    assertThat(result.vm().disks().get(0).provisioning().flag()).isEmpty();
  }

  @Test
  void scenario32_aThickDiskBeyondTheFreeSpaceIsDiskFullAndLeavesNothing() {
    connect();
    List<String> filesBefore = datastore.list("");
    long used = volume("one").space().ofVolume().physicalUsedBytes();
    for (DiskFormat format : List.of(DiskFormat.THICK_LAZY_ZEROED, DiskFormat.THICK_EAGER_ZEROED)) {
      assertThatThrownBy(() -> thick("huge", 2L << 30, format))
          .isInstanceOfSatisfying(
              DatastoreException.class,
              e -> assertThat(e.error()).isEqualTo(DatastoreError.DISK_FULL));
      assertThat(datastore.list("")).isEqualTo(filesBefore);
    }
    array.storage().awaitReclaim();
    assertThat(volume("one").space().ofVolume())
        .satisfies(
            space -> {
              assertThat(space.physicalUsedBytes()).isEqualTo(used);
              assertThat(space.reservedBytes()).isZero();
            });
    assertThat(array.offload().statistics().total("one", OffloadCounter.RESERVE_SPACE_FAILURE))
        .isEqualTo(2);
  }

  @Test
  void scenario33_statisticsThatDisagreeWithGetattrAreFlagged() {
    profile("net-statistics");
    connect();
    CloneResult result = host.cloneVm(source, new CloneRequest("copy", datastore));
    assertThat(result.clonedBy()).as(result.reason()).isEqualTo(CloneMethod.ARRAY_OFFLOAD);
    FileSpaceUse use = datastore.spaceOf("copy/copy-flat.vmdk");
    assertThat(use.fromArray()).isTrue();
    assertThat(use.flag())
        .contains(
            "extended statistics say 0 of %d bytes are allocated, GETATTR says %d of %d"
                .formatted(DISK.provisionedBytes(), DISK.usedBytes(), DISK.provisionedBytes()));
    profile("sharing");
    assertThat(datastore.spaceOf("copy/copy-flat.vmdk"))
        .returns(DISK.usedBytes(), FileSpaceUse::committedBytes)
        .returns(0L, FileSpaceUse::unsharedBytes)
        .satisfies(exact -> assertThat(exact.flag()).isEmpty());
  }

  @Test
  void scenario33_withoutStatisticsTheHostGoesByGetattr() {
    profile("no-statistics");
    connect();
    assertThat(datastore.spaceOf(source.disks().get(0).flatPath()))
        .returns(false, FileSpaceUse::fromArray)
        .returns(DISK.usedBytes(), FileSpaceUse::unsharedBytes)
        .satisfies(fallback -> assertThat(fallback.flag()).isEmpty());
  }

  @Test
  void scenario37_aCloneOutlivesItsSourceAndTheSnapshotGoesWithTheLast() {
    profile("snapshot-kept");
    connect();
    CloneResult result = host.cloneVm(source, new CloneRequest("copy", datastore));
    assertThat(result.clonedBy()).as(result.reason()).isEqualTo(CloneMethod.ARRAY_OFFLOAD);
    assertThat(result.destinationData()).isEqualTo(IoCounters.ZERO);
    host.destroyVm(source);
    assertThat(volume("one").snapshots().all()).hasSize(1);
    assertWhole(result.vm());
    host.destroyVm(result.vm());
    assertThat(volume("one").snapshots().all()).isEmpty();
    array.storage().awaitReclaim();
    assertThat(volume("one").space().ofVolume().physicalUsedBytes()).isZero();
  }
}
