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
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.facsim.array.Caller;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.guest.WriteRun;

/** Files of a volume in a directory of this machine, where qemu-img can read them. */
final class QemuImages {
  private static final Path PROGRAM = Path.of("/usr/bin/qemu-img");
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int MAX_DESCRIPTOR_BYTES = 64 << 10;

  private QemuImages() {}

  static void assumeInstalled() {
    assumeTrue(Files.isExecutable(PROGRAM), "skipped: qemu-img is not installed");
  }

  // ---------------------------------------------------------------- what qemu-img says

  /** A descriptor opens with all its parents, and a redo log has no errors. */
  static void openWithParents(Path descriptor) throws IOException {
    assertThat(run("info", "--backing-chain", descriptor))
        .as(descriptor.toString())
        .contains("file format: vmdk");
    if (isRedoLog(descriptor)) {
      assertThat(run("check", descriptor))
          .as(descriptor.toString())
          .contains("No errors were found");
    }
  }

  private static boolean isRedoLog(Path descriptor) throws IOException {
    String text = Files.readString(descriptor, StandardCharsets.ISO_8859_1);
    return text.contains("createType=\"vmfsSparse\"") || text.contains("createType=\"seSparse\"");
  }

  /** A disk holds, byte for byte, what a raw image holds. */
  static void requireSame(Path descriptor, Path expected) throws IOException {
    assertThat(run("compare", "-f", "vmdk", "-F", "raw", descriptor, expected))
        .contains("Images are identical.");
  }

  private static String run(Object... arguments) throws IOException {
    Result result = result(arguments);
    assertThat(result.exitCode).as("%s: %s", List.of(arguments), result.text).isZero();
    return result.text;
  }

  /** What it printed, however it ended. */
  static String tryRun(String command, Path first, Path second) throws IOException {
    return result(command, "-f", "vmdk", "-F", "raw", first, second).text;
  }

  private record Result(int exitCode, String text) {}

  private static Result result(Object... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return new Result(process.exitValue(), text);
  }

  // ---------------------------------------------------------------- files

  /** Copies all files of a volume. */
  static void copyOut(Volume volume, Path into) throws IOException {
    for (String path : VolumeTree.paths(volume)) {
      Inode inode = VolumeTree.find(volume, path).orElseThrow();
      if (inode.attributes().type() == FileType.DIRECTORY) {
        Files.createDirectories(into.resolve(path));
      } else if (inode.attributes().type() == FileType.REGULAR) {
        copy(volume, inode, into.resolve(path));
      }
    }
  }

  private static void copy(Volume volume, Inode file, Path target) throws IOException {
    long size = file.attributes().sizeBytes();
    try (RandomAccessFile out = new RandomAccessFile(target.toFile(), "rw")) {
      out.setLength(size);
      FileChannel channel = out.getChannel();
      ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK_BYTES);
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

  /** All disk descriptors below a directory. */
  static List<Path> descriptors(Path directory) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.filter(each -> each.toString().endsWith(".vmdk")).sorted().toList()) {
        if (Files.size(path) <= MAX_DESCRIPTOR_BYTES
            && Files.readString(path, StandardCharsets.ISO_8859_1)
                .startsWith("# Disk DescriptorFile")) {
          found.add(path);
        }
      }
    }
    return found;
  }

  /** A raw image of what a disk must hold. */
  static Path expected(Path directory, DiskContents contents) throws IOException {
    Path file = Files.createTempFile(directory, "expected", ".raw");
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(contents.capacityBytes());
      ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (WriteRun run : contents.runs()) {
        for (long at = run.offsetBytes(); at < run.endBytes(); at += chunk.limit()) {
          chunk.clear().limit((int) Math.min(CHUNK_BYTES, run.endBytes() - at));
          for (DiskContents.Span span : contents.spans(at, chunk.limit())) {
            for (long i = 0; i < span.lengthBytes(); i += Long.BYTES) {
              chunk.putLong(span.word());
            }
          }
          chunk.flip();
          out.getChannel().write(chunk, at);
        }
      }
    }
    return file;
  }

  /** Changes a byte in the middle of what was written. */
  static void flipOneByte(Path raw, DiskContents contents) throws IOException {
    WriteRun run = contents.runs().get(contents.runs().size() / 2);
    try (RandomAccessFile file = new RandomAccessFile(raw.toFile(), "rw")) {
      long at = run.offsetBytes() + run.lengthBytes() / 2 + 3;
      file.seek(at);
      int before = file.read();
      file.seek(at);
      file.write(before ^ 1);
    }
  }

  /** Removes a directory with all that is in it. */
  static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
