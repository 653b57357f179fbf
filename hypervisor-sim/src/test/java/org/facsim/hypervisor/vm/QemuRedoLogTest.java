/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.vmdk.DiskDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Debian's qemu-img reads redo logs of both formats, mixed, as siblings, and after crashes. */
class QemuRedoLogTest {
  private static final int MAX_STEP_SECTORS = 2500;

  /**
   * More than one grain table, the last one and its last grain short. qemu-img reads vmfsSparse one
   * sector at a time, so those disks are small.
   */
  private static long capacity(RedoLogFormat... formats) {
    boolean small = List.of(formats).contains(RedoLogFormat.VMFS_SPARSE);
    return (small ? (2L << 20) + (64 << 10) : 17L << 20) + 512;
  }

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

  @ParameterizedTest
  @CsvSource({
    "VMFS_SPARSE, VMFS_SPARSE, 1",
    "SE_SPARSE, SE_SPARSE, 2",
    "VMFS_SPARSE, SE_SPARSE, 3",
    "SE_SPARSE, VMFS_SPARSE, 4"
  })
  void readsEveryStateOfAChainAndItsSiblings(RedoLogFormat lower, RedoLogFormat upper, long seed)
      throws Exception {
    LayeredDisk disk = new LayeredDisk(rig.datastore, "vm", capacity(lower, upper), seed);
    disk.log(lower, "base-000001", "base.vmdk");
    disk.change("base-000001.vmdk", 60);
    disk.log(upper, "base-000002", "base-000001.vmdk");
    disk.log(upper, "base-000003", "base-000001.vmdk");
    disk.change("base-000002.vmdk", 60);
    disk.change("base-000003.vmdk", 20);
    rig.files.copyOut("vm", directory);

    for (String name : disk.descriptors()) {
      assertThat(QemuImg.run(directory, "check", name)).contains("No errors were found");
      assertReads(name, disk.contents.get(name));
    }
    assertThat(QemuImg.run(directory, "info", "base-000002.vmdk"))
        .contains("create type: " + (upper == RedoLogFormat.SE_SPARSE ? "seSparse" : "vmfsSparse"))
        .contains("backing file: base-000001.vmdk");
    assertThat(QemuImg.run(directory, "info", "base-000003.vmdk"))
        .contains("backing file: base-000001.vmdk");
  }

  /** Has qemu-img compare a disk with what must be there, byte for byte. */
  private void assertReads(String name, byte[] expected) throws Exception {
    Path raw = directory.resolve("raw");
    Files.write(raw, expected);
    assertThat(QemuImg.run(directory, "compare", "-f", "vmdk", "-F", "raw", name, "raw"))
        .contains("Images are identical");
    Files.delete(raw);
  }

  @ParameterizedTest
  @EnumSource(RedoLogFormat.class)
  void readsFrozenAndLiveStateWhileTheGuestKeepsWriting(RedoLogFormat format) throws Exception {
    LayeredDisk disk = new LayeredDisk(rig.datastore, "vm", capacity(format), 9);
    disk.log(format, "base-000001", "base.vmdk");
    disk.change("base-000001.vmdk", 30);
    disk.log(format, "base-000002", "base-000001.vmdk");
    CompletableFuture<Void> guest =
        CompletableFuture.runAsync(() -> disk.change("base-000002.vmdk", 600));

    for (int look = 0; look < 2; look++) {
      Path copy = Files.createDirectory(directory.resolve("look" + look));
      rig.files.copyOut("vm", copy);
      assertThat(QemuImg.run(copy, "check", "base-000002.vmdk")).contains("No errors were found");
      QemuImg.run(copy, "convert", "-f", "vmdk", "-O", "raw", "base-000001.vmdk", "frozen");
      assertThat(Files.readAllBytes(copy.resolve("frozen")))
          .isEqualTo(disk.contents.get("base-000001.vmdk"));
      QemuImg.run(copy, "convert", "-f", "vmdk", "-O", "raw", "base-000002.vmdk", "live");
      byte[] live = Files.readAllBytes(copy.resolve("live"));
      assertThat(live).hasSize((int) capacity(format));
      assertThat(tornSector(live)).isEqualTo(-1);
    }
    guest.get(60, TimeUnit.SECONDS);
    rig.files.copyOut("vm", directory);
    assertReads("base-000002.vmdk", disk.contents.get("base-000002.vmdk"));
  }

