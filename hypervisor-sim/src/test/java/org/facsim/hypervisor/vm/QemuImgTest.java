/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.hypervisor.Rig.MIB;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_2008_R2;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.clone.RelocateRequest;
import org.facsim.hypervisor.datastore.FakeMount;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.guest.DiskContents.Span;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.guest.QuiescePlan;
import org.facsim.hypervisor.guest.QuiescePolicy;
import org.facsim.hypervisor.operation.LinkedCloneRequest;
import org.facsim.hypervisor.task.TaskContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's qemu-img, which we did not write, judges our descriptors and redo logs. */
class QemuImgTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final DiskSpec DISK = new DiskSpec(24 * MIB, 5 * MIB + 4096);

  @TempDir Path directory;
  private final Rig rig = new Rig();

  @BeforeEach
  void needsQemuImg() {
    QemuImg.assumeInstalled();
  }

  @AfterEach
  void closeRig() {
    rig.close();
  }

  @Test
  void opensABaseDisk() throws Exception {
    VirtualMachine vm = rig.running("vm", WINDOWS_7, DISK);
    rig.files.copyOut("vm", directory);

    String info = qemuImg("info", "vm.vmdk");

    assertThat(info).contains("file format: vmdk", "virtual size: 24 MiB", "create type: vmfs");
    assertConverts("vm.vmdk", vm.disks().get(0).contents());
  }

  @Test
  void readsASnapshotChainAsWeDo() throws Exception {
    VirtualMachine vm = rig.running("vm", WINDOWS_7, DISK);
    vm.takeSnapshot("one");
    vm.overwriteGuestData(0, MIB / 2, 2 * MIB);
    DiskContents atOne = vm.disks().get(0).contents();
    vm.takeSnapshot("two");
    vm.overwriteGuestData(0, 512, 512);
    vm.overwriteGuestData(0, 20 * MIB + 1536, 3 * MIB);
    vm.overwriteGuestData(0, 20 * MIB, 8192);
    rig.files.copyOut("vm", directory);

    assertThat(qemuImg("info", "--backing-chain", "vm-000002.vmdk"))
        .contains("create type: vmfsSparse", "vm-000001.vmdk", "vm.vmdk");
    assertThat(qemuImg("check", "vm-000002.vmdk")).contains("No errors were found");
    assertThat(qemuImg("check", "vm-000001.vmdk")).contains("No errors were found");
    assertConverts("vm-000002.vmdk", vm.disks().get(0).contents());
    assertConverts("vm-000001.vmdk", atOne);
  }

  @Test
  void readsTheQuiescedStateThroughTheSecondSibling() throws Exception {
    VirtualMachine vm = rig.running("vm", WINDOWS_2008_R2, DISK);
    DiskContents live = vm.disks().get(0).contents();
    QuiescePlan plan =
        QuiescePolicy.observed().plan(WINDOWS_2008_R2, vm.configuration(), 1, EsxiVersion.V5_5);
    QuiescedSnapshot snapshot = QuiescedSnapshot.take(vm, "temp", plan, TaskContext.NONE);
    rig.files.copyOut("vm", directory);
    DiskContents quiesced = snapshot.disks().get(0).contents();

    for (String log : List.of("vm-000001.vmdk", "vm-000002.vmdk")) {
      assertThat(qemuImg("info", log)).contains("backing file: vm.vmdk");
      assertThat(qemuImg("check", log)).contains("No errors were found");
    }
    assertConverts("vm-000001.vmdk", live);
    assertConverts("vm-000002.vmdk", quiesced);
    assertThat(quiesced.runs()).isNotEqualTo(live.runs());

    snapshot.remove();
    assertThat(vm.files()).noneMatch(name -> name.contains("-00000"));
  }

  @Test
  void readsAThickDisk() throws Exception {
    DiskSpec thick =
        new DiskSpec(DISK.provisionedBytes(), DISK.usedBytes(), DiskFormat.THICK_EAGER_ZEROED);
    VirtualMachine vm = rig.running("vm", WINDOWS_7, thick);
    rig.files.copyOut("vm", directory);

    assertThat(qemuImg("info", "vm.vmdk")).contains("create type: vmfs", "vm-flat.vmdk");
    assertThat(Files.readString(directory.resolve("vm.vmdk"))).doesNotContain("thinProvisioned");
    assertConverts("vm.vmdk", vm.disks().get(0).contents());
  }

  @Test
  void readsWhatConsolidationLeaves() throws Exception {
    VirtualMachine vm = rig.running("vm", WINDOWS_7, DISK);
    vm.takeSnapshot("one");
    vm.overwriteGuestData(0, 3 * MIB, MIB + 512);
    vm.removeSnapshots();
    rig.files.copyOut("vm", directory);

    assertConverts("vm.vmdk", vm.disks().get(0).contents());
  }

  @Test
  void readsTheCloneThatTheHostCopied() throws Exception {
    VirtualMachine source = rig.running("vm", WINDOWS_2008_R2, DISK);
    VirtualMachine made = rig.cloneOf(source, "copy").vm();
    rig.files.copyOut("copy", directory);

    assertConverts("copy.vmdk", made.disks().get(0).contents());
  }

  @Test
  void readsTheChainOfALinkedCloneThatMovedAway() throws Exception {
    VirtualMachine source = rig.running("vm", WINDOWS_7, DISK);
    rig.operations.adopt(source);
    source.takeSnapshot("one");
    source.overwriteGuestData(0, MIB / 2, 2 * MIB);
    VmSnapshot two = source.takeSnapshot("two");
    VirtualMachine clone =
        rig.operations
            .linkedClone(source, LinkedCloneRequest.named("desk").of(two.id()))
            .await(SOON);
    clone.overwriteGuestData(0, 2 * MIB, 4096);
    FakeMount other = new FakeMount();
    rig.operations.relocate(clone, new RelocateRequest(other.datastore)).await(SOON);
    other.files.copyOut("desk", directory);

    String live = clone.disks().get(0).descriptorPath().substring("desk/".length());
    String info = qemuImg("info", "--backing-chain", live);
    assertThat(info).contains("backing file: desk-000002.vmdk", "backing file: desk.vmdk");
    assertThat(info).doesNotContain("vm/", "vm-000001");
    assertConverts(live, clone.disks().get(0).contents());
  }

  /** Converts a disk to raw and compares every byte. */
  private void assertConverts(String descriptor, DiskContents expected) throws Exception {
    Path raw = directory.resolve(descriptor + ".raw");
    qemuImg("convert", "-f", "vmdk", "-O", "raw", descriptor, raw.getFileName().toString());
    ByteBuffer bytes = ByteBuffer.allocate((int) expected.capacityBytes());
    try (FileChannel channel = new RandomAccessFile(raw.toFile(), "r").getChannel()) {
      while (channel.read(bytes) > 0) {
        // until full
      }
    }
    assertThat(bytes.hasRemaining()).as("raw size").isFalse();
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    for (Span span : expected.spans(0, expected.capacityBytes())) {
      for (long at = 0; at < span.lengthBytes(); at += Long.BYTES) {
        long found = bytes.getLong((int) (span.offsetBytes() + at));
        assertThat(found)
            .as("%s at %d", descriptor, span.offsetBytes() + at)
            .isEqualTo(span.word());
      }
    }
    Files.delete(raw);
  }

  private String qemuImg(String... arguments) throws Exception {
    return QemuImg.run(directory, arguments);
  }
}
