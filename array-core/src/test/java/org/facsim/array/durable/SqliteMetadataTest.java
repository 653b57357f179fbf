/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteMetadataTest {
  @TempDir Path directory;

  private Path file() {
    return directory.resolve("metadata.db");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void holdsWhatWasAppendedThroughFoldsAndRestarts(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    MemoryMetadata model = new MemoryMetadata();
    SqliteMetadata store = new SqliteMetadata(file());
    int firstVolume = 1;
    for (int i = 0; i < 400; i++) {
      Batch batch = randomBatch(random, firstVolume);
      if (random.nextInt(60) == 0) {
        batch.remove(RecordKind.VOLUME, 0, 0, firstVolume++);
      }
      model.append(batch);
      store.append(batch);
      if (random.nextInt(100) == 0) {
        store.close();
        store = new SqliteMetadata(file());
        assertSame(store, model);
      }
    }
    store.close();
    store = new SqliteMetadata(file());
    assertSame(store, model);
    store.close();
  }

  /** About 60 KiB, so that a fold begins after some seventy of them. */
  private static Batch randomBatch(SplittableRandom random, int firstVolume) {
    Batch batch = new Batch();
    int volume = firstVolume + random.nextInt(2);
    for (int i = 0; i < 120; i++) {
      RecordKind table = random.nextBoolean() ? RecordKind.NODES : RecordKind.BLOCKS;
      byte[] bytes = new byte[32 * (1 + random.nextInt(20))];
      random.nextBytes(bytes);
      long at = 32L * random.nextInt(1 << 13);
      batch.patch(table, volume, at, bytes.length).put(bytes);
      byte[] row = new byte[random.nextInt(300)];
      random.nextBytes(row);
      long owner = random.nextInt(3);
      long id = random.nextInt(2000);
      if (random.nextInt(3) == 0) {
        batch.remove(RecordKind.ENTRY, volume, owner, id);
      } else {
        batch.put(RecordKind.ENTRY, volume, owner, id, ByteBuffer.wrap(row));
      }
    }
    batch.put(RecordKind.VOLUME, 0, 0, volume, ByteBuffer.allocate(4));
    return batch;
  }

  private static void assertSame(MetadataStore store, MetadataStore model) {
    Map<Long, ByteBuffer> volumes = contents(model, RecordKind.VOLUME, 0);
    assertThat(contents(store, RecordKind.VOLUME, 0)).isEqualTo(volumes);
    for (long volume : volumes.keySet()) {
      for (RecordKind kind :
          new RecordKind[] {RecordKind.NODES, RecordKind.BLOCKS, RecordKind.ENTRY}) {
        boolean same =
            contents(store, kind, (int) volume).equals(contents(model, kind, (int) volume));
        assertThat(same).as("%s of volume %d", kind, volume).isTrue();
      }
    }
  }

  /** Pages of zeros count as not stored. */
  private static Map<Long, ByteBuffer> contents(MetadataStore store, RecordKind kind, int volume) {
    Map<Long, ByteBuffer> all = new TreeMap<>();
    store.load(
        kind,
        volume,
        (sameKind, sameVolume, owner, id, bytes) -> {
          byte[] copy = new byte[bytes.remaining()];
          bytes.get(0, copy);
          if (!kind.isTable() || ByteBuffer.wrap(copy).mismatch(ByteBuffer.allocate(4096)) >= 0) {
            all.put(owner << 32 | id, ByteBuffer.wrap(copy));
          }
        });
    return all;
  }

  @Test
  void removedVolumesLeaveNothingBehind() throws Exception {
    try (SqliteMetadata store = new SqliteMetadata(file())) {
      Batch batch = new Batch();
      batch.put(RecordKind.VOLUME, 0, 0, 1, ByteBuffer.allocate(4));
      for (int i = 0; i < 1000; i++) {
        batch.patch(RecordKind.NODES, 1, i * 4096L, 32).put(new byte[32]);
        batch.put(RecordKind.INODE, 1, 0, i, ByteBuffer.allocate(100));
      }
      store.append(batch);
    }
    try (SqliteMetadata store = new SqliteMetadata(file())) {
      Batch batch = new Batch();
      batch.remove(RecordKind.VOLUME, 0, 0, 1);
      store.append(batch);
    }
    try (SqliteMetadata store = new SqliteMetadata(file())) {
      for (int i = 0; i < 20; i++) {
        store.append(new Batch());
      }
      assertThat(contents(store, RecordKind.NODES, 1)).isEmpty();
    }
    assertThat(count("page")).isZero();
    assertThat(count("bundle")).isZero();
  }

  private int count(String table) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement()) {
      return statement.executeQuery("SELECT count(*) FROM " + table).getInt(1);
    }
  }

  @Test
  void refusesAnotherFormatVersionNamingBoth() throws Exception {
    new SqliteMetadata(file()).close();
    execute("UPDATE meta SET value = 7 WHERE key = 'format'");
    assertError(
        ArrayError.NOT_SUPPORTED, "version 7, this program knows " + SqliteMetadata.FORMAT_VERSION);
  }

  @Test
  void refusesAFileThatIsNoDatabase() throws IOException {
    Files.writeString(file(), "metadata of something else, long enough to be looked at");
    assertError(ArrayError.IO, "damaged");
  }

  @Test
  void noticesFlippedBytesAndMissingBatches() throws Exception {
    fill();
    execute("UPDATE log SET bytes = zeroblob(length(bytes)) WHERE number = 2");
    assertError(ArrayError.IO, "batch 2 is damaged");
    execute("DELETE FROM log WHERE number = 2");
    assertError(ArrayError.IO, "lacks batch 2");
  }

  @Test
  void noticesDamagedAndMisplacedPages() throws Exception {
    fill();
    new SqliteMetadata(file()).close();
    execute("UPDATE page SET key = key + 1000000");
    try (SqliteMetadata store = new SqliteMetadata(file())) {
      assertThatThrownBy(() -> contents(store, RecordKind.NODES, 1))
          .isInstanceOf(ArrayException.class)
          .hasMessageContaining("is damaged");
    }
  }

  @Test
  void noticesATruncatedFile() throws Exception {
    fill();
    new SqliteMetadata(file()).close();
    byte[] whole = Files.readAllBytes(file());
    Files.write(file(), java.util.Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(
            () -> {
              try (SqliteMetadata store = new SqliteMetadata(file())) {
                contents(store, RecordKind.NODES, 1);
              }
            })
        .isInstanceOf(ArrayException.class);
  }

  private void fill() {
    try (SqliteMetadata store = new SqliteMetadata(file())) {
      for (int i = 0; i < 3; i++) {
        Batch batch = new Batch();
        batch.put(RecordKind.VOLUME, 0, 0, 1, ByteBuffer.allocate(4));
        batch.patch(RecordKind.NODES, 1, i * 4096L, 32).put(new byte[] {1}).put(new byte[31]);
        store.append(batch);
      }
    }
  }

  private void execute(String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void assertError(ArrayError error, String text) {
    assertThatThrownBy(() -> new SqliteMetadata(file()).close())
        .isInstanceOfSatisfying(ArrayException.class, e -> assertThat(e.error()).isEqualTo(error))
        .hasMessageContaining(text);
  }
}
