/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.mover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.hypervisor.Rig.MIB;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.IoCounters;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.mover.SoftwareDataMover.DiskCopy;
import org.facsim.hypervisor.mover.SoftwareDataMover.Zeros;
import org.facsim.hypervisor.vm.DiskChain;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SoftwareDataMoverTest {
  private static final DiskSpec DISK = new DiskSpec(20 * MIB, 6 * MIB);

  private final Rig rig = new Rig();

  @AfterEach
  void closeRig() {
    rig.close();
  }

  private DatastoreFile destination() {
    DatastoreFile file = rig.datastore.create("destination");
    file.setSizeBytes(DISK.provisionedBytes());
    return file;
  }

  @Test
  void readsEverythingOnceAndWritesWhatIsNotZero() {
    VirtualMachine vm = rig.running("vm", WINDOWS_7, DISK);
    DatastoreFile destination = destination();
    IoCounters before = rig.datastore.counters();

    new SoftwareDataMover()
        .copy(DiskChain.open(rig.datastore, "vm/vm.vmdk"), destination, TransferProgress.NONE);

    assertThat(rig.datastore.counters("destination"))
        .isEqualTo(new IoCounters(0, 0, 6, DISK.usedBytes()));
    IoCounters moved = rig.datastore.counters().since(before);
    // The descriptor is one READ of its own.
    assertThat(moved.readCalls()).isEqualTo(21);
    assertThat(moved.readBytes() - DISK.provisionedBytes()).isLessThan(1024);
    assertThat(vm.poweredOn()).isTrue();
  }

  @Test
  void sendsAStretchAgainWhenTheServerRestartedInIt() {
    VirtualMachine vm = rig.running("vm", WINDOWS_7, DISK);
    DatastoreFile destination = destination();
    long destinationId = rig.files.find("destination").fileId;
    int[] writes = {0};
    rig.files.writeFault =
        (fileId, offset) -> {
          if (fileId == destinationId && ++writes[0] == 3) {
            rig.files.writeVerifier.incrementAndGet();
            rig.files.find("destination").pages.clear();
          }
          return null;
        };

    new SoftwareDataMover()
        .copy(DiskChain.open(rig.datastore, "vm/vm.vmdk"), destination, TransferProgress.NONE);

    assertThat(writes[0]).isEqualTo(12);
    DiskContents contents = vm.disks().get(0).contents();
    for (long at = 0; at < DISK.provisionedBytes(); at += 4096) {
      byte[] bytes = destination.readFully(at, 8);
      assertThat(java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong())
          .as("at %d", at)
          .isEqualTo(contents.wordAt(at));
    }
  }

  @Test
  void honoursSmallTransferLimitsOfTheServer() {
    rig.files.maxTransferBytes = 64 << 10;
    rig.running("vm", WINDOWS_7, DISK);

    new SoftwareDataMover()
        .copy(DiskChain.open(rig.datastore, "vm/vm.vmdk"), destination(), TransferProgress.NONE);

    assertThat(rig.datastore.counters("destination"))
        .isEqualTo(new IoCounters(0, 0, 6 * 16, DISK.usedBytes()));
  }

  @Test
  void copiesSeveralDisksUnderOneProgress() {
    VirtualMachine vm = rig.running("vm", WINDOWS_7, DISK, DISK);
    DatastoreFile one = destination();
    DatastoreFile two = rig.datastore.create("destination2");
    two.setSizeBytes(DISK.provisionedBytes());
    List<Long> told = new ArrayList<>();

    new SoftwareDataMover()
        .copy(
            List.of(
                new DiskCopy(DiskChain.open(rig.datastore, "vm/vm.vmdk"), one, Zeros.SKIP),
                new DiskCopy(DiskChain.open(rig.datastore, "vm/vm_1.vmdk"), two, Zeros.SKIP)),
            (done, total) -> {
              assertThat(total).isEqualTo(2 * DISK.provisionedBytes());
              told.add(done);
            });

    assertThat(told).isSorted().endsWith(2 * DISK.provisionedBytes());
    assertHolds(one, vm.disks().get(0).contents());
    assertHolds(two, vm.disks().get(1).contents());
  }

  private static void assertHolds(DatastoreFile file, DiskContents contents) {
    for (long at = 0; at < DISK.provisionedBytes(); at += 4096) {
      byte[] bytes = file.readFully(at, 8);
      assertThat(java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong())
          .as("at %d", at)
          .isEqualTo(contents.wordAt(at));
    }
  }

  @Test
  void writesZerosTooWhereTheDestinationIsToBeThick() {
    rig.running("vm", WINDOWS_7, DISK);

    new SoftwareDataMover()
        .copy(
            List.of(
                new DiskCopy(
                    DiskChain.open(rig.datastore, "vm/vm.vmdk"), destination(), Zeros.WRITE)),
            TransferProgress.NONE);

    assertThat(rig.datastore.counters("destination"))
        .isEqualTo(new IoCounters(0, 0, 20, DISK.provisionedBytes()));
    assertThat(rig.files.find("destination").pages.size() * 4096L)
        .isEqualTo(DISK.provisionedBytes());
  }

  @Test
  void gathersWhatLiesInRedoLogsIntoLargeWrites() {
    VirtualMachine vm = rig.running("vm", WINDOWS_7, DISK);
    vm.takeSnapshot("one");
    for (long at = 0; at < MIB; at += 64 << 10) {
      vm.overwriteGuestData(0, at + 512, 4096);
    }
    DiskContents expected = vm.disks().get(0).contents();

    DatastoreFile destination = destination();
    new SoftwareDataMover()
        .copy(
            DiskChain.open(rig.datastore, vm.disks().get(0).descriptorPath()),
            destination,
            TransferProgress.NONE);

    // The first MiB lies in 33 pieces.
    assertThat(rig.datastore.counters("destination").writeCalls()).isLessThan(10);
    assertHolds(destination, expected);
    assertThat(new SplittableRandom(1).ints(2000).allMatch(i -> agrees(destination, expected, i)))
        .isTrue();
  }

  private static boolean agrees(DatastoreFile file, DiskContents contents, int random) {
    long at = Math.floorMod(random, DISK.provisionedBytes() / 512) * 512;
    return java.nio.ByteBuffer.wrap(file.readFully(at, 8))
            .order(java.nio.ByteOrder.LITTLE_ENDIAN)
            .getLong()
        == contents.wordAt(at);
  }
}
