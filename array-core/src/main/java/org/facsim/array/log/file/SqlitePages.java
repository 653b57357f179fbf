/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;

/**
 * The pages of an SQLite database that nobody writes: those of the file, and over them those of the
 * transactions in its write-ahead log, as <a href="https://sqlite.org/fileformat2.html">the
 * format</a> says. Only for reading what the first versions of this program wrote.
 */
final class SqlitePages implements AutoCloseable {
  static final int DATABASE_HEADER_BYTES = 100;

  private static final int WAL_HEADER_BYTES = 32;
  private static final int FRAME_HEADER_BYTES = 24;
  private static final int WAL_MAGIC = 0x377f0682;
  private static final int LEAST_PAGE_BYTES = 512;

  private final Path file;
  private final DiskFile database;

  /** Null without a write-ahead log. */
  private final DiskFile log;

  private final int pageBytes;
  private final int usableBytes;

  /** Where in the write-ahead log the newest committed version of a page is, by its number. */
  private final Map<Integer, Long> logged = new HashMap<>();

  /**
   * @throws ArrayException IO if this is no database
   */
  SqlitePages(Path file) {
    this.file = file;
    Path beside = file.resolveSibling(file.getFileName() + "-wal");
    database = new DiskFile(file, StandardOpenOption.READ);
    log = Files.exists(beside) ? new DiskFile(beside, StandardOpenOption.READ) : null;
    ByteBuffer header = ByteBuffer.allocate(DATABASE_HEADER_BYTES);
    int size = 0;
    int reserved = 0;
    if (fill(database, 0, header)) {
      size = Short.toUnsignedInt(header.getShort(16));
      size = size == 1 ? 1 << 16 : size;
      reserved = Byte.toUnsignedInt(header.get(20));
    } else if (log != null) { // the first transactions are only there
      ByteBuffer start = ByteBuffer.allocate(WAL_HEADER_BYTES);
      size = fill(log, 0, start) ? start.getInt(8) : 0;
    }
    if (size < LEAST_PAGE_BYTES || Integer.bitCount(size) != 1 || size > 1 << 16) {
      close();
      throw damaged("is no database");
    }
    pageBytes = size;
    usableBytes = size - reserved;
    if (log != null) {
      readLog();
    }
  }

  /** How much of a page is for its contents. */
  int usableBytes() {
    return usableBytes;
  }

  /**
   * Reads a page, big-endian.
   *
   * @param number from 1
   * @throws ArrayException IO if it is not there
   */
  ByteBuffer page(int number) {
    ByteBuffer page = ByteBuffer.allocate(pageBytes);
    Long place = logged.get(number);
    boolean isThere =
        place != null
            ? fill(log, place, page)
            : number > 0 && fill(database, (number - 1L) * pageBytes, page);
    if (!isThere) {
      throw damaged("has no page " + number);
    }
    return page;
  }

  ArrayException damaged(String how) {
    return new ArrayException(ArrayError.IO, file + " is damaged: it " + how);
  }

  // ---------------------------------------------------------------- the write-ahead log

  /**
   * Finds the pages of committed transactions. A frame that does not fit ends the log: the machine
   * crashed while it was written, or it is of an earlier use of the file.
   */
  private void readLog() {
    ByteBuffer header = ByteBuffer.allocate(WAL_HEADER_BYTES);
    if (!fill(log, 0, header)
        || (header.getInt(0) & ~1) != WAL_MAGIC
        || header.getInt(8) != pageBytes) {
      return;
    }
    Sum sum = new Sum((header.getInt(0) & 1) != 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    sum.add(header, 0, WAL_HEADER_BYTES - 8);
    if (!sum.equals(header.getInt(24), header.getInt(28))) {
      return;
    }
    Map<Integer, Long> open = new HashMap<>();
    ByteBuffer frame = ByteBuffer.allocate(FRAME_HEADER_BYTES + pageBytes);
    for (long at = WAL_HEADER_BYTES; fill(log, at, frame); at += frame.capacity()) {
      sum.add(frame, 0, 8);
      sum.add(frame, FRAME_HEADER_BYTES, pageBytes);
      if (frame.getLong(8) != header.getLong(16)
          || !sum.equals(frame.getInt(16), frame.getInt(20))) {
        return;
      }
      open.put(frame.getInt(0), at + FRAME_HEADER_BYTES);
      if (frame.getInt(4) != 0) { // the last frame of a transaction
        logged.putAll(open);
        open.clear();
      }
    }
  }

  /** The checksum of a write-ahead log, which goes on from frame to frame. */
  private static final class Sum {
    private final ByteOrder order;
    private int first;
    private int second;

    Sum(ByteOrder order) {
      this.order = order;
    }

    void add(ByteBuffer bytes, int from, int length) {
      ByteBuffer words = bytes.duplicate().order(order);
      for (int at = from; at < from + length; at += 8) {
        first += words.getInt(at) + second;
        second += words.getInt(at + 4) + first;
      }
    }

    boolean equals(int storedFirst, int storedSecond) {
      return first == storedFirst && second == storedSecond;
    }
  }

  /** Returns whether the buffer could be filled. */
  private static boolean fill(DiskFile from, long at, ByteBuffer into) {
    from.read(at, into.clear());
    boolean isFull = !into.hasRemaining();
    into.flip();
    return isFull;
  }

  @Override
  public void close() {
    try {
      database.close();
    } finally {
      if (log != null) {
        log.close();
      }
    }
  }
}
