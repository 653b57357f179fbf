/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.facsim.array.engine.ArrayCheck;
import org.facsim.array.engine.ArrayEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Data directories that the programs of old commits wrote ({@code src/test/old-formats/make}), each
 * with a listing of what was in it. That of format 2 was left by a killed process, so most of it is
 * in a write-ahead log.
 */
class OldFormatTest {
  @TempDir private Path folder;

  private ArrayEngine open() {
    return ArrayEngine.open(
        new ArrayOptions(1L << 40, InstantSource.system(), 7), folder.resolve("data"));
  }

  private void unpack(String format) throws IOException {
    try (InputStream archive =
            OldFormatTest.class.getResourceAsStream("/old-formats/" + format + ".zip");
        ZipInputStream zip = new ZipInputStream(archive)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = folder.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else {
          Files.createDirectories(file.getParent());
          Files.write(file, zip.readAllBytes());
        }
      }
    }
  }

  /** A hash of each file's bytes, by name. */
  private Map<String, Integer> files() throws IOException {
    Map<String, Integer> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder.resolve("data"))) {
      for (Path file : files.toList()) {
        if (!file.endsWith("lock")) {
          contents.put(file.getFileName().toString(), Arrays.hashCode(Files.readAllBytes(file)));
        }
      }
    }
    return contents;
  }

  @ParameterizedTest
  @ValueSource(strings = {"format-1", "format-2", "format-3"})
  void anOldDirectoryIsConvertedWithEverythingInIt(String format) throws Exception {
    unpack(format);
    String listing = Files.readString(folder.resolve("listing.txt"));
    try (ArrayEngine array = open()) {
      assertThat(listing(array)).isEqualTo(listing);
    }
    assertThat(files().keySet()).contains("metadata.catalog");
    assertThat(ArrayCheck.of(folder.resolve("data"))).isEmpty();
    try (ArrayEngine again = open()) {
      assertThat(listing(again)).isEqualTo(listing);
      Volume volume = again.volume("datastore1").orElseThrow();
      volume.names().remove(Caller.ROOT, volume.root(), Name.of("clone"));
      Inode made =
          volume
              .names()
              .create(
                  Caller.ROOT,
                  volume.root(),
                  Name.of("new"),
                  Workbench.GUARDED,
                  AttributeChanges.NONE)
              .inode();
      volume.files().write(Caller.ROOT, made, 0, ByteBuffer.allocate(9_000).putInt(0, 7));
      again.awaitReclaim();
    }
    assertThat(ArrayCheck.of(folder.resolve("data"))).isEmpty();
    assertThat(files().keySet()).noneMatch(name -> name.startsWith("metadata.db"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"format-1", "format-2", "format-3"})
  void aCheckReadsAnOldDirectoryAndChangesNothing(String format) throws Exception {
    unpack(format);
    Map<String, Integer> before = files();
    assertThat(ArrayCheck.of(folder.resolve("data"))).isEmpty();
    assertThat(files()).containsExactlyEntriesOf(before);
  }

  @Test
  void snapshotsAndNamedStatesComeAlong() throws Exception {
    unpack("format-3");
    try (ArrayEngine array = open()) {
      Volume volume = array.volume("datastore1").orElseThrow();
      assertThat(volume.snapshots().all()).extracting(Snapshot::name).containsExactly("first");
      assertThat(listing(array)).contains("/folder/new ").doesNotContain("/folder/f1 ");
      array.restoreState("before");
      assertThat(listing(array)).contains("/folder/f1 ").doesNotContain("/folder/new ");
    }
    assertThat(ArrayCheck.of(folder.resolve("data"))).isEmpty();
  }

  @Test
  void anAttemptThatEndedEarlyIsMadeAnew() throws Exception {
    unpack("format-2");
    Files.write(folder.resolve("data/metadata.1.log"), new byte[3 << 20]); // of a crash
    Files.write(folder.resolve("data/metadata.catalog.new"), new byte[10]);
    try (ArrayEngine array = open()) {
      assertThat(listing(array)).isEqualTo(Files.readString(folder.resolve("listing.txt")));
    }
  }

  @Test
  void aTransactionThatWasNotWholeInTheWriteAheadLogIsLeftOut() throws Exception {
    unpack("format-2");
    try (RandomAccessFile log =
        new RandomAccessFile(folder.resolve("data/metadata.db-wal").toFile(), "rw")) {
      log.setLength(log.length() - 100); // the last page of the last transaction
    }
    try (ArrayEngine array = open()) {
      assertThat(array.volume("datastore1")).isPresent();
    }
    assertThat(ArrayCheck.of(folder.resolve("data"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 100_000, 700_000, 1_400_000})
  void damageIsSaidAndTheDirectoryLeftAlone(int place) throws Exception {
    unpack("format-1");
    Path database = folder.resolve("data/metadata.db");
    byte[] bytes = Files.readAllBytes(database);
    for (int at = place; at < place + 40; at++) {
      bytes[at] ^= (byte) 0x5a;
    }
    Files.write(database, bytes);
    Map<String, Integer> before = files();
    assertThatThrownBy(() -> open().close())
        .isInstanceOf(ArrayException.class)
        .hasMessageContaining("metadata.db");
    assertThat(files()).containsExactlyEntriesOf(before);
  }

  @Test
  void anotherDatabaseIsRefused() throws Exception {
    Files.createDirectories(folder.resolve("data"));
    Files.write(folder.resolve("data/metadata.db"), "no database at all".getBytes(US_ASCII));
    assertThatThrownBy(() -> open().close())
        .isInstanceOf(ArrayException.class)
        .hasMessageContaining("is no database");
  }

  // ---------------------------------------------------------------- as MakeOldDirectory lists

  private static String listing(ArrayEngine array) {
    StringBuilder lines = new StringBuilder("physical " + array.physicalUsedBytes() + "\n");
    for (Volume volume : array.volumes()) {
      lines.append(volume.name()).append(' ').append(volume.sizeBytes()).append('\n');
      list(volume, volume.root(), "", lines);
    }
    return lines.toString();
  }

  private static void list(Volume volume, Inode directory, String path, StringBuilder lines) {
    List<Volume.DirectoryEntry> entries = new ArrayList<>();
    long cookie = 0;
    Volume.DirectoryPage page;
    do {
      page = volume.names().readDirectory(Caller.ROOT, directory, cookie, 100);
      for (Volume.DirectoryEntry entry : page.entries()) {
        if (!entry.name().isDot() && !entry.name().isDotDot()) {
          entries.add(entry);
        }
        cookie = entry.cookie();
      }
    } while (!page.endOfDirectory());
    for (Volume.DirectoryEntry entry : entries) {
      FileAttributes a = entry.inode().attributes();
      String name = path + "/" + entry.name();
      lines.append(name).append(' ').append(entry.cookie()).append(' ').append(a.type());
      lines.append(' ').append(Integer.toOctalString(a.mode())).append(' ').append(a.linkCount());
      lines.append(' ').append(a.uid()).append(' ').append(a.gid()).append(' ');
      lines.append(a.sizeBytes()).append(' ').append(a.changeTimeNanos()).append(' ');
      lines.append(a.modifyTimeNanos()).append(' ').append(a.changeCounter()).append(' ');
      lines.append(entry.inode().handle()).append(' ');
      lines.append(Integer.toHexString(contents(volume, entry.inode(), a))).append('\n');
      if (a.type() == FileType.DIRECTORY) {
        list(volume, entry.inode(), name, lines);
      }
    }
  }

  private static int contents(Volume volume, Inode inode, FileAttributes attributes) {
    CRC32C crc = new CRC32C();
    if (attributes.type() == FileType.REGULAR) {
      long at = 0;
      while (at < attributes.sizeBytes()) {
        Volume.Seek data = volume.files().seekData(Caller.ROOT, inode, at);
        if (data.endOfFile()) {
          break;
        }
        ByteBuffer bytes = ByteBuffer.allocate(Volume.BLOCK_BYTES);
        var unused = volume.files().read(Caller.ROOT, inode, data.offsetBytes(), bytes);
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(data.offsetBytes()).flip());
        crc.update(bytes.flip());
        at = data.offsetBytes() + Volume.BLOCK_BYTES;
      }
    } else if (attributes.type() == FileType.SYMBOLIC_LINK) {
      crc.update(volume.names().readLink(Caller.ROOT, inode));
    }
    return (int) crc.getValue();
  }
}
