/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_2008_R2;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.backup.BackupRequest;
import org.facsim.hypervisor.backup.BackupSink;
import org.facsim.hypervisor.backup.VddkVersion;
import org.facsim.hypervisor.clone.CloneMethod;
import org.facsim.hypervisor.clone.CloneRequest;
import org.facsim.hypervisor.clone.CloneResult;
import org.facsim.hypervisor.clone.RelocateRequest;
import org.facsim.hypervisor.clone.RelocateResult;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.guest.DiskContents.Span;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.guest.GuestSpec;
import org.facsim.hypervisor.operation.LinkedCloneRequest;
import org.facsim.hypervisor.operation.RegisterRequest;
import org.facsim.hypervisor.operation.SnapshotRequest;
import org.facsim.hypervisor.operation.VmOperations;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFaultException;
import org.facsim.hypervisor.task.Task;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmSnapshot;
import org.facsim.hypervisor.vm.VmSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operations against a real array; after each, Debian's qemu-img reads every state of the VM. */
class OperationsOverTheWireIT {
  private static final long MIB = 1 << 20;
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final DiskSpec DISK = new DiskSpec(8 * MIB, 2 * MIB);

  @TempDir private Path folder;
  private FacsimArray array;
  private SimulatedHost host;
  private Datastore datastore;
  private VmOperations operations;

  @BeforeEach
  void start() throws Exception {
    array =
        FacsimArray.builder()
            .volume("one", 1L << 30)
            .volume("two", 1L << 30)
            .nfsPort(0)
            .seed(1)
            .start();
    connect(EsxiVersion.V5_5);
  }

  private void connect(EsxiVersion version) {
    host = new SimulatedHost(HostOptions.named("esx1").withVersion(version));
    datastore = host.mount("ds1", array.nfsAddress(), "/one");
    operations = host.operations();
  }

  @AfterEach
  void stop() {
    host.close();
    array.close();
  }

  private VirtualMachine running(String name, GuestSpec guest) {
    VirtualMachine vm =
        operations
            .create(
                datastore, new VmSpec(name, guest, GuestConfiguration.standard(), List.of(DISK), 7))
            .await(SOON);
    operations.powerOn(vm).await(SOON);
    vm.writeGuestData(TransferProgress.NONE);
    return vm;
  }

  // ---------------------------------------------------------------- the judge

  /** Copies a VM's files out of the datastore, next to those of other VMs. */
  private Path copyOut(VirtualMachine vm) throws IOException {
    Path target = folder.resolve(vm.directory());
    Files.createDirectories(target);
    for (String name : vm.files()) {
      if (name.endsWith(".vmdk")) {
        DatastoreFile file = vm.datastore().open(vm.directory() + "/" + name);
        try (RandomAccessFile out = new RandomAccessFile(target.resolve(name).toFile(), "rw")) {
          long size = file.sizeBytes();
          out.setLength(0);
          out.setLength(size);
          for (long at = 0; at < size; at += MIB) {
            out.seek(at);
            out.write(file.readFully(at, (int) Math.min(MIB, size - at)));
          }
        }
      }
    }
    return target;
  }

