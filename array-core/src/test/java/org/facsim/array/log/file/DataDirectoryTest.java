/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.log.Batch;
import org.facsim.array.log.PayloadStore;
import org.facsim.array.log.RecordKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir Path parent;

  @Test
  void isMadeWhereNothingIsAndOpensAgain() {
    Path directory = parent.resolve("a/b");
    DataDirectory.open(directory).close();
    DataDirectory.openExisting(directory).close();
    assertThat(directory.resolve("metadata.catalog")).exists();
  }

  @Test
  void refusesASecondUserNamingTheFirst() {
    try (DataDirectory first = DataDirectory.open(parent)) {
      assertThat(first.metadata()).isNotNull();
      assertRefused(parent, ArrayError.BUSY, "in use by process " + ProcessHandle.current().pid());
    }
    DataDirectory.open(parent).close();
  }

  @Test
  void refusesADirectoryOfSomethingElse() throws IOException {
    Files.writeString(parent.resolve("letters"), "");
    assertRefused(parent, ArrayError.INVALID_ARGUMENT, "no data directory");
    assertThat(parent.resolve("lock")).doesNotExist();
    assertRefused(parent.resolve("letters"), ArrayError.INVALID_ARGUMENT, "no directory");
  }

  @Test
  void ofManyFilesOfSomethingElseFiveAreNamed() throws IOException {
    for (char name = 'a'; name <= 'h'; name++) {
      Files.writeString(parent.resolve(String.valueOf(name)), "");
    }
    assertRefused(parent, ArrayError.INVALID_ARGUMENT, "but a, b, c, d, e and 3 more");
  }

  @Test
  void makesNothingWhenOnlyAnExistingOneWillDo() {
    assertThatThrownBy(() -> DataDirectory.openExisting(parent.resolve("x")))
        .isInstanceOf(ArrayException.class)
        .hasMessageContaining("no data directory");
    assertThat(parent.resolve("x")).doesNotExist();
  }

  @Test
  void payloadIsReadBackAndZeroBeyond() {
    try (DataDirectory home = DataDirectory.open(parent);
        PayloadStore file = home.payload(3)) {
      ByteBuffer two = ByteBuffer.allocateDirect(2 * PayloadStore.SLOT_BYTES);
      two.put(0, (byte) 1).put(4096, (byte) 2);
      file.write(5, two);
      file.force();
      ByteBuffer seen = ByteBuffer.allocateDirect(3 * PayloadStore.SLOT_BYTES);
      file.read(5L * PayloadStore.SLOT_BYTES, seen);
      assertThat(seen.hasRemaining()).isFalse();
      assertThat(new int[] {seen.get(0), seen.get(4096), seen.get(8192)}).containsExactly(1, 2, 0);
      assertThat(file.sizeBytes()).isEqualTo(7 * 4096);
      home.removePayload(3);
      assertThat(parent.resolve("volume-3.blocks")).doesNotExist();
    }
  }

  /** Another process on the directory; the first line that it says is how that went. */
  private static Process hold(Path directory) throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            HoldDirectory.class.getName(),
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @Test
  void removingTheLockLetsNoSecondProcessInAndTheRefusalSaysSo() throws Exception {
    Process holder = hold(parent);
    try (BufferedReader said = holder.inputReader()) {
      assertThat(said.readLine()).isEqualTo("open " + holder.pid());
      assertRefused(parent, ArrayError.BUSY, "in use by process " + holder.pid());
      assertRefused(parent, ArrayError.BUSY, "would not free it");
      Files.delete(parent.resolve("lock"));
      assertRefused(parent, ArrayError.BUSY, "lock was removed or replaced");
      assertRefused(parent, ArrayError.BUSY, "remove nothing");
      holder.getOutputStream().close();
      assertThat(holder.waitFor(60, TimeUnit.SECONDS)).isTrue();
      DataDirectory.open(parent).close();
    } finally {
      holder.destroyForcibly();
    }
  }

  /** POSIX ends all locks of a process on a file when it closes any channel of it. */
  @Test
  void aSecondOpeningInThisProcessDoesNotUnlockTheFirst() throws Exception {
    try (DataDirectory first = DataDirectory.open(parent)) {
      assertRefused(parent, ArrayError.BUSY, "in use by process " + ProcessHandle.current().pid());
      Files.delete(parent.resolve("lock"));
      assertRefused(parent, ArrayError.BUSY, "in use by process " + ProcessHandle.current().pid());
      Files.createFile(parent.resolve("lock"));
      Process other = hold(parent);
      try (BufferedReader said = other.inputReader()) {
        assertThat(said.readLine()).startsWith("BUSY ");
      } finally {
        other.destroyForcibly();
      }
      assertThat(first.metadata()).isNotNull();
    }
  }

  @Test
  void aSecondCloseLeavesTheDirectoryToWhoeverHasItNow() throws IOException {
    DataDirectory first = DataDirectory.open(parent);
    Batch batch = first.newBatch();
    batch.put(RecordKind.STATE, 0, 0, 1, ByteBuffer.allocate(1));
    first.metadata().append(batch);
    first.close();
    try (DataDirectory second = DataDirectory.open(parent)) {
      second.metadata().append(batch);
      byte[] catalog = Files.readAllBytes(parent.resolve(Catalog.FILE));
      var key = Files.readAttributes(parent.resolve(Catalog.FILE), "fileKey,lastModifiedTime");
      first.close();
      assertThat(Files.readAllBytes(parent.resolve(Catalog.FILE))).isEqualTo(catalog);
      assertThat(Files.readAttributes(parent.resolve(Catalog.FILE), "fileKey,lastModifiedTime"))
          .isEqualTo(key);
      assertRefused(parent, ArrayError.BUSY, "in use");
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void directoryAndFilesAreTheirOwnersAlone() throws IOException {
    assumeThat(DataChannel.knowsOwners(parent)).isTrue();
    Path directory = parent.resolve("a/d");
    try (DataDirectory home = DataDirectory.open(directory);
        PayloadStore payload = home.payload(1)) {
      assertThat(payload.sizeBytes()).isZero();
    }
    assertThat(mode(directory)).isEqualTo("rwx------");
    for (String name : List.of("lock", Catalog.FILE, "metadata.1.log", "volume-1.blocks")) {
      assertThat(mode(directory.resolve(name))).as(name).isEqualTo("rw-------");
    }
  }

  @Test
  void filesOfAnEarlierVersionAreTightenedButNotByALook() throws IOException {
    assumeThat(DataChannel.knowsOwners(parent)).isTrue();
    Path directory = parent.resolve("d");
    DataDirectory.open(directory).close();
    Path log = directory.resolve("metadata.1.log");
    Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-r--r--"));
    DataDirectory.openExisting(directory).close();
    assertThat(mode(log)).isEqualTo("rw-r--r--");
    DataDirectory.open(directory).close();
    assertThat(mode(log)).isEqualTo("rw-------");
  }

  @Test
  void storedPayloadThatIsMissingIsNotMade() {
    try (DataDirectory home = DataDirectory.open(parent);
        PayloadStore missing = home.storedPayload(7)) {
      assertThat(missing.isMissing()).isTrue();
      assertThat(missing.name()).isEqualTo("volume-7.blocks");
      assertThat(parent.resolve("volume-7.blocks")).doesNotExist();
      assertThatThrownBy(() -> missing.write(0, ByteBuffer.allocate(4096)))
          .hasMessageContaining("volume-7.blocks is missing");
    }
  }

  private static void assertRefused(Path directory, ArrayError error, String text) {
    assertThatThrownBy(() -> DataDirectory.open(directory).close())
        .isInstanceOfSatisfying(ArrayException.class, e -> assertThat(e.error()).isEqualTo(error))
        .hasMessageContaining(text);
  }
}
