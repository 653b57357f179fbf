/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vmdk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where the parts of an SEsparse redo log ({@code -sesparse.vmdk}) are, and how its entries are
 * coded. All numbers are 64 bits wide, little-endian and unsigned. All places are in sectors of 512
 * bytes. VMware does not publish the format; the facts are those that QEMU's reader checks.
 *
 * <pre>
 *   constant header    sector 0: magic cafebabe, version, capacity, grain size, table size, flags,
 *                      4 reserved, then place and size of each part below in the order: volatile
 *                      header, journal header, journal, grain directory, grain tables, free bitmap,
 *                      backmap, grains; the rest is zero
 *   volatile header    magic cafecafe, next free table, next transaction, 1 if the journal must be
 *                      replayed; the rest is zero
 *   journal header, journal   unused: every step of a write is stable before the next (RedoLog)
 *   grain directory    an entry per table: 0, or 1 in the top four bits and the table's index
 *   grain tables       4096 entries each; room for all tables of the disk
 *   free bitmap        a bit per grain of this file, 1 if it is in use
 *   backmap            an entry per grain of this file: where on the disk it belongs
 *   grains             4 KiB each, in the order in which they were first written
 * </pre>
 *
 * <p>A table entry has its kind in the top four bits: 0 the parent has the bytes, 1 unmapped by the
 * guest, 2 written with zeros, 3 in this file. The index of a grain in this file is split: its low
 * 12 bits are bits 48 to 59 of the entry, the others are bits 0 to 47.
 *
 * <p>What a bit of the free bitmap means, and how an entry of the backmap is coded, no public
 * source tells; no reader that we know looks at them. Ours are as described here.
 *
 * @param capacitySectors of the disk, 1 to 62 TiB
 * @param directorySector start of the grain directory
 * @param directorySectors its size
 * @param tablesSector start of the grain tables
 * @param bitmapSector start of the free bitmap
 * @param backmapSector start of the backmap
 * @param grainsSector start of the grains
 */
