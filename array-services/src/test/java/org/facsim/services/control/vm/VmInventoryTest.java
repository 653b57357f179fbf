/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control.vm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.array.ArrayOptions;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.services.explain.Explanations;
import org.facsim.services.explain.FileTransfers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Virtual machines, as the inventory groups files and follows them. */
class VmInventoryTest {
  private static final int MIB = 1 << 20;

  private final StorageArray array =
      ArrayEngine.ephemeral(new ArrayOptions(1L << 34, () -> Instant.EPOCH, 1));
  private final Volume volume = array.createVolume("ds", 1L << 34);
  private final Explanations explanations = new Explanations(() -> Instant.EPOCH);
  private final FileTransfers transfers = explanations.transfers();
  private final AtomicLong nanos = new AtomicLong();
  private final VmInventory inventory = new VmInventory(array, explanations, () -> 0, nanos::get);

  @AfterEach
  void close() {
    array.close();
  }

  private void laterByASecond() {
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
  }

  private Inode directory(String name) {
    return volume
        .names()
        .makeDirectory(Caller.ROOT, volume.root(), Name.of(name), AttributeChanges.NONE)
        .inode();
  }

  private Inode file(Inode directory, String name, byte[] bytes) {
    Inode file =
        volume
            .names()
            .create(
                Caller.ROOT,
                directory,
                Name.of(name),
                new Volume.CreateMode.Guarded(),
                AttributeChanges.NONE)
            .inode();
    write(file, bytes);
    return file;
  }

  private void write(Inode file, byte[] bytes) {
    var unused = volume.files().write(Caller.ROOT, file, 0, ByteBuffer.wrap(bytes));
  }

  private static byte[] filled(int sizeBytes, int with) {
    byte[] bytes = new byte[sizeBytes];
    java.util.Arrays.fill(bytes, (byte) with);
    return bytes;
  }

  private Vm only() {
    List<Vm> vms = inventory.all().vms();
    assertThat(vms).hasSize(1);
    return vms.get(0);
  }

  @Test
  void aDirectoryWithADiskIsAVirtualMachine() {
    Inode one = directory("one");
    file(one, "one.vmx", "displayName = \"Number One\"".getBytes(UTF_8));
    file(one, "one-flat.vmdk", filled(MIB, 1));
    file(directory("empty"), "notes.txt", filled(1, 1));
    Vm vm = only();
    assertThat(vm.id()).isEqualTo("ds/one");
    assertThat(vm.name()).isEqualTo("Number One");
    assertThat(vm.disks()).isEqualTo(1);
    assertThat(vm.space().provisionedBytes()).isEqualTo(MIB);
    assertThat(vm.space().usedBytes()).isEqualTo(MIB + Volume.BLOCK_BYTES);
    assertThat(vm.parent()).isNull();
  }

  @Test
  void theUsedSpaceIsSplitAsTheConsoleOfAnArraySplitsIt() {
    Inode one = directory("one");
    Inode disk = file(one, "one-flat.vmdk", filled(MIB, 1));
    file(one, "one-000001-delta.vmdk", filled(MIB / 2, 2));
    volume.clones().cloneTree(Caller.ROOT, one, volume.root(), Name.of("two"));
    write(disk, filled(MIB / 4, 3)); // the old blocks stay for the clone
    List<Vm> vms = inventory.all().vms();
    VmSpace original = vms.get(0).space();
    assertThat(original.liveBytes()).isEqualTo(MIB);
    assertThat(original.hypervisorSnapshotBytes()).isEqualTo(MIB / 2);
    assertThat(original.arraySnapshotBytes()).isEqualTo(MIB / 4);
    assertThat(original.usedBytes()).isEqualTo(MIB + MIB / 2 + MIB / 4);
    assertThat(original.uniqueBytes()).isEqualTo(MIB / 4);
    assertThat(vms.get(1).space().usedBytes()).isZero();
    assertThat(vms.get(1).parent().path()).isEqualTo("one");
  }

  @Test
  void onlyWhatChangedIsToldSinceAVersion() {
    Inode one = directory("one");
    Inode disk = file(one, "one-flat.vmdk", filled(MIB, 1));
    file(directory("two"), "two-flat.vmdk", filled(MIB, 1));
    long version = inventory.all().version();
    laterByASecond();
    assertThat(inventory.since(version)).isEqualTo(new VmPage(version, true, List.of(), List.of()));
    write(disk, filled(2 * MIB / 2, 9));
    var unused =
        volume
            .attributes()
            .setAttributes(Caller.ROOT, disk, AttributeChanges.ofSize(3 * MIB), null);
    assertThat(inventory.since(version).vms()).as("not looked yet").isEmpty();
    laterByASecond();
    VmPage changed = inventory.since(version);
    assertThat(changed.isComplete()).isTrue();
    assertThat(changed.vms()).map(Vm::id).containsExactly("ds/one");
    assertThat(changed.vms().get(0).space().provisionedBytes()).isEqualTo(3 * MIB);
  }