  /** Bytes that two writes made in one sector, or -1: writes fill whole sectors with one byte. */
  private static int tornSector(byte[] bytes) {
    for (int at = 0; at < bytes.length; at += 512) {
      // The base has its own borders, which are no multiples of a sector.
      boolean ofTheBase = bytes[at] > 100 || bytes[at + 511] > 100;
      for (int i = at; i < at + 512 && !ofTheBase; i++) {
        if (bytes[i] != bytes[at]) {
          return at;
        }
      }
    }
    return -1;
  }

  /** The host dies before any WRITE; qemu-img finds what was acknowledged, and nothing broken. */
  @ParameterizedTest
  @EnumSource(RedoLogFormat.class)
  void readsWhatACrashLeaves(RedoLogFormat format) throws Exception {
    for (int writes : new int[] {3, 30}) {
      Rig crashing = new Rig();
      LayeredDisk disk = new LayeredDisk(crashing.datastore, "vm", capacity(format), writes);
      disk.log(format, "base-000001", "base.vmdk");
      byte[] before = disk.contents.get("base-000001.vmdk").clone();
      int[] left = {writes};
      crashing.files.writeFault =
          (fileId, offset) ->
              left[0]-- > 0 ? null : new DatastoreException(DatastoreError.FILE_ERROR, "crash");
      try {
        disk.change("base-000001.vmdk", 100);
      } catch (DatastoreException e) {
        assertThat(e).hasMessage("crash");
      }
      Path copy = Files.createDirectory(directory.resolve("crash" + writes));
      crashing.files.copyOut("vm", copy);
      assertThat(QemuImg.run(copy, "check", "base-000001.vmdk")).contains("No errors were found");
      QemuImg.run(copy, "convert", "-f", "vmdk", "-O", "raw", "base-000001.vmdk", "raw");
      assertAcknowledgedIsThere(
          Files.readAllBytes(copy.resolve("raw")), before, disk.contents.get("base-000001.vmdk"));
      crashing.close();
    }
  }

  /** Each byte that an acknowledged step changed has its new value, or that of the last step. */
  private static void assertAcknowledgedIsThere(byte[] found, byte[] before, byte[] acknowledged) {
    int differing = 0;
    for (int at = 0; at < found.length; at += 512) {
      boolean same = Arrays.equals(found, at, at + 512, acknowledged, at, at + 512);
      differing += same ? 0 : 1;
    }
    // Only the step that was under way may show, and it had at most that many sectors.
    assertThat(differing).isLessThanOrEqualTo(MAX_STEP_SECTORS);
    assertThat(found).hasSameSizeAs(before);
  }

  @Test
  void readsALogOfADiskBeyondTwoTebibytes() throws Exception {
    long capacity = 3L << 40;
    rig.datastore.makeDirectory("vm");
    var flat = rig.datastore.create("vm/base-flat.vmdk");
    flat.setSizeBytes(capacity);
    rig.datastore.writeText(
        "vm/base.vmdk",
        DiskDescriptor.base(7, capacity, "base-flat.vmdk", "60 00 C2 9f", true).toText());
    ChainLink parent = ChainLink.read(rig.datastore, "vm/base.vmdk");
    RedoLogFormat format = RedoLogFormat.defaultOf(EsxiVersion.V5_5, capacity);
    assertThat(format).isEqualTo(RedoLogFormat.SE_SPARSE);
    RedoLog log =
        RedoLog.create(
            format,
            rig.datastore.create("vm/base-000001-sesparse.vmdk"),
            DiskChain.open(rig.datastore, "vm/base.vmdk"));
    rig.datastore.writeText(
        "vm/base-000001.vmdk",
        DiskDescriptor.redoLog(
                8,
                parent.descriptor(),
                "base.vmdk",
                format.extentType(),
                "base-000001-sesparse.vmdk")
            .toText());
    var data = Unpooled.wrappedBuffer(new byte[4096]).setByte(0, 42);
    log.write(capacity - 4096, data);
    data.release();
    rig.files.copyOut("vm", directory);

    assertThat(QemuImg.run(directory, "info", "base-000001.vmdk"))
        .contains("virtual size: 3 TiB", "create type: seSparse");
    QemuImg.run(
        directory,
        "convert",
        "--image-opts",
        "driver=raw,offset=%d,size=1048576,file.driver=vmdk,file.file.driver=file,file.file.filename=base-000001.vmdk"
            .formatted(capacity - (1 << 20)),
        "-O",
        "raw",
        "raw");
    byte[] last = Files.readAllBytes(directory.resolve("raw"));
    assertThat(last[last.length - 4096]).isEqualTo((byte) 42);
  }
}
