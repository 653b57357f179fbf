/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.facsim.array.ArrayException;
import org.facsim.array.log.Batch;
import org.facsim.array.log.PayloadStore;
import org.facsim.array.log.RecordKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything of the data directory that is closed may be closed again, alone. */
class CloseTwiceTest {
  @TempDir static Path directory;

  private interface Opening {
    AutoCloseable open() throws Exception;
  }

  private record Subject(String name, Opening opening) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Path in(String name) {
    return directory.resolve(name);
  }

  private static Batch batch() {
    Batch batch = new Batch();
    batch.put(RecordKind.STATE, 0, 0, 1, ByteBuffer.allocate(1));
    return batch;
  }

  private static LoggedMetadata metadata(MetadataFiles files) {
    LoggedMetadata metadata = new LoggedMetadata(files, Runnable::run);
    metadata.append(batch());
    return metadata;
  }

  private static Image image(MetadataFiles files) {
    return Image.open(
        files, ImageWriter.write(files, 9, new SortedLog(ByteBuffer.allocate(0), List.of())));
  }

  private static Stream<Subject> subjects() {
    MetadataFiles files = new DirectoryFiles(directory);
    return Stream.of(
        new Subject("DirectoryLock", () -> DirectoryLock.take(directory)),
        new Subject("DirectoryLock to look", () -> DirectoryLock.takeToLook(directory)),
        new Subject(
            "DataChannel",
            () ->
                DataChannel.open(
                    in("channel"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)),
        new Subject("MetadataFile", () -> files.open("file")),
        new Subject("BatchLog", () -> new BatchLog(files, 7)),
        new Subject("Image", () -> image(files)),
        new Subject("SparsePayloadFile", () -> new SparsePayloadFile(in("payload"), true)),
        new Subject("MissingPayloadFile", () -> new MissingPayloadFile("gone")),
        new Subject("LoggedMetadata", () -> metadata(files)),
        new Subject("DataDirectory", () -> DataDirectory.open(in("array"))));
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void aSecondCloseDoesNothing(Subject subject) throws Exception {
    AutoCloseable closed = subject.opening.open();
    closed.close();
    closed.close();
    AutoCloseable again = subject.opening.open();
    closed.close();
    again.close();
  }

  @Test
  void aSecondCloseOfALockIsNotTheEndOfTheNextOne() throws Exception {
    DirectoryLock first = DirectoryLock.take(directory);
    first.close();
    try (DirectoryLock second = DirectoryLock.take(directory)) {
      Files.delete(in(DirectoryLock.FILE)); // so that nothing but this process's own list is asked
      first.close();
      assertThat(isFree()).as("while %s has the directory", second).isFalse();
    }
    assertThat(isFree()).isTrue();
  }

  private static boolean isFree() throws Exception {
    try (DirectoryLock third = DirectoryLock.take(directory)) {
      return third != null;
    } catch (ArrayException e) {
      return false;
    }
  }

  @Test
  void aSecondCloseOfAFileLeavesTheNextOneOpen() throws Exception {
    PayloadStore first = new SparsePayloadFile(in("payload"), true);
    first.close();
    try (PayloadStore second = new SparsePayloadFile(in("payload"), true)) {
      first.close();
      second.write(0, ByteBuffer.allocate(PayloadStore.SLOT_BYTES));
      second.force();
    }
    try (FileChannel file = FileChannel.open(in("payload"))) {
      assertThat(file.size()).isEqualTo(PayloadStore.SLOT_BYTES);
    }
  }
}
