/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.vmdk.VmdkFormatException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Disks that Debian's qemu-img makes are imported, from this machine and from a datastore. */
class DiskImportTest {
  private static final int CAPACITY = (7 << 20) + 512;

  @TempDir Path directory;
  private final Rig rig = new Rig();

  @AfterEach
  void closeRig() {
    rig.close();
  }

  @BeforeEach
  void makeDirectories() {
    rig.datastore.makeDirectory("vm");
    rig.datastore.makeDirectory("upload");
  }

  /** Data that compresses and data that does not, holes, and a last sector that is no hole. */
  private byte[] rawDisk() throws IOException {
    byte[] bytes = new byte[CAPACITY];
    byte[] noise = new byte[300_000];
    fill(new SplittableRandom(5), noise);
    System.arraycopy(noise, 0, bytes, 1 << 20, noise.length);
    Arrays.fill(bytes, 3 << 20, (3 << 20) + 200_000, (byte) 7);
    bytes[CAPACITY - 1] = 9;
    Files.write(directory.resolve("raw"), bytes);
    return bytes;
  }

  private static void fill(SplittableRandom random, byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) random.nextInt();
    }
  }

  private void qemuMakes(String subformat) throws Exception {
    QemuImg.run(
        directory,
        "convert",
        "-f",
        "raw",
        "-O",
        "vmdk",
        "-o",
        "subformat=" + subformat,
        "raw",
        "foreign.vmdk");
  }

  private void upload() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path path : files.filter(one -> one.toString().endsWith(".vmdk")).toList()) {
        DatastoreFile file = rig.datastore.create("upload/" + path.getFileName());
        file.writeStable(0, Files.readAllBytes(path));
      }
    }
  }

  private DiskProvisioning imported(ImportSource source, String stem) {
    return DiskImport.open(source, "foreign.vmdk")
        .into(
            rig.datastore,
            "vm",
            stem,
            DiskFormat.THIN,
            new SplittableRandom(1),
            TransferProgress.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "monolithicSparse",
        "streamOptimized",
        "twoGbMaxExtentSparse",
        "twoGbMaxExtentFlat",
        "monolithicFlat"
      })
  void importsEverySubformatOfQemuImg(String subformat) throws Exception {
    QemuImg.assumeInstalled();
    byte[] raw = rawDisk();
    qemuMakes(subformat);
    upload();

    try (ImportSource here = ImportSource.of(directory);
        ImportSource there = ImportSource.of(rig.datastore, "upload")) {
      assertThat(DiskImport.open(here, "foreign.vmdk").source().createType().word())
          .isEqualTo(subformat);
      assertThat(imported(here, "one").got()).isEqualTo(DiskFormat.THIN);
      imported(there, "two");
    }

    for (String stem : new String[] {"one", "two"}) {
      DiskChain chain = DiskChain.open(rig.datastore, "vm/" + stem + ".vmdk");
      assertThat(Arrays.mismatch(chain.readFully(0, CAPACITY), raw)).isEqualTo(-1);
    }
    assertThat(rig.datastore.readText("vm/one.vmdk"))
        .contains("createType=\"vmfs\"", "ddb.adapterType = \"ide\"", "ddb.thinProvisioned");
    assertThat(rig.files.find("vm/one-flat.vmdk").pages.size() * 4096).isLessThan(600_000);
    Path out = Files.createDirectory(directory.resolve("out"));
    rig.files.copyOut("vm", out);
    assertThat(QemuImg.run(out, "compare", "-f", "vmdk", "-F", "raw", "one.vmdk", "../raw"))
        .contains("Images are identical");
  }

  @Test
  void mergesTheParentsOfAForeignDisk() throws Exception {
    QemuImg.assumeInstalled();
    byte[] raw = rawDisk();
    QemuImg.run(directory, "convert", "-f", "raw", "-O", "vmdk", "raw", "parent.vmdk");
    QemuImg.run(
        directory, "create", "-f", "vmdk", "-b", "parent.vmdk", "-F", "vmdk", "foreign.vmdk");
    // Writes a part of a grain: qemu-img takes the rest from the parent.
    byte[] changed = raw.clone();
    Arrays.fill(changed, (2 << 20) + 512, (2 << 20) + 4096, (byte) 33);
    Files.write(directory.resolve("raw"), changed);
    QemuImg.run(
        directory,
        "convert",
        "-n",
        "-f",
        "raw",
        "-O",
        "vmdk",
        "-B",
        "parent.vmdk",
        "-F",
        "vmdk",
        "raw",
        "foreign.vmdk");

    try (ImportSource here = ImportSource.of(directory)) {
      assertThat(DiskImport.open(here, "foreign.vmdk").source().parents()).isEqualTo(1);
      imported(here, "one");
    }

    DiskChain chain = DiskChain.open(rig.datastore, "vm/one.vmdk");
    assertThat(Arrays.mismatch(chain.readFully(0, CAPACITY), changed)).isEqualTo(-1);
  }

  @Test
  void refusesAParentThatHasChanged() throws Exception {
    QemuImg.assumeInstalled();
    rawDisk();
    QemuImg.run(directory, "convert", "-f", "raw", "-O", "vmdk", "raw", "parent.vmdk");
    QemuImg.run(
        directory, "create", "-f", "vmdk", "-b", "parent.vmdk", "-F", "vmdk", "foreign.vmdk");
    Path parent = directory.resolve("parent.vmdk");
    byte[] bytes = Files.readAllBytes(parent);
    int at =
        new String(bytes, 0, 2048, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("CID=");
    bytes[at + 4] = (byte) (bytes[at + 4] == '1' ? '2' : '1');
    Files.write(parent, bytes);

    assertRefused("foreign.vmdk: its parent parent.vmdk has changed since: CID ");
  }

  /** An appliance as its tools stream it: the directory behind the grains, named by a footer. */
  @Test
  void importsAStreamWhoseDirectoryIsAtItsEnd() throws Exception {
    byte[] disk = new byte[300 * 512];
    fill(new SplittableRandom(8), disk);
    Arrays.fill(disk, 128 * 512, 256 * 512, (byte) 0);
    Files.write(directory.resolve("foreign.vmdk"), streamOf(disk));

    try (ImportSource here = ImportSource.of(directory)) {
      imported(here, "one");
    }

    DiskChain chain = DiskChain.open(rig.datastore, "vm/one.vmdk");
    assertThat(chain.readFully(0, disk.length)).isEqualTo(disk);
  }

  @Test
  void anImportedDiskIsRegisteredAndAGuestRunsOnIt() throws Exception {
    byte[] disk = new byte[300 * 512];
    fill(new SplittableRandom(8), disk);
    Files.write(directory.resolve("foreign.vmdk"), streamOf(disk));
    try (ImportSource here = ImportSource.of(directory)) {
      imported(here, "vm");
    }
    rig.datastore.writeText(
        "vm/vm.vmx",
        """
        config.version = "8"
        displayName = "vm"
        guestOS = "windows7-64"
        scsi0.present = "TRUE"
        scsi0:0.present = "TRUE"
        scsi0:0.fileName = "vm.vmdk"
        """);

    VirtualMachine vm = VirtualMachine.open(rig.vmHost, rig.datastore, "vm/vm.vmx");
    vm.powerOn();
    vm.takeSnapshot("one");
    vm.overwriteGuestData(0, 4096, 8192);

    byte[] found =
        DiskChain.open(rig.datastore, vm.disks().get(0).descriptorPath()).readFully(0, disk.length);
    assertThat(Arrays.mismatch(found, disk)).isBetween(4096, 4104);
    assertThat(Arrays.copyOfRange(found, 12288, disk.length))
        .isEqualTo(Arrays.copyOfRange(disk, 12288, disk.length));
    vm.powerOff();
  }

  @Test
  void importsFromAStreamAndKeepsNothingOfIt() throws Exception {
    byte[] disk = new byte[300 * 512];
    fill(new SplittableRandom(8), disk);
    byte[] stream = streamOf(disk);
    Path scratch = Files.createDirectory(directory.resolve("scratch"));

    try (ImportSource source =
        ImportSource.of("foreign.vmdk", new ByteArrayInputStream(stream), scratch, stream.length)) {
      imported(source, "one");
    }

    assertThat(DiskChain.open(rig.datastore, "vm/one.vmdk").readFully(0, disk.length))
        .isEqualTo(disk);
    assertThatThrownBy(
            () ->
                ImportSource.of("up", new ByteArrayInputStream(stream), scratch, stream.length - 1))
        .isInstanceOf(VmdkFormatException.class)
        .hasMessageStartingWith("up: more than ");
    assertThat(scratch).isEmptyDirectory();
  }

  static byte[] streamOf(byte[] disk) {
    ByteBuffer out = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    String text =
        """
        # Disk DescriptorFile
        version=1
        CID=12345678
        parentCID=ffffffff
        createType="streamOptimized"
        RW %d SPARSE "appliance.vmdk"
        """
            .formatted(disk.length / 512);
    header(out, 0, disk.length / 512, -1);
    out.position(512);
    out.put(text.getBytes(UTF_8)).position(128 * 512);
    int[] table = new int[512];
    for (int grain = 0; grain * 65536 < disk.length; grain++) {
      byte[] bytes = Arrays.copyOfRange(disk, grain * 65536, (grain + 1) * 65536);
      if (!Arrays.equals(bytes, new byte[65536])) {
        table[grain] = out.position() / 512;
        Deflater deflater = new Deflater();
        deflater.setInput(bytes);
        deflater.finish();
        byte[] packed = new byte[2 * 65536];
        int count = deflater.deflate(packed);
        deflater.end();
        out.putLong(grain * 128L).putInt(count).put(packed, 0, count);
        out.position((out.position() + 511) / 512 * 512);
      }
    }
    out.position(out.position() + 512); // the marker of the table
    int tableSector = out.position() / 512;
    for (int entry : table) {
      out.putInt(entry);
    }
    out.position(out.position() + 512); // the marker of the directory
    int directorySector = out.position() / 512;
    out.putInt(tableSector).position((directorySector + 1) * 512);
    out.putLong(1).putInt(0).putInt(3).position((directorySector + 2) * 512);
    header(out, (directorySector + 2) * 512, disk.length / 512, directorySector);
    out.position((directorySector + 4) * 512);
    return Arrays.copyOf(out.array(), out.position());
  }

  private static void header(ByteBuffer out, int at, long capacity, long directorySector) {
    out.putInt(at, 0x564d444b).putInt(at + 4, 3).putInt(at + 8, 0x30001);
    out.putLong(at + 12, capacity).putLong(at + 20, 128).putLong(at + 28, 1).putLong(at + 36, 20);
    out.putInt(at + 44, 512).putLong(at + 48, 0).putLong(at + 56, directorySector);
    out.putLong(at + 64, 128).putInt(at + 73, 0x0a0d200a).putShort(at + 77, (short) 1);
  }

  @Test
  void aStreamThatWasCutOffIsRefused() throws Exception {
    byte[] disk = new byte[300 * 512];
    fill(new SplittableRandom(8), disk);
    byte[] stream = streamOf(disk);
    Files.write(directory.resolve("foreign.vmdk"), Arrays.copyOf(stream, stream.length - 1024));

    assertRefused("foreign.vmdk: no footer before the end: the file is not complete");
  }

  @Test
  void sparseFilesThatAnFtpClientChangedAreRefused() throws Exception {
    byte[] stream = streamOf(new byte[512]);
    stream[75] = '\n';
    Files.write(directory.resolve("foreign.vmdk"), stream);

    assertRefused("foreign.vmdk: line ends at byte 73 were changed");
  }

  private static String descriptor(String createType, String... lines) {
    return "# Disk DescriptorFile\nversion=1\nCID=1\nparentCID=ffffffff\ncreateType=\"%s\"\n%s\n"
        .formatted(createType, String.join("\n", lines));
  }

  private void assertRefused(String message) {
    try (ImportSource here = ImportSource.of(directory)) {
      assertThatThrownBy(() -> DiskImport.open(here, "foreign.vmdk"))
          .isInstanceOf(VmdkFormatException.class)
          .hasMessageStartingWith(message);
    }
    assertThat(rig.datastore.list("vm")).isEmpty();
  }

  private void write(String text) throws IOException {
    Files.writeString(directory.resolve("foreign.vmdk"), text);
  }

  @Test
  void whatIsMissingOrShortIsNamed() throws Exception {
    write(descriptor("monolithicFlat", "RW 8 FLAT \"data.bin\" 0"));
    assertRefused("foreign.vmdk: its extent \"data.bin\" is not there");
    Files.write(directory.resolve("data.bin"), new byte[4095]);
    assertRefused("data.bin: 4095 bytes, its extent line says 4096");
    write(descriptor("monolithicFlat", "RW 8 FLAT \"data.bin\" 1"));
    assertRefused("data.bin: 4095 bytes, its extent line says 4608");
    write(descriptor("twoGbMaxExtentSparse", "RW 8 SPARSE \"data.bin\""));
    assertRefused("data.bin: not the header of a sparse extent (KDMV)");
    write(descriptor("monolithicFlat", "NOACCESS 8 FLAT \"data.bin\" 0"));
    assertRefused("foreign.vmdk: extent \"data.bin\" is NOACCESS; allowed: RW, RDONLY");
    write(descriptor("vmfsSparse", "RW 8 VMFSSPARSE \"data.bin\""));
    assertRefused("foreign.vmdk: a redo log of a host (vmfsSparse); allowed: register the VM");
    write(descriptor("streamOptimized", "RW 8 SPARSE \"data.bin\""));
    assertRefused(
        "foreign.vmdk: createType \"streamOptimized\" with 1 extents in files of their own");
    Files.delete(directory.resolve("foreign.vmdk"));
    assertRefused("foreign.vmdk: there is no such file");
  }

  @Test
  void parentsThatRunInCirclesAreRefused() throws Exception {
    Files.write(directory.resolve("data.bin"), new byte[4096]);
    String text =
        descriptor("monolithicFlat", "RW 8 FLAT \"data.bin\" 0")
            .replace("parentCID=ffffffff", "parentCID=1\nparentFileNameHint=\"%s\"");
    write(text.formatted("other.vmdk"));
    Files.writeString(directory.resolve("other.vmdk"), text.formatted("foreign.vmdk"));

    assertRefused(
        "foreign.vmdk: its parents run in circles: foreign.vmdk -> other.vmdk -> foreign.vmdk");
  }

  @Test
  void anImportThatFailsLeavesNothing() throws Exception {
    Files.write(directory.resolve("data.bin"), new byte[4 << 20]);
    Files.write(directory.resolve("data.bin"), filled(4 << 20));
    write(descriptor("monolithicFlat", "RW 8192 FLAT \"data.bin\" 0"));
    rig.files.writeFault =
        (fileId, offset) ->
            offset > 2 << 20 ? new DatastoreException(DatastoreError.DISK_FULL, "full") : null;
    try (ImportSource here = ImportSource.of(directory)) {
      assertThatThrownBy(() -> imported(here, "one")).hasMessage("full");
      assertThat(rig.datastore.list("vm")).isEmpty();
      rig.files.writeFault = (fileId, offset) -> null;
      imported(here, "one");
      assertThatThrownBy(() -> imported(here, "one"))
          .isInstanceOfSatisfying(
              DatastoreException.class,
              e -> assertThat(e.error()).isEqualTo(DatastoreError.ALREADY_EXISTS));
    }
    assertThat(rig.datastore.list("vm")).containsExactly("one-flat.vmdk", "one.vmdk");
  }

  private static byte[] filled(int count) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) 3);
    return bytes;
  }
}
