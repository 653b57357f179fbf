/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vmdk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The head of a sparse extent ("KDMV"), as Workstation, appliances and qemu-img make it, by
 * VMware's <i>Virtual Disk Format 1.1</i>. All numbers are little-endian and unsigned; places are
 * in sectors of 512 bytes.
 *
 * <pre>
 *   byte 0    magic, version, flags (4 bytes each)
 *   byte 12   capacity, grain size, place and size of the descriptor (8 each)
 *   byte 44   entries per grain table (4), redundant directory, directory, overhead (8 each)
 *   byte 72   unclean shutdown (1), LF, blank, CR, LF, compression (2)
 * </pre>
 *
 * @param version 1 to 3
 * @param flags see the methods below
 * @param capacitySectors of the extent
 * @param grainSectors a power of 2, 1 to {@value #MAX_GRAIN_SECTORS}
 * @param descriptorSector place of the embedded descriptor, 0 if there is none
 * @param descriptorSectors its size, at most 128
 * @param tableEntries entries of a grain table, 1 to 512
 * @param directorySector place of the grain directory, {@link #AT_END} if the footer tells it
 * @param compression 0, or 1 for deflate
 */
public record SparseExtentHeader(
    int version,
    int flags,
    long capacitySectors,
    int grainSectors,
    long descriptorSector,
    int descriptorSectors,
    int tableEntries,
    long directorySector,
    int compression) {
  public static final int HEADER_BYTES = 512;

  /** The directory's place in the header of a file that was written as a stream. */
  public static final long AT_END = -1;

  static final int MAX_GRAIN_SECTORS = 2048;

  private static final int SECTOR_BYTES = 512;
  private static final int MAGIC = 0x564d444b; // "KDMV" read little-endian
  private static final int FLAG_NEWLINES = 1;
  private static final int FLAG_ZERO_GRAINS = 1 << 2;
  private static final int FLAG_COMPRESSED = 1 << 16;
  private static final int FLAG_MARKERS = 1 << 17;
  private static final int MAX_TABLE_ENTRIES = 512;
  private static final long MAX_DIRECTORY_ENTRIES = 1 << 22;
  private static final int NEWLINES = 0x0a0d200a; // LF, blank, CR, LF read little-endian

  public SparseExtentHeader {
    check("version", version, 1, 3);
    check("capacity", capacitySectors, 1, ExtentLine.MAX_SECTORS);
    check("grain size", grainSectors, 1, MAX_GRAIN_SECTORS);
    if (Integer.bitCount(grainSectors) != 1) {
      throw new VmdkFormatException("grain size %d; allowed: powers of 2".formatted(grainSectors));
    }
    check("entries of a grain table", tableEntries, 1, MAX_TABLE_ENTRIES);
    long entries = directoryEntries(capacitySectors, grainSectors, tableEntries);
    check("entries of the grain directory", entries, 1, MAX_DIRECTORY_ENTRIES);
    check("place of the descriptor", descriptorSector, 0, ExtentLine.MAX_SECTORS);
    check(
        "size of the descriptor",
        descriptorSectors,
        0,
        DescriptorText.MAX_TEXT_BYTES / SECTOR_BYTES);
    if (directorySector != AT_END) {
      check("place of the grain directory", directorySector, 1, 2 * ExtentLine.MAX_SECTORS);
    }
    check("compression", compression, 0, 1);
  }

  /** Whether bytes start such a header. */
  static boolean isMeant(byte[] bytes) {
    return bytes.length >= 4
        && ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt() == MAGIC;
  }

  /**
   * Reads a header.
   *
   * @param bytes at least {@value #HEADER_BYTES}
   * @throws VmdkFormatException if the bytes are not a header
   */
  public static SparseExtentHeader decode(byte[] bytes) {
    if (bytes.length < HEADER_BYTES || !isMeant(bytes)) {
      throw new VmdkFormatException("not the header of a sparse extent (KDMV)");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int version = in.getInt(4);
    int flags = in.getInt(8);
    if ((flags & FLAG_NEWLINES) != 0 && in.getInt(73) != NEWLINES) {
      throw new VmdkFormatException(
          "line ends at byte 73 were changed: the file was copied in a text mode; copy it as binary");
    }
    return new SparseExtentHeader(
        version,
        flags,
        in.getLong(12),
        toInt("grain size", in.getLong(20)),
        in.getLong(28),
        toInt("size of the descriptor", in.getLong(36)),
        in.getInt(44),
        in.getLong(56),
        Short.toUnsignedInt(in.getShort(77)));
  }

  private static int toInt(String field, long value) {
    check(field, value, 0, Integer.MAX_VALUE);
    return (int) value;
  }

  private static void check(String field, long value, long least, long most) {
    if (value < least || value > most) {
      throw new VmdkFormatException(
          "%s %s in the header of a sparse extent; allowed: %d to %d"
              .formatted(field, Long.toUnsignedString(value), least, most));
    }
  }

  private static long directoryEntries(long capacity, long grain, long entries) {
    return (capacity + grain * entries - 1) / (grain * entries);
  }

  /** How many grain tables cover the extent. */
  int directoryEntries() {
    return (int) directoryEntries(capacitySectors, grainSectors, tableEntries);
  }

  int grainBytes() {
    return grainSectors * SECTOR_BYTES;
  }

  /** Whether a table entry of 1 means zeros. */
  boolean hasZeroGrains() {
    return (flags & FLAG_ZERO_GRAINS) != 0;
  }

  /** Whether grains are compressed. */
  boolean isCompressed() {
    return compression != 0 || (flags & FLAG_COMPRESSED) != 0;
  }

  /** Whether each grain follows a marker of 12 bytes: its first sector and its length. */
  boolean hasMarkers() {
    return (flags & FLAG_MARKERS) != 0;
  }
}
