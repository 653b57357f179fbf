/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.log.Batch;
import org.facsim.array.log.RecordKind;

/**
 * The metadata of formats 1 and 2: an SQLite database.
 *
 * <pre>
 *   meta(key, value)                                        the format
 *   log(number, crc, bytes)                                 batches, the newest changes
 *   page(key, crc, bytes)                                   4 KiB of a table; key: volume, kind, page
 *   bundle(volume, kind, owner, number, crc, bytes)         up to 16 neighbouring rows
 * </pre>
 *
 * A crash may leave pages that are ahead of others. All values are absolute, so laying the whole
 * log over them makes them equal.
 */
final class OldDatabase {
  static final String FILE = "metadata.db";

  private static final int VOLUME_SHIFT = 40;
  private static final int KIND_SHIFT = 36;
  private static final long PAGE_MASK = (1L << KIND_SHIFT) - 1;
  private static final int PAGE_BYTES_SHIFT = 12;
  private static final int ROW_HEADER_BYTES = Long.BYTES + Integer.BYTES;

  private final Path file;
  private final OldRecords into = new OldRecords();
  private long lastBatch;

  private OldDatabase(Path file) {
    this.file = file;
  }

  /**
   * Reads everything. Changes nothing.
   *
   * @throws ArrayException IO if it is damaged, NOT_SUPPORTED for another format in a database
   */
  static OldRecords read(Path directory) {
    OldDatabase database = new OldDatabase(directory.resolve(FILE));
    try (SqlitePages pages = new SqlitePages(database.file)) {
      database.read(new SqliteTable(pages));
    }
    return database.into;
  }

  private void read(SqliteTable table) {
    long[] version = {0};
    table.rows(
        existing(table, "meta"),
        (key, values) -> {
          if (SqliteTable.text(values.get(0)).equals("format")) {
            version[0] = (long) values.get(1);
          }
        });
    if (version[0] < 1 || version[0] > 2) {
      throw new ArrayException(
          ArrayError.NOT_SUPPORTED, file + " has format version " + version[0] + "; known: 1, 2");
    }
    table.rows(existing(table, "page"), this::page);
    table.rows(existing(table, "bundle"), (key, values) -> bundle(values));
    table.rows(existing(table, "log"), this::batch);
  }

  private int existing(SqliteTable table, String name) {
    int root = table.find(name);
    if (root == 0) {
      throw new ArrayException(ArrayError.IO, file + " is damaged: it has no table " + name);
    }
    return root;
  }

  private void page(long key, List<Object> values) {
    RecordKind kind = RecordKind.of((int) (key >> KIND_SHIFT) & 0xf);
    int volume = (int) (key >> VOLUME_SHIFT);
    long number = key & PAGE_MASK;
    byte[] bytes = checked(kind, volume, 0, number, values.get(1), values.get(2));
    into.change(kind, volume, 0, number << PAGE_BYTES_SHIFT, little(bytes));
  }

  private void bundle(List<Object> values) {
    int volume = ((Long) values.get(0)).intValue();
    RecordKind kind = RecordKind.of(((Long) values.get(1)).intValue());
    long owner = (long) values.get(2);
    long number = (long) values.get(3);
    ByteBuffer rows = little(checked(kind, volume, owner, number, values.get(4), values.get(5)));
    while (rows.hasRemaining()) {
      int length = rows.remaining() < ROW_HEADER_BYTES ? -1 : rows.getInt(rows.position() + 8);
      if (length < 0 || length > rows.remaining() - ROW_HEADER_BYTES) {
        throw new ArrayException(ArrayError.IO, file + ": a bundle of rows is damaged");
      }
      long id = rows.getLong(rows.position());
      int from = rows.position() + ROW_HEADER_BYTES;
      into.change(kind, volume, owner, id, rows.slice(from, length).order(ByteOrder.LITTLE_ENDIAN));
      rows.position(from + length);
    }
  }

  private void batch(long number, List<Object> values) {
    byte[] bytes = (byte[]) values.get(2);
    ByteBuffer name = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    requireSum(name.putLong(number).array(), bytes, values.get(1), "batch " + number);
    if (lastBatch != 0 && number != lastBatch + 1) {
      throw new ArrayException(ArrayError.IO, file + " lacks batch " + (lastBatch + 1));
    }
    lastBatch = number;
    Batch.replay(ByteBuffer.wrap(bytes), into);
  }

  private byte[] checked(
      RecordKind kind, int volume, long owner, long number, Object sum, Object bytes) {
    ByteBuffer name = ByteBuffer.allocate(21).order(ByteOrder.LITTLE_ENDIAN);
    name.put((byte) kind.code()).putInt(volume).putLong(owner).putLong(number);
    requireSum(name.array(), (byte[]) bytes, sum, kind + " " + number + " of volume " + volume);
    return (byte[]) bytes;
  }

  private void requireSum(byte[] name, byte[] bytes, Object stored, String what) {
    CRC32C crc = new CRC32C();
    crc.update(name);
    crc.update(bytes);
    if (((Long) stored).intValue() != (int) crc.getValue()) {
      throw new ArrayException(ArrayError.IO, file + ": " + what + " is damaged");
    }
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
