/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of numbered batches. Each batch is forced before the next one is written.
 *
 * <pre>
 *   byte   0  magic     int
 *          4  length    int   of the batch
 *          8  number    long  one more than that of the batch before
 *         16  checksum  int   CRC32C of length, number and batch
 *         20  size      int   of the file, at least: what was durable before
 *         24  batch, then zeros up to a multiple of 4 KiB
 * </pre>
 *
 * Little-endian. Records start at multiples of 4 KiB, so that writing a record never touches the
 * page of another one. The file is filled with zeros before records are written over them, because
 * a force costs half as much when the file's size and extents do not change. A file is used again
 * for later batches. The records that are left of its first use have smaller numbers.
 *
 * <p>A record that is not whole ends the log: the machine crashed while it was written, so nobody
 * was told that it is durable. But if a whole record with a greater number follows it, the record
 * was whole once, and that is damage.
 *
 * <p>If a file is shorter than its records say, somebody else shortened it, and it may have had
 * more records. The log fills a file one piece further than its records need. So whatever is left
 * of a shortened file says that it is too short. A file has its first piece before a catalog names
 * it, so that an empty file is damage, too. Known flaw: nobody notices that a file was shortened at
 * the end of a piece if no record began in the piece before it.
 */
final class BatchLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BatchLog.class);
  private static final int MAGIC = 0x4c_42_53_46;
  private static final int HEADER_BYTES = 24;
  private static final int ALIGNMENT_BYTES = 4096;

  /** The file grows in pieces of this size. */
  private static final int GROWTH_BYTES = 1 << 20;

  /**
   * A record is written in pieces of this size, because there may be no direct memory for a large
   * one.
   */
  private static final int PIECE_BYTES = 1 << 17;

  private static final int MAX_BYTES = Integer.MAX_VALUE - ALIGNMENT_BYTES;

  private final long number;
  private final MetadataFile file;
  private long filledBytes;

  /** The size of the file that the last force since its opening made durable. */
  private long forcedBytes;

  private long endBytes;

  private final ByteBuffer piece =
      ByteBuffer.allocateDirect(PIECE_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  /**
   * Opens a log and locks it. If the file is not there, it is made.
   *
   * @throws ArrayException BUSY if another process has locked it; NO_SPACE, IO
   */
  BatchLog(MetadataFiles files, long number) {
    this.number = number;
    file = files.open(fileName(number));
    try {
      file.lock();
      filledBytes = file.sizeBytes();
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  static String fileName(long number) {
    return "metadata." + number + ".log";
  }

  long number() {
    return number;
  }

  /** Where the next record starts. */
  long endBytes() {
    return endBytes;
  }

  /**
   * Fills a new file, so that a catalog may name it. It does not look at what is in an old file.
   */
  void prepare() {
    if (filledBytes < GROWTH_BYTES) {
      filledBytes = 0;
      fill(GROWTH_BYTES);
      force();
    }
  }

  /** Begins to use the file again: what is in it counts no more. */
  void restart() {
    endBytes = 0;
  }

  /**
   * Appends a batch, which is durable when this returns.
   *
   * @throws ArrayException NO_SPACE or IO; the batch may or may not be there after a crash, and
   *     appending it again is allowed
   */
  void append(long batchNumber, ByteBuffer batch) {
    long whole = aligned((long) HEADER_BYTES + batch.remaining());
    if (endBytes + whole > MAX_BYTES) { // because a start could not read it
      throw new ArrayException(
          ArrayError.NO_SPACE, "a transaction group of " + batch.remaining() + " bytes");
    }
    fill(endBytes + whole);
    fillAhead(endBytes + whole);
    ByteBuffer rest = batch.duplicate();
    piece.clear().putInt(MAGIC).putInt(batch.remaining()).putLong(batchNumber);
    piece.putInt(checksum(batchNumber, batch)).putInt((int) forcedBytes);
    long at = endBytes;
    while (at < endBytes + whole) {
      int bytes = Math.min(piece.remaining(), rest.remaining());
      piece.put(rest.slice().limit(bytes));
      rest.position(rest.position() + bytes);
      while (piece.position() % ALIGNMENT_BYTES != 0) { // behind the last byte of the batch only
        piece.put((byte) 0);
      }
      int length = piece.position();
      file.write(at, piece.flip());
      at += length;
      piece.clear();
    }
    force();
    endBytes += whole;
  }

  private void force() {
    long filled = filledBytes;
    file.force();
    forcedBytes = filled;
  }

  /**
   * If the disk is too full for that, a record that has its place in the file is written all the
   * same.
   */
  private void fillAhead(long neededBytes) {
    try {
      fill(Math.min(neededBytes + GROWTH_BYTES, MAX_BYTES - GROWTH_BYTES));
    } catch (ArrayException e) {
      LOG.debug("{} is not filled further: {}", fileName(number), e.getMessage());
    }
  }

  private void fill(long neededBytes) {
    if (filledBytes < neededBytes) {
      piece.clear().put(new byte[PIECE_BYTES]);
    }
    while (filledBytes < neededBytes) {
      for (int at = 0; at < GROWTH_BYTES; at += PIECE_BYTES) {
        file.write(filledBytes + at, piece.clear());
      }
      filledBytes += GROWTH_BYTES;
    }
  }

  // ---------------------------------------------------------------- reading

  /**
   * What a log holds.
   *
   * @param bytes all bytes of the file
   * @param batches views of the bytes, in order
   */
  record Contents(ByteBuffer bytes, List<ByteBuffer> batches) {}

  /**
   * Finds the batches from a number on. The next batch that is appended comes after them.
   *
   * @throws ArrayException IO if one is damaged
   */
  Contents read(long firstNumber) {
    ByteBuffer bytes = readAll();
    requireSize(GROWTH_BYTES);
    List<ByteBuffer> batches = new ArrayList<>();
    int at = 0;
    ByteBuffer batch = recordAt(bytes, at, firstNumber);
    while (batch != null) {
      batches.add(batch);
      requireSize(bytes.getInt(at + 20));
      at = Math.toIntExact(aligned(batch.limit()));
      batch = recordAt(bytes, at, firstNumber + batches.size());
    }
    endBytes = at;
    requireNothingAfter(bytes, at, firstNumber + batches.size());
    return new Contents(bytes, batches);
  }

  private void requireSize(int durableBytes) {
    if (file.sizeBytes() < durableBytes) {
      throw new ArrayException(
          ArrayError.IO,
          fileName(number)
              + " is cut: it has "
              + file.sizeBytes()
              + " bytes, and had at least "
              + durableBytes);
    }
  }

  /** Reads in pieces, because the JDK keeps a direct buffer as large as the largest piece. */
  private ByteBuffer readAll() {
    int size = (int) Math.min(file.sizeBytes(), MAX_BYTES);
    ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    int before = -1;
    while (bytes.position() < size && bytes.position() > before) {
      before = bytes.position();
      bytes.limit(Math.min(size, before + GROWTH_BYTES));
      file.read(before, bytes);
    }
    return bytes.flip();
  }

  /** Returns the batch with this number if it is here and whole, otherwise null. */
  private static ByteBuffer recordAt(ByteBuffer bytes, int at, long expected) {
    return numberAt(bytes, at) == expected ? batchAt(bytes, at) : null;
  }

  /** Returns the number of the record that starts here, or 0 if none can start here. */
  private static long numberAt(ByteBuffer bytes, int at) {
    boolean fits =
        bytes.limit() - at >= HEADER_BYTES
            && bytes.getInt(at) == MAGIC
            && bytes.getInt(at + 4) >= 0
            && bytes.getInt(at + 4) <= bytes.limit() - at - HEADER_BYTES;
    return fits ? bytes.getLong(at + 8) : 0;
  }

  private static ByteBuffer batchAt(ByteBuffer bytes, int at) {
    int from = at + HEADER_BYTES;
    ByteBuffer batch = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    batch.limit(from + bytes.getInt(at + 4)).position(from);
    return checksum(bytes.getLong(at + 8), batch) == bytes.getInt(at + 16) ? batch : null;
  }

  private void requireNothingAfter(ByteBuffer bytes, int from, long missing) {
    for (int at = from; at < bytes.limit() - HEADER_BYTES; at += ALIGNMENT_BYTES) {
      if (numberAt(bytes, at) > missing && batchAt(bytes, at) != null) {
        throw new ArrayException(
            ArrayError.IO, fileName(number) + ": batch " + missing + " is damaged");
      }
    }
  }

  private static int checksum(long number, ByteBuffer batch) {
    ByteBuffer name =
        ByteBuffer.allocate(Integer.BYTES + Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    CRC32C crc = new CRC32C();
    crc.update(name.putInt(batch.remaining()).putLong(number).flip());
    crc.update(batch.duplicate());
    return (int) crc.getValue();
  }

  private static long aligned(long bytes) {
    return (bytes + ALIGNMENT_BYTES - 1) & -ALIGNMENT_BYTES;
  }

  @Override
  public void close() {
    file.close();
  }
}
