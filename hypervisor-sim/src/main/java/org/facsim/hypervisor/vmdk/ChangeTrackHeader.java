/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vmdk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * The head of a change-tracking file ({@code -ctk.vmdk}), and the blocks that it counts in. All
 * numbers are little-endian.
 *
 * <pre>
 *   byte 0      header: magic "FCTK", version 1, 1 while a host writes to the disk, block size in
 *               sectors (4 bytes each), capacity in sectors (8), sequence number (4), id (16)
 *   byte 4096   4 bytes per block: the sequence number of its last change, 0 if never
 * </pre>
 *
 * <p>VMware does not publish its own layout. Only the host reads the file; backup tools ask the
 * host.
 *
 * @param inUse whether changes may be missing, because a host writes to the disk or crashed
 * @param capacitySectors of the disk
 * @param blockSectors the unit of tracking
 * @param sequence counts the snapshots: changes get the number that is current when they happen
 * @param id 32 hexadecimal digits, new after each reset
 */
public record ChangeTrackHeader(
    boolean inUse, long capacitySectors, int blockSectors, int sequence, String id) {
  public static final int HEADER_BYTES = 4096;
  public static final int ENTRY_BYTES = Integer.BYTES;

  /** The first sequence number. */
  public static final int FIRST_SEQUENCE = 1;

  private static final int MAGIC = 0x4b544346; // "FCTK" read little-endian
  private static final int VERSION = 1;
  private static final int ID_BYTES = 16;
  private static final int SECTOR_BYTES = 512;

  /** 64 KiB. */
  private static final int MIN_BLOCK_SECTORS = 128;

  /** Bounds the file to 4 MiB and what a host keeps of a running disk to 128 KiB. */
  private static final int MAX_BLOCKS = 1 << 20;

  public ChangeTrackHeader {
    if (capacitySectors <= 0 || capacitySectors > ExtentLine.MAX_SECTORS) {
      throw new VmdkFormatException(
          "capacity of %d sectors; allowed: 1 to %d"
              .formatted(capacitySectors, ExtentLine.MAX_SECTORS));
    }
    if (blockSectors != blockSectorsFor(capacitySectors)) {
      throw new VmdkFormatException(
          "blocks of %d sectors; allowed: %d for %d sectors"
              .formatted(blockSectors, blockSectorsFor(capacitySectors), capacitySectors));
    }
    if (sequence < FIRST_SEQUENCE) {
      throw new VmdkFormatException("sequence number " + sequence + "; allowed: 1 and above");
    }
    if (!id.matches("[0-9a-f]{32}")) {
      throw new VmdkFormatException("id \"" + VmdkFormatException.shown(id) + "\"");
    }
  }

  /** The header of a disk of which no change is known yet. */
  public static ChangeTrackHeader fresh(long capacityBytes, RandomGenerator random) {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    id[0] = 0x52;
    long sectors = capacityBytes / SECTOR_BYTES;
    return new ChangeTrackHeader(
        false, sectors, blockSectorsFor(sectors), FIRST_SEQUENCE, HexFormat.of().formatHex(id));
  }

  private static int blockSectorsFor(long capacitySectors) {
    long sectors = MIN_BLOCK_SECTORS;
    while ((capacitySectors + sectors - 1) / sectors > MAX_BLOCKS) {
      sectors *= 2;
    }
    return (int) sectors;
  }

  public ChangeTrackHeader withInUse(boolean newInUse) {
    return new ChangeTrackHeader(newInUse, capacitySectors, blockSectors, sequence, id);
  }

  public ChangeTrackHeader withSequence(int newSequence) {
    return new ChangeTrackHeader(inUse, capacitySectors, blockSectors, newSequence, id);
  }

  public long blockBytes() {
    return (long) blockSectors * SECTOR_BYTES;
  }

  public int blocks() {
    return (int) ((capacitySectors + blockSectors - 1) / blockSectors);
  }

  /** The size of the whole file. */
  public long fileBytes() {
    return HEADER_BYTES + (long) blocks() * ENTRY_BYTES;
  }

  /**
   * The id of the state with a sequence number, as vSphere shows it: {@code 52 de 1a ...-.../7}.
   */
  public String changeId(int stateSequence) {
    String spaced = id.replaceAll("..(?!$)", "$0 ");
    return spaced.substring(0, 23) + "-" + spaced.substring(24) + "/" + stateSequence;
  }

  /** {@value #HEADER_BYTES} bytes. */
  public byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(MAGIC).putInt(VERSION).putInt(inUse ? 1 : 0).putInt(blockSectors);
    out.putLong(capacitySectors).putInt(sequence).put(HexFormat.of().parseHex(id));
    return out.array();
  }

  /**
   * Reads a header.
   *
   * @param bytes at least {@value #HEADER_BYTES}
   * @throws VmdkFormatException if the bytes are not a header
   */
  public static ChangeTrackHeader decode(byte[] bytes) {
    if (bytes.length < HEADER_BYTES) {
      throw new VmdkFormatException("change tracking of " + bytes.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (in.getInt() != MAGIC || in.getInt() != VERSION) {
      throw new VmdkFormatException("not a change-tracking file of version " + VERSION);
    }
    boolean inUse = in.getInt() != 0;
    int blockSectors = in.getInt();
    long capacity = in.getLong();
    int sequence = in.getInt();
    byte[] id = new byte[ID_BYTES];
    in.get(id);
    return new ChangeTrackHeader(
        inUse, capacity, blockSectors, sequence, HexFormat.of().formatHex(id));
  }
}