public record SeSparseLayout(
    long capacitySectors,
    long directorySector,
    long directorySectors,
    long tablesSector,
    long bitmapSector,
    long backmapSector,
    long grainsSector) {
  public static final int SECTOR_BYTES = 512;
  public static final int HEADER_BYTES = 512;
  public static final int GRAIN_SECTORS = 8;
  public static final int GRAIN_BYTES = GRAIN_SECTORS * SECTOR_BYTES;
  public static final int TABLE_ENTRIES = 4096;
  public static final int TABLE_BYTES = TABLE_ENTRIES * Long.BYTES;
  public static final int TABLE_SECTORS = TABLE_BYTES / SECTOR_BYTES;
  public static final int VOLATILE_HEADER_SECTOR = 1;

  /** How much of the disk one table covers, 16 MiB. */
  public static final long TABLE_SPAN_BYTES = (long) TABLE_ENTRIES * GRAIN_BYTES;

  /** An entry of a grain that the guest unmapped: it reads as zeros. */
  public static final long UNMAPPED = 0x1000000000000000L;

  /** An entry of a grain that was written with zeros. */
  public static final long ZERO = 0x2000000000000000L;

  private static final long IN_FILE = 0x3000000000000000L;
  private static final long TABLE_PRESENT = 0x1000000000000000L;
  private static final long KIND_MASK = 0xf000000000000000L;
  private static final long LOW_48 = 0x0000ffffffffffffL;

  private static final long CONSTANT_MAGIC = 0xcafebabeL;
  private static final long VOLATILE_MAGIC = 0xcafecafeL;
  private static final long VERSION = 0x0000000200000001L;
  private static final int JOURNAL_HEADER_SECTOR = 2;
  private static final int JOURNAL_HEADER_SECTORS = 2;
  private static final int JOURNAL_SECTOR = 2048;
  private static final int JOURNAL_SECTORS = 2048;
  private static final int FIRST_DIRECTORY_SECTOR = 4096;

  /** Parts start at multiples of 1 MiB. */
  private static final int ALIGNMENT_SECTORS = 2048;

  private static final int PARTS = 8;

  public SeSparseLayout {
    if (capacitySectors <= 0 || capacitySectors > ExtentLine.MAX_SECTORS) {
      throw new VmdkFormatException(
          "capacity of %s sectors; allowed: 1 to %d"
              .formatted(Long.toUnsignedString(capacitySectors), ExtentLine.MAX_SECTORS));
    }
  }

  /** The layout of a new log. */
  public static SeSparseLayout of(long capacityBytes) {
    long capacity = capacityBytes / SECTOR_BYTES;
    long grains = grains(capacity);
    long directory = FIRST_DIRECTORY_SECTOR;
    long directorySectors = sectorsFor(tables(capacity) * Long.BYTES);
    long tables = aligned(directory + directorySectors);
    long bitmap = aligned(tables + tables(capacity) * TABLE_SECTORS);
    long backmap = aligned(bitmap + sectorsFor((grains + 7) / 8));
    long data = aligned(backmap + sectorsFor(grains * Long.BYTES));
    return new SeSparseLayout(capacity, directory, directorySectors, tables, bitmap, backmap, data);
  }

  /** How many grains the disk has; the last may be short. */
  public long grains() {
    return grains(capacitySectors);
  }

  /** How many grain tables cover the disk. */
  public int tables() {
    return (int) tables(capacitySectors);
  }

  private static long grains(long capacitySectors) {
    return (capacitySectors + GRAIN_SECTORS - 1) / GRAIN_SECTORS;
  }

  private static long tables(long capacitySectors) {
    return (grains(capacitySectors) + TABLE_ENTRIES - 1) / TABLE_ENTRIES;
  }

  private static long sectorsFor(long bytes) {
    return (bytes + SECTOR_BYTES - 1) / SECTOR_BYTES;
  }

  private static long aligned(long sector) {
    return (sector + ALIGNMENT_SECTORS - 1) / ALIGNMENT_SECTORS * ALIGNMENT_SECTORS;
  }

  /** The place in the file of a table, in bytes. */
  public long tableOffset(int tableIndex) {
    return (tablesSector + (long) tableIndex * TABLE_SECTORS) * SECTOR_BYTES;
  }

  /** The place in the file of a grain, in bytes. */
  public long grainOffset(long grainIndex) {
    return (grainsSector + grainIndex * GRAIN_SECTORS) * SECTOR_BYTES;
  }

  /** {@value #HEADER_BYTES} bytes. */
  public byte[] encodeConstantHeader() {
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(CONSTANT_MAGIC).putLong(VERSION).putLong(capacitySectors);
    out.putLong(GRAIN_SECTORS).putLong(TABLE_SECTORS).putLong(0);
    out.putLong(0).putLong(0).putLong(0).putLong(0);
    out.putLong(VOLATILE_HEADER_SECTOR).putLong(1);
    out.putLong(JOURNAL_HEADER_SECTOR).putLong(JOURNAL_HEADER_SECTORS);
    out.putLong(JOURNAL_SECTOR).putLong(JOURNAL_SECTORS);
    out.putLong(directorySector).putLong(directorySectors);
    out.putLong(tablesSector).putLong((long) tables() * TABLE_SECTORS);
    out.putLong(bitmapSector).putLong(sectorsFor((grains() + 7) / 8));
    out.putLong(backmapSector).putLong(sectorsFor(grains() * Long.BYTES));
    out.putLong(grainsSector).putLong(grains() * GRAIN_SECTORS);
    return out.array();
  }

  /** {@value #HEADER_BYTES} bytes. */
  public static byte[] encodeVolatileHeader(int freeTable) {
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(VOLATILE_MAGIC).putLong(freeTable).putLong(0).putLong(0);
    return out.array();
  }

  /**
   * Reads both headers.
   *
   * @param bytes at least {@code 2 * }{@value #HEADER_BYTES}
   * @throws VmdkFormatException if the bytes are not headers, or are such as this program does not
   *     support
   */
  public static SeSparseLayout decode(byte[] bytes) {
    if (bytes.length < 2 * HEADER_BYTES) {
      throw new VmdkFormatException("SEsparse headers of " + bytes.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    expect("magic", in.getLong(), CONSTANT_MAGIC);
    expect("version", in.getLong(), VERSION);
    long capacity = in.getLong();
    expect("grain size", in.getLong(), GRAIN_SECTORS);
    expect("grain table size", in.getLong(), TABLE_SECTORS);
    expect("flags", in.getLong(), 0);
    for (int i = 1; i <= 4; i++) {
      expect("reserved field " + i, in.getLong(), 0);
    }
    long[] place = new long[PARTS];
    long[] size = new long[PARTS];
    for (int i = 0; i < PARTS; i++) {
      place[i] = in.getLong();
      size[i] = in.getLong();
    }
    while (in.position() < HEADER_BYTES) {
      expect("padding", in.get(), 0);
    }
    expect("place of the volatile header", place[0], VOLATILE_HEADER_SECTOR);
    SeSparseLayout layout =
        new SeSparseLayout(capacity, place[3], size[3], place[4], place[5], place[6], place[7]);
    layout.checkParts(size);
    checkVolatileHeader(in);
    return layout;
  }

  private void checkParts(long[] size) {
    long end = VOLATILE_HEADER_SECTOR + 1;
    end = part("grain directory", directorySector, size[3], sectorsFor((long) tables() * 8), end);
    end = part("grain tables", tablesSector, size[4], (long) tables() * TABLE_SECTORS, end);
    end = part("free bitmap", bitmapSector, size[5], sectorsFor((grains() + 7) / 8), end);
    end = part("backmap", backmapSector, size[6], sectorsFor(grains() * Long.BYTES), end);
    part("grains", grainsSector, size[7], grains() * GRAIN_SECTORS, end);
  }

  private static long part(String name, long place, long size, long leastSize, long leastPlace) {
    if (place < leastPlace || place > 2 * ExtentLine.MAX_SECTORS) {
      throw new VmdkFormatException(
          "%s at sector %s; allowed: %d and above"
              .formatted(name, Long.toUnsignedString(place), leastPlace));
    }
    if (size < leastSize || size > 2 * ExtentLine.MAX_SECTORS) {
      throw new VmdkFormatException(
          "%s of %s sectors; allowed: %d and above"
              .formatted(name, Long.toUnsignedString(size), leastSize));
    }
    return place + size;
  }

  private static void checkVolatileHeader(ByteBuffer in) {
    expect("volatile magic", in.getLong(), VOLATILE_MAGIC);
    in.getLong();
    in.getLong();
    if (in.getLong() != 0) {
      throw new VmdkFormatException(
          "the journal must be replayed; allowed: a log that its host closed or wrote in order");
    }
  }

  private static void expect(String field, long found, long allowed) {
    if (found != allowed) {
      throw new VmdkFormatException(
          "%s %s in an SEsparse header; allowed: %s"
              .formatted(field, Long.toHexString(found), Long.toHexString(allowed)));
    }
  }

  /** The directory's entry for a table. */
  public static long encodeTable(int tableIndex) {
    return TABLE_PRESENT | tableIndex;
  }

  /**
   * The index of a table, or -1 if there is none.
   *
   * @throws VmdkFormatException if no entry looks like that
   */
  public int decodeTable(long entry) {
    if (entry == 0) {
      return -1;
    }
    long index = entry & ~KIND_MASK;
    if ((entry & KIND_MASK) != TABLE_PRESENT || index >= tables()) {
      throw new VmdkFormatException(
          "grain directory entry %016x; allowed: 0, or 1 and one of %d tables"
              .formatted(entry, tables()));
    }
    return (int) index;
  }

  /** The table's entry for a grain of this file. */
  public static long encodeGrain(long grainIndex) {
    return IN_FILE | ((grainIndex & 0xfff) << 48) | ((grainIndex >>> 12) & LOW_48);
  }

  /** Whether an entry names a grain of this file. */
  public static boolean isInFile(long entry) {
    return (entry & KIND_MASK) == IN_FILE;
  }

  /** Whether an entry says that the grain is zeros, written so or unmapped. */
  public static boolean isZeros(long entry) {
    return (entry & KIND_MASK) == UNMAPPED || (entry & KIND_MASK) == ZERO;
  }

  /**
   * The index of the grain that an entry names.
   *
   * @throws VmdkFormatException if no entry looks like that
   */
  public long decodeGrain(long entry) {
    long index = ((entry >>> 48) & 0xfff) | ((entry & LOW_48) << 12);
    if (!isInFile(entry) || index < 0 || index >= grains()) {
      throw new VmdkFormatException(
          "grain table entry %016x; allowed: kinds 0 to 3 and one of %d grains"
              .formatted(entry, grains()));
    }
    return index;
  }
}