  @Test
  void aCloneChangesWhatItsSourceHoldsAlone() {
    Inode one = directory("one");
    file(one, "one-flat.vmdk", filled(MIB, 1));
    long version = inventory.all().version();
    volume.clones().cloneTree(Caller.ROOT, one, volume.root(), Name.of("two"));
    laterByASecond();
    VmPage changed = inventory.since(version);
    assertThat(changed.vms()).map(Vm::id).containsExactly("ds/one", "ds/two");
    assertThat(changed.vms()).allMatch(vm -> vm.space().uniqueBytes() == 0);
  }

  @Test
  void whatIsGoneIsTold() {
    Inode one = directory("one");
    file(one, "one-flat.vmdk", filled(MIB, 1));
    long version = inventory.all().version();
    var file = volume.names().remove(Caller.ROOT, one, Name.of("one-flat.vmdk"));
    assertThat(file).isNotNull();
    laterByASecond();
    VmPage changed = inventory.since(version);
    assertThat(changed.vms()).isEmpty();
    assertThat(changed.gone()).containsExactly("ds/one");
  }

  @Test
  void aVersionOfAnotherRunIsKnownAsSuch() {
    file(directory("one"), "one-flat.vmdk", filled(MIB, 1));
    long version = inventory.all().version();
    assertThat(inventory.since(version + 1).isComplete()).isFalse();
    assertThat(inventory.since(0).isComplete()).isFalse();
    assertThat(inventory.since(0).vms()).hasSize(1);
  }

  @Test
  void ratesComeFromWhatClientsMovedAndGo() {
    Inode disk = file(directory("one"), "one-flat.vmdk", filled(MIB, 1));
    inventory.all();
    for (int i = 0; i < 100; i++) {
      transfers.wrote(disk, InetAddress.getLoopbackAddress(), 4096);
    }
    laterByASecond();
    VmRates rates = only().rates();
    assertThat(rates.writeOps()).isEqualTo(100);
    assertThat(rates.writeBytes()).isEqualTo(409_600);
    laterByASecond();
    assertThat(only().rates()).isEqualTo(VmRates.NONE);
  }

  @Test
  void siblingsOnOneBaseAndAChainAreDifferentTrees() {
    Inode one = directory("one");
    file(one, "a.vmdk", descriptor("1", "ffffffff", ""));
    file(one, "a-000001.vmdk", descriptor("2", "1", "a.vmdk"));
    file(one, "a-000002.vmdk", descriptor("3", "1", "a.vmdk"));
    file(one, "b.vmdk", descriptor("4", "ffffffff", ""));
    file(one, "b-000001.vmdk", descriptor("5", "4", "b.vmdk"));
    file(one, "b-000002.vmdk", descriptor("6", "5", "b-000001.vmdk"));
    file(one, "c.vmdk", descriptor("7", "9", "gone.vmdk"));
    file(one, "d.vmdk", descriptor("8", "8", "d.vmdk"));
    List<VmDisk> disks = inventory.find(volume, "one").orElseThrow().disks();
    assertThat(disks)
        .map(VmDisk::path)
        .containsExactly("one/a.vmdk", "one/b.vmdk", "one/c.vmdk", "one/d.vmdk");
    assertThat(disks.get(0).children()).hasSize(2);
    assertThat(disks.get(1).children()).hasSize(1);
    assertThat(disks.get(1).children().get(0).children()).hasSize(1);
    assertThat(disks.get(2).problem()).contains("gone.vmdk");
    assertThat(disks.get(3).problem()).contains("lead back");
  }

  private static byte[] descriptor(String id, String parentId, String hint) {
    return "# Disk DescriptorFile\nCID=%s\nparentCID=%s\nparentFileNameHint=\"%s\"\nRW 8 VMFS \"x\"\n"
        .formatted(id, parentId, hint)
        .getBytes(UTF_8);
  }

  @Test
  void fiveThousandMachinesCostLittleOnceTheyAreKnown() {
    for (int i = 0; i < 5000; i++) {
      Inode vm = directory("vm" + i);
      file(vm, "vm-flat.vmdk", filled(Volume.BLOCK_BYTES, i));
      file(vm, "vm.vmx", filled(10, 'x'));
    }
    VmPage all = inventory.all();
    assertThat(all.vms()).hasSize(5000);
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long start = System.nanoTime();
      assertThat(inventory.all().vms()).hasSize(5000);
      best = Math.min(best, System.nanoTime() - start);
    }
    assertThat(best).isLessThan(Duration.ofMillis(50).toNanos());
  }
}
