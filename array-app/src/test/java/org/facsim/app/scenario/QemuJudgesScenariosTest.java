/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.facsim.array.Caller;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
import org.facsim.hypervisor.clone.CloneOffloadPolicy;
import org.facsim.hypervisor.guest.DiskContents;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Debian's qemu-img, which we did not write, reads every disk that a scenario leaves: descriptor,
 * redo logs and data, and finds what the guest wrote.
 */
class QemuJudgesScenariosTest {
  private static final long MAX_DISK_BYTES = 256L << 20;
  private static final int CHUNK_BYTES = 1 << 20;

  /** They leave disks like others do: a host's copy, or an array's. */
  private static final List<String> LIKE_OTHERS =
      List.of(
          "02-",
          "03-",
          "04-",
          "05-",
          "07-",
          "13-",
          "17-",
          "18-",
          "19-",
          "20-",
          "24-",
          "26-",
          "29-",
          "30-",
          "32-",
          "34-",
          "netapp-flexgroup-");

  @TempDir private Path folder;

  @BeforeAll
  static void needsQemuImg() {
    assumeTrue(
        List.of("/usr/bin/qemu-img", "/usr/local/bin/qemu-img").stream()
            .anyMatch(path -> Files.isExecutable(Path.of(path))),
        "qemu-img is not installed");
  }

  static List<String> names() {
    return ShippedScenarios.names().stream()
        .filter(name -> LIKE_OTHERS.stream().noneMatch(name::startsWith))
        .filter(QemuJudgesScenariosTest::isSmall)
        .toList();
  }

  private static boolean isSmall(String name) {
    return ShippedScenarios.scenario(name).site().virtualMachines().values().stream()
        .flatMap(vm -> vm.disks().stream())
        .allMatch(disk -> disk.provisionedBytes() <= MAX_DISK_BYTES);
  }

  @ParameterizedTest
  @MethodSource("names")
  void readsEveryDiskThatIsLeft(String name) throws Exception {
    var unused =
        ScenarioRun.run(
            ShippedScenarios.scenario(name), 11, CloneOffloadPolicy.esxi(), this::judge);
  }

  private void judge(Stage stage) {
    int number = 0;
    for (Stage.ReadableDisk disk : stage.readable()) {
      try {
        judge(stage, disk, Files.createDirectories(folder.resolve("disk" + number++)));
      } catch (IOException e) {
        throw new AssertionError(disk.descriptorPath(), e);
      }
    }
  }

  private static void judge(Stage stage, Stage.ReadableDisk disk, Path into) throws IOException {
    String directory = disk.descriptorPath().substring(0, disk.descriptorPath().indexOf('/'));
    Volume volume =
        stage.array(disk.where().array()).storage().volume(disk.where().volume()).orElseThrow();
    copyOut(volume, directory, into);
    Path descriptor = into.resolve(disk.descriptorPath().substring(directory.length() + 1));
    assertThat(qemuImg("info", descriptor.toString()))
        .contains("file format: vmdk")
        .contains("(" + disk.contents().capacityBytes() + " bytes)");
    if (disk.descriptorPath().contains("-0000")) {
      assertThat(qemuImg("check", descriptor.toString())).contains("No errors were found");
    }
    Path raw = into.resolve("out.raw");
    assertThat(qemuImg("convert", "-O", "raw", descriptor.toString(), raw.toString())).isEmpty();
    compare(raw, disk.contents(), disk.descriptorPath());
    Files.delete(raw);
  }

  private static String qemuImg(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("qemu-img"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    assertThat(process.exitValue()).as("%s: %s", command, out).isZero();
    return out;
  }

  private static void copyOut(Volume volume, String directory, Path into) throws IOException {
    for (String path : VolumeTree.paths(volume)) {
      if (path.startsWith(directory + "/")) {
        Inode file = VolumeTree.find(volume, path).orElseThrow();
        if (file.attributes().type() == FileType.REGULAR) {
          copy(volume, file, into.resolve(path.substring(directory.length() + 1)));
        }
      }
    }
  }

  private static void copy(Volume volume, Inode file, Path target) throws IOException {
    long size = file.attributes().sizeBytes();
    try (RandomAccessFile out = new RandomAccessFile(target.toFile(), "rw")) {
      out.setLength(size);
      FileChannel channel = out.getChannel();
      ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES);
      for (long at = 0; at < size; at += CHUNK_BYTES) {
        buffer.clear();
        var unused = volume.files().read(Caller.ROOT, file, at, buffer);
        buffer.flip();
        if (!isZero(buffer)) {
          channel.write(buffer, at);
        }
      }
    }
  }

  private static boolean isZero(ByteBuffer buffer) {
    ByteBuffer rest = buffer.duplicate();
    while (rest.remaining() >= Long.BYTES) {
      if (rest.getLong() != 0) {
        return false;
      }
    }
    while (rest.hasRemaining()) {
      if (rest.get() != 0) {
        return false;
      }
    }
    return true;
  }

  private static void compare(Path raw, DiskContents contents, String what) throws IOException {
    assertThat(Files.size(raw)).as(what).isEqualTo(contents.capacityBytes());
    try (FileChannel channel = FileChannel.open(raw)) {
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (long at = 0; at < contents.capacityBytes(); at += CHUNK_BYTES) {
        chunk.clear();
        channel.read(chunk, at);
        for (int offset = 0;
            offset + Long.BYTES <= chunk.position();
            offset += DiskContents.BLOCK_BYTES) {
          if (chunk.getLong(offset) != contents.wordAt(at + offset)) {
            throw new AssertionError(what + " differs at " + (at + offset));
          }
        }
      }
    }
  }
}
