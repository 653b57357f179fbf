/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.log.Batch;
import org.facsim.array.log.RecordKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever only looks at a data directory changes nothing in it, and stands beside others who do.
 */
class LookingTest {
  private static final int ROW_BYTES = 1000;
  private static final int LOG_BYTES = 16 << 10;

  @TempDir private Path parent;

  /** All files with their bytes, times and modes. */
  private static Map<String, String> everything(Path directory) throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        all.put(
            file.getFileName().toString(),
            Files.readAttributes(file, "posix:lastModifiedTime,fileKey,permissions")
                + new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return all;
  }

  @Test
  void lookingChangesNothingNotEvenTheLock() throws IOException {
    try (DataDirectory made = DataDirectory.open(parent)) {
      made.payload(1).close();
    }
    Files.writeString(parent.resolve("lock"), "4711\n");
    Map<String, String> before = everything(parent);
    try (DataDirectory looked = DataDirectory.openExisting(parent)) {
      looked.storedPayload(1).close();
      looked.storedPayload(2).close();
    }
    assertThat(everything(parent)).isEqualTo(before);
    Files.delete(parent.resolve("lock"));
    DataDirectory.openExisting(parent).close();
    assertThat(parent.resolve("lock")).doesNotExist();
  }

  private static Process hold(Path directory, String how) throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            HoldDirectory.class.getName(),
            directory.toString(),
            how)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @Test
  void severalMayLookAndNobodyOpensMeanwhile() throws Exception {
    DataDirectory.open(parent).close();
    Process other = hold(parent, HoldDirectory.LOOK);
    try (BufferedReader said = other.inputReader()) {
      assertThat(said.readLine()).startsWith("open ");
      DataDirectory.openExisting(parent).close();
      assertBusy(() -> DataDirectory.open(parent).close(), "is being checked by another process");
      Files.delete(parent.resolve("lock"));
      assertBusy(() -> DataDirectory.open(parent).close(), "has locked metadata.1.log");
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void nobodyLooksAtADirectoryInUse() throws Exception {
    Process other = hold(parent, "");
    try (BufferedReader said = other.inputReader()) {
      assertThat(said.readLine()).startsWith("open ");
      assertBusy(
          () -> DataDirectory.openExisting(parent).close(), "in use by process " + other.pid());
      Files.delete(parent.resolve("lock"));
      assertBusy(() -> DataDirectory.openExisting(parent).close(), "has locked metadata.1.log");
    } finally {
      other.destroyForcibly();
    }
  }

  private static void assertBusy(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable open, String why) {
    assertThatThrownBy(open)
        .isInstanceOfSatisfying(
            ArrayException.class, e -> assertThat(e.error()).isEqualTo(ArrayError.BUSY))
        .hasMessageContaining(why);
  }

  /** Such as only a crash leaves; a start would fold them. */
  @Test
  void severalSealedLogsAreReadWhereTheyAre() throws IOException {
    Path crashed = Files.createDirectory(parent.resolve("crashed"));
    Path copy = Files.createDirectory(parent.resolve("copy"));
    Set<Long> stored = new TreeSet<>();
    LoggedMetadata neverClosed =
        new LoggedMetadata(new DirectoryFiles(crashed), folding -> {}, LOG_BYTES, System::nanoTime);
    while (logs(crashed) < 4) {
      Batch batch = new Batch();
      long id = stored.size() + 1L;
      batch.put(RecordKind.ENTRY, 1, 0, id, ByteBuffer.allocate(ROW_BYTES));
      neverClosed.append(batch);
      stored.add(id);
    }
    try (Stream<Path> files = Files.list(crashed)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    Map<String, String> before = everything(copy);
    Set<Long> read = new TreeSet<>();
    LoggedMetadata looked =
        new LoggedMetadata(
            new DirectoryFiles(copy, true), Runnable::run, LOG_BYTES, System::nanoTime);
    looked.load(RecordKind.ENTRY, 1, (kind, volume, owner, id, bytes) -> read.add(id));
    looked.close();
    assertThat(read).isEqualTo(stored);
    assertThat(everything(copy)).isEqualTo(before);
  }

  private static long logs(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".log")).count();
    }
  }
}
