/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vmdk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The head of a redo log in the format vmfsSparse ({@code -delta.vmdk}). All numbers are
 * little-endian and unsigned. All places are in sectors of 512 bytes from the start of the file.
 *
 * <pre>
 *   sector 0   header, 2048 bytes: magic "COWD", version 1, flags 3, capacity, grain size,
 *              directory place, directory entries, first free sector, then fields that are zero
 *   sector 4   grain directory: 4 bytes per entry, the place of a grain table or 0
 *   ...        grain tables (4096 entries of 4 bytes: the place of a grain or 0) and grains, in the
 *              order in which they were first written
 * </pre>
 *
 * <p>Place 0 means that the parent has the bytes.
 *
 * @param capacitySectors of the disk
 * @param grainSectors sectors per grain, 1 in the field
 * @param directoryEntries entries of the grain directory
 * @param freeSector the first free sector, where the file grows
 */
public record RedoLogHeader(
    long capacitySectors, int grainSectors, int directoryEntries, long freeSector) {
  public static final int SECTOR_BYTES = 512;
  public static final int HEADER_BYTES = 2048;
  public static final int DIRECTORY_SECTOR = HEADER_BYTES / SECTOR_BYTES;
  public static final int TABLE_ENTRIES = 4096;
  public static final int TABLE_BYTES = TABLE_ENTRIES * Integer.BYTES;
  public static final int TABLE_SECTORS = TABLE_BYTES / SECTOR_BYTES;

  /** Places are 32 bits wide. */
  public static final long MAX_SECTORS = 0xffffffffL;

  private static final int MAGIC = 0x44574f43; // "COWD" read little-endian
  private static final int VERSION = 1;
  private static final int FLAGS = 3;
  private static final int MAX_GRAIN_SECTORS = 2048;

  /** New tables and long runs of grains start at multiples of this, so array blocks stay whole. */
  private static final int ALIGNMENT_SECTORS = 8;

  public RedoLogHeader {
    if (capacitySectors <= 0 || capacitySectors > MAX_SECTORS) {
      throw new VmdkFormatException(
          "capacity of %d sectors; allowed: 1 to %d".formatted(capacitySectors, MAX_SECTORS));
    }
    if (grainSectors < 1 || grainSectors > MAX_GRAIN_SECTORS) {
      throw new VmdkFormatException(
          "grains of %d sectors; allowed: 1 to %d".formatted(grainSectors, MAX_GRAIN_SECTORS));
    }
    if (directoryEntries != directoryEntriesFor(capacitySectors, grainSectors)) {
      throw new VmdkFormatException(
          "%d directory entries for %d sectors; allowed: %d"
              .formatted(
                  directoryEntries,
                  capacitySectors,
                  directoryEntriesFor(capacitySectors, grainSectors)));
    }
    if (freeSector < DIRECTORY_SECTOR || freeSector > MAX_SECTORS) {
      throw new VmdkFormatException(
          "free sector %d; allowed: %d to %d".formatted(freeSector, DIRECTORY_SECTOR, MAX_SECTORS));
    }
  }

  /** The header of an empty log. */
  public static RedoLogHeader empty(long capacityBytes) {
    long capacitySectors = capacityBytes / SECTOR_BYTES;
    int entries = directoryEntriesFor(capacitySectors, 1);
    long directoryEndBytes = HEADER_BYTES + (long) entries * Integer.BYTES;
    long endSector = (directoryEndBytes + SECTOR_BYTES - 1) / SECTOR_BYTES;
    return new RedoLogHeader(capacitySectors, 1, entries, aligned(endSector));
  }

  /** The next sector at which a table or a long run may start. */
  public static long aligned(long sector) {
    return (sector + ALIGNMENT_SECTORS - 1) / ALIGNMENT_SECTORS * ALIGNMENT_SECTORS;
  }

  public RedoLogHeader withFreeSector(long sector) {
    return new RedoLogHeader(capacitySectors, grainSectors, directoryEntries, sector);
  }

  /** {@value #HEADER_BYTES} bytes. */
  public byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(MAGIC).putInt(VERSION).putInt(FLAGS);
    out.putInt((int) capacitySectors).putInt(grainSectors);
    out.putInt(DIRECTORY_SECTOR).putInt(directoryEntries).putInt((int) freeSector);
    return out.array();
  }

  /**
   * Reads a header.
   *
   * @param bytes at least {@value #HEADER_BYTES}
   * @throws VmdkFormatException if the bytes are not a header, or are one that this program does
   *     not support
   */
  public static RedoLogHeader decode(byte[] bytes) {
    if (bytes.length < HEADER_BYTES) {
      throw new VmdkFormatException(
          "redo log of %d bytes; allowed: at least %d".formatted(bytes.length, HEADER_BYTES));
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (in.getInt() != MAGIC || in.getInt() != VERSION) {
      throw new VmdkFormatException("not a redo log (COWD) of version " + VERSION);
    }
    in.getInt();
    long capacity = Integer.toUnsignedLong(in.getInt());
    int grain = in.getInt();
    int directorySector = in.getInt();
    if (directorySector != DIRECTORY_SECTOR) {
      throw new VmdkFormatException(
          "grain directory at sector %d; allowed: %d".formatted(directorySector, DIRECTORY_SECTOR));
    }
    return new RedoLogHeader(capacity, grain, in.getInt(), Integer.toUnsignedLong(in.getInt()));
  }

  private static int directoryEntriesFor(long capacitySectors, int grainSectors) {
    long sectorsPerEntry = (long) TABLE_ENTRIES * grainSectors;
    return (int) ((capacitySectors + sectorsPerEntry - 1) / sectorsPerEntry);
  }
}
