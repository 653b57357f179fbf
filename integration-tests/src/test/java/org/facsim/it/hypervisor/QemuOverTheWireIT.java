/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.guest.DiskContents.Span;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.vm.DiskExport;
import org.facsim.hypervisor.vm.DiskFormat;
import org.facsim.hypervisor.vm.DiskImport;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.ImportSource;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Debian's qemu-img judges disks that a host wrote to a real array. The files come off the array
 * through another host, over NFS, as a backup would fetch them.
 */
class QemuOverTheWireIT {
  private static final String QEMU_IMG = "/usr/bin/qemu-img";
  private static final long MIB = 1 << 20;
  private static final DiskSpec DISK = new DiskSpec(6 * MIB, 2 * MIB + 4096);

  @TempDir Path directory;
  private FacsimArray array;

  @BeforeEach
  void startArray() throws Exception {
    assumeTrue(Files.isExecutable(Path.of(QEMU_IMG)), "skipped: qemu-img is not installed");
    array = FacsimArray.builder().volume("datastore1", 10L << 30).nfsPort(0).seed(1).start();
  }

  @AfterEach
  void stop() {
    if (array != null) {
      array.close();
    }
  }

  private SimulatedHost host(String name, EsxiVersion version) {
    return new SimulatedHost(HostOptions.named(name).withVersion(version));
  }

  private void copyOut(String vmName) {
    try (SimulatedHost other = host("esx2", EsxiVersion.V5_5)) {
      Datastore datastore = other.mount("ds1", array.nfsAddress(), "/datastore1");
      DiskExport.copy(datastore, vmName, directory);
    }
  }

  private String qemuImg(Path where, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(QEMU_IMG));
    command.addAll(List.of(arguments));
    Path output = directory.resolve("qemu-img.out");
    Process process =
        new ProcessBuilder(command)
            .directory(where.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    String text = Files.readString(output);
    assertThat(ended && process.exitValue() == 0).as("%s: %s", command, text).isTrue();
    return text;
  }

  /** Where {@link #copyOut} put the files of the VM. */
  private Path vmFiles() {
    return directory.resolve("vm");
  }

  private void assertReads(String descriptor, DiskContents expected) throws Exception {
    assertThat(qemuImg(vmFiles(), "check", descriptor)).contains("No errors were found");
    try (RandomAccessFile raw = new RandomAccessFile(directory.resolve("raw").toFile(), "rw")) {
      raw.setLength(expected.capacityBytes());
      for (Span span : expected.spans(0, expected.capacityBytes())) {
        if (span.word() != 0) {
          byte[] bytes = new byte[(int) span.lengthBytes()];
          for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (span.word() >>> (Byte.SIZE * (i % Long.BYTES)));
          }
          raw.seek(span.offsetBytes());
          raw.write(bytes);
        }
      }
    }
    assertThat(qemuImg(vmFiles(), "compare", "-f", "vmdk", "-F", "raw", descriptor, "../raw"))
        .contains("Images are identical");
    Files.delete(directory.resolve("raw"));
  }

  @ParameterizedTest
  @CsvSource({"5, 5", "9, 0"})
  void readsTheChainThatAHostOfThatReleaseLeaves(int major, int minor) throws Exception {
    DiskContents atSnapshot;
    DiskContents live;
    String livePath;
    try (SimulatedHost host = host("esx1", new EsxiVersion(major, minor))) {
      Datastore datastore = host.mount("ds1", array.nfsAddress(), "/datastore1");
      VirtualMachine vm =
          host.createVm(
              datastore,
              new VmSpec("vm", WINDOWS_7, GuestConfiguration.standard(), List.of(DISK), 99));
      vm.powerOn();
      vm.writeGuestData(TransferProgress.NONE);
      vm.takeSnapshot("one");
      vm.overwriteGuestData(0, MIB / 2 + 512, MIB);
      atSnapshot = vm.disks().get(0).contents();
      vm.takeSnapshot("two");
      vm.overwriteGuestData(0, 4 * MIB - 1536, 8192);
      live = vm.disks().get(0).contents();
      livePath = vm.disks().get(0).descriptorPath();
      vm.powerOff();
    }
    copyOut("vm");

    assertThat(livePath).isEqualTo("vm/vm-000002.vmdk");
    assertReads("vm-000001.vmdk", atSnapshot);
    assertReads("vm-000002.vmdk", live);
    assertThat(qemuImg(vmFiles(), "info", "--backing-chain", "vm-000002.vmdk"))
        .contains("vm-000001.vmdk", "create type: vmfs")
        .contains("create type: " + (major < 9 ? "vmfsSparse" : "seSparse"));
  }

  @Test
  void anImportedDiskHoldsWhatItsSourceHeld() throws Exception {
    byte[] bytes = new byte[(int) (3 * MIB)];
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < MIB; i++) {
      bytes[i] = (byte) random.nextInt();
    }
    Files.write(directory.resolve("source.raw"), bytes);
    qemuImg(
        directory,
        "convert",
        "-f",
        "raw",
        "-O",
        "vmdk",
        "-o",
        "subformat=streamOptimized",
        "source.raw",
        "appliance.vmdk");

    try (SimulatedHost host = host("esx1", EsxiVersion.V5_5);
        ImportSource source = ImportSource.of(directory)) {
      Datastore datastore = host.mount("ds1", array.nfsAddress(), "/datastore1");
      datastore.makeDirectory("vm");
      DiskImport.open(source, "appliance.vmdk")
          .into(datastore, "vm", "vm", DiskFormat.THIN, random, TransferProgress.NONE);
    }
    copyOut("vm");

    assertThat(qemuImg(vmFiles(), "info", "vm.vmdk"))
        .contains("create type: vmfs", "virtual size: 3 MiB");
    assertThat(qemuImg(vmFiles(), "compare", "-f", "vmdk", "-F", "raw", "vm.vmdk", "../source.raw"))
        .contains("Images are identical");
  }
}