  private String qemuImg(Path directory, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("/usr/bin/qemu-img"));
    command.addAll(List.of(arguments));
    Path output = folder.resolve("qemu-img.out");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    String text = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(ended && process.exitValue() == 0).as("%s: %s", command, text).isTrue();
    return text;
  }

  private void assertReads(Path directory, String descriptorPath, DiskContents contents)
      throws Exception {
    String name = descriptorPath.substring(descriptorPath.lastIndexOf('/') + 1);
    Path raw = folder.resolve("disk.raw");
    qemuImg(directory, "convert", "-O", "raw", name, raw.toString());
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(raw)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.capacity()).isEqualTo((int) contents.capacityBytes());
    for (Span span : contents.spans(0, contents.capacityBytes())) {
      for (long at = 0; at < span.lengthBytes(); at += Long.BYTES) {
        long found = bytes.getLong((int) (span.offsetBytes() + at));
        if (found != span.word()) {
          throw new AssertionError("%s at %d".formatted(descriptorPath, span.offsetBytes() + at));
        }
      }
    }
  }

  /** qemu-img reads the live state and every snapshot, byte for byte. */
  private void judge(VirtualMachine vm) throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/qemu-img")), "skipped: qemu-img is not installed");
    Path directory = copyOut(vm);
    for (int i = 0; i < vm.disks().size(); i++) {
      assertReads(directory, vm.disks().get(i).descriptorPath(), vm.disks().get(i).contents());
      for (VmSnapshot snapshot : vm.snapshots()) {
        VmSnapshot.Disk state = snapshot.disks().get(i);
        assertReads(directory, state.descriptorPath(), state.contents());
      }
    }
  }

  private static FaultType faultOf(Task<?> task) {
    try {
      task.await(SOON);
    } catch (MethodFaultException e) {
      return e.type();
    }
    throw new AssertionError("no fault: " + task);
  }

  // ---------------------------------------------------------------- the operations

  private void snapshotsOf(EsxiVersion version, String suffix) throws Exception {
    host.close();
    connect(version);
    VirtualMachine vm = running("w2008", WINDOWS_2008_R2);
    operations.createSnapshot(vm, SnapshotRequest.named("one").quiesced()).await(SOON);
    assertThat(vm.files()).contains("w2008-000001" + suffix, "w2008-000002" + suffix);
    vm.overwriteGuestData(0, 4096, MIB);
    judge(vm);
    VmSnapshot two = operations.createSnapshot(vm, SnapshotRequest.named("two")).await(SOON);
    vm.overwriteGuestData(0, MIB + 512, 8192);
    judge(vm);
    operations.revertToSnapshot(vm, two.id()).await(SOON);
    judge(vm);
    operations.powerOn(vm).await(SOON);
    vm.overwriteGuestData(0, 6 * MIB, 4096);
    operations.removeSnapshot(vm, 1, false).await(SOON);
    judge(vm);
    operations.removeAllSnapshots(vm).await(SOON);
    judge(vm);
    assertThat(vm.files()).noneMatch(name -> name.contains("-00000"));
  }

  @Test
  void snapshotsInVmfsSparse() throws Exception {
    snapshotsOf(EsxiVersion.V5_5, "-delta.vmdk");
  }

  @Test
  void snapshotsInSeSparse() throws Exception {
    snapshotsOf(new EsxiVersion(9, 0), "-sesparse.vmdk");
  }

  @Test
  void nativeSnapshotsAndLinkedClones() throws Exception {
    VirtualMachine vm = running("win7", WINDOWS_7);
    operations.createSnapshot(vm, SnapshotRequest.named("native").allowingNative()).await(SOON);
    assertThat(vm.files()).contains("win7-000001-flat.vmdk");
    vm.overwriteGuestData(0, 0, MIB);
    judge(vm);
    VirtualMachine redo = operations.linkedClone(vm, LinkedCloneRequest.named("redo")).await(SOON);
    VirtualMachine lazy =
        operations.linkedClone(vm, LinkedCloneRequest.named("lazy").allowingNative()).await(SOON);
    assertThat(lazy.files()).contains("lazy-flat.vmdk");
    redo.overwriteGuestData(0, 512, 4096);
    lazy.overwriteGuestData(0, 512, 4096);
    operations.removeAllSnapshots(vm).await(SOON);
    judge(vm);
    judge(redo);
    judge(lazy);
    operations.relocate(vm, new RelocateRequest(second())).await(SOON);
    judge(vm);
    judge(redo); // what it reads stayed behind
    judge(lazy);
  }

  private Datastore second() {
    return host.datastore("ds2").orElseGet(() -> host.mount("ds2", array.nfsAddress(), "/two"));
  }

  @Test
  void migrationsAndBackups() throws Exception {
    VirtualMachine vm = running("win7", WINDOWS_7);
    operations.trackChanges(vm, true).await(SOON);
    operations.createSnapshot(vm, SnapshotRequest.named("kept")).await(SOON);
    vm.overwriteGuestData(0, 4096, 8192);
    RelocateResult hot =
        operations
            .relocate(
                vm,
                new RelocateRequest(
                    second(), (done, total) -> vm.overwriteGuestData(0, 8192, 4096)))
            .await(SOON);
    assertThat(hot.movedBy()).isEqualTo(CloneMethod.HOST_COPY);
    assertThat(datastore.list("")).isEmpty();
    judge(vm);
    operations.backup(vm, BackupRequest.full(VddkVersion.V1_1, BackupSink.NONE)).await(SOON);
    judge(vm);
    operations.removeAllSnapshots(vm).await(SOON);
    operations.powerOff(vm).await(SOON);
    RelocateResult cold = operations.relocate(vm, new RelocateRequest(datastore)).await(SOON);
    assertThat(cold.movedBy()).as(cold.reason()).isEqualTo(CloneMethod.ARRAY_OFFLOAD);
    judge(vm);
    operations.extendDisk(vm, 0, 9 * MIB).await(SOON);
    operations.inflateDisk(vm, 0).await(SOON);
    vm.overwriteGuestData(0, 8 * MIB, MIB);
    judge(vm);
  }

  @Test
  void anotherHostTakesAVmOverFromItsFilesAndIsRefusedWhileItRuns() throws Exception {
    VirtualMachine vm = running("win7", WINDOWS_7);
    operations.createSnapshot(vm, SnapshotRequest.named("one")).await(SOON);
    vm.overwriteGuestData(0, 0, 4096);
    try (SimulatedHost second = new SimulatedHost(HostOptions.named("esx2"))) {
      Datastore there = second.mount("shared", array.nfsAddress(), "/one");
      VirtualMachine same =
          second.operations().register(new RegisterRequest(there, "win7/win7.vmx")).await(SOON);
      VmOperations its = second.operations();
      List<Supplier<Task<?>>> all =
          List.of(
              () -> its.powerOn(same),
              () -> its.createSnapshot(same, SnapshotRequest.named("x")),
              () -> its.removeAllSnapshots(same),
              () -> its.destroy(same));
      for (Supplier<Task<?>> each : all) {
        Task<?> refused = each.get();
        assertThat(faultOf(refused)).isEqualTo(FaultType.FILE_LOCKED);
        assertThat(refused.info().fault().orElseThrow().message()).contains("esx1");
      }
      operations.powerOff(vm).await(SOON);
      operations.unregister(vm).await(SOON);
      same.adoptContentsOf(vm);
      second.operations().powerOn(same).await(SOON);
      same.overwriteGuestData(0, 8192, 4096);
      judge(same);
      second.operations().removeAllSnapshots(same).await(SOON);
      judge(same);
    }
  }

  @Test
  void aCloneSurvivesItsSource() throws Exception {
    VirtualMachine vm = running("win7", WINDOWS_7);
    CloneResult hot = operations.clone(vm, new CloneRequest("copy", datastore)).await(SOON);
    assertThat(hot.clonedBy()).isEqualTo(CloneMethod.ARRAY_OFFLOAD);
    operations.powerOff(vm).await(SOON);
    operations.destroy(vm).await(SOON);
    judge(hot.vm());
  }
}
