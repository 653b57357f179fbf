/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import static org.facsim.hypervisor.vmdk.RedoLogHeader.DIRECTORY_SECTOR;
import static org.facsim.hypervisor.vmdk.RedoLogHeader.HEADER_BYTES;
import static org.facsim.hypervisor.vmdk.RedoLogHeader.SECTOR_BYTES;
import static org.facsim.hypervisor.vmdk.RedoLogHeader.TABLE_BYTES;
import static org.facsim.hypervisor.vmdk.RedoLogHeader.TABLE_ENTRIES;
import static org.facsim.hypervisor.vmdk.RedoLogHeader.TABLE_SECTORS;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.Replies;
import org.facsim.hypervisor.vmdk.RedoLogHeader;
import org.facsim.hypervisor.vmdk.VmdkFormatException;

/**
 * A redo log on a datastore: the sectors of a disk that differ from its parent, in the format of
 * {@link RedoLogHeader}. One thread at a time.
 *
 * <p>A write takes these steps, each on stable storage before the next:
 *
 * <ol>
 *   <li>the header, with the first free sector behind everything the write will allocate;
 *   <li>the grains, in the order of the disk, as one run where nothing was there before;
 *   <li>the grain table, whole if it is new, else the sectors that changed;
 *   <li>the directory entry of a new table.
 * </ol>
 *
 * <p>A crash between two steps loses space, never data: a grain is reachable only once it is whole.
 * Known flaw: a rewrite of grains that are there already is in place and may tear, as on a disk.
 */
final class RedoLog {
  /** Tables kept in memory: 16 KiB each, 2 MiB of disk each with grains of one sector. */
  private static final int MAX_CACHED_TABLES = 128;

  private final DatastoreFile file;
  private final int[] directory;
  private final Map<Integer, int[]> tables =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, int[]> eldest) {
          return size() > MAX_CACHED_TABLES;
        }
      };
  private RedoLogHeader header;

  private RedoLog(DatastoreFile file, RedoLogHeader header, int[] directory) {
    this.file = file;
    this.header = header;
    this.directory = directory;
  }

  /** Formats a new, empty file. */
  static RedoLog create(DatastoreFile file, long capacityBytes) {
    RedoLogHeader header = RedoLogHeader.empty(capacityBytes);
    file.writeStable(0, header.encode());
    file.setSizeBytes(header.freeSector() * SECTOR_BYTES);
    return new RedoLog(file, header, new int[header.directoryEntries()]);
  }

  /**
   * Opens a log.
   *
   * @throws DatastoreException DAMAGED if it is not a log of a disk of that size
   */
  static RedoLog open(DatastoreFile file, long capacityBytes) {
    try {
      RedoLogHeader header = RedoLogHeader.decode(file.readFully(0, HEADER_BYTES));
      if (header.capacitySectors() * SECTOR_BYTES != capacityBytes) {
        throw new VmdkFormatException(
            "%d sectors for a disk of %d bytes".formatted(header.capacitySectors(), capacityBytes));
      }
      byte[] bytes =
          file.readFully(
              (long) DIRECTORY_SECTOR * SECTOR_BYTES, header.directoryEntries() * Integer.BYTES);
      return new RedoLog(file, header, toInts(bytes));
    } catch (VmdkFormatException e) {
      throw new DatastoreException(
          DatastoreError.DAMAGED, "%s: %s".formatted(file.path(), e.getMessage()), e);
    }
  }

  DatastoreFile file() {
    return file;
  }

  /** Receives the parts of a range that a log does not have. */
  interface AbsentRange {
    void accept(long diskOffsetBytes, int lengthBytes);
  }

  /** Receives the parts of a range that a log has. */
  interface PresentRange {
    void accept(Segment segment);
  }

  /**
   * Divides a range into what is here and what the parent must be asked for, in order.
   *
   * @param lengthBytes a multiple of 512
   */
  void resolve(long diskOffsetBytes, int lengthBytes, PresentRange present, AbsentRange absent) {
    int grainBytes = header.grainSectors() * SECTOR_BYTES;
    long end = diskOffsetBytes + lengthBytes;
    long at = diskOffsetBytes;
    while (at < end) {
      long start = at;
      long fileOffset = fileOffset(at);
      at = Math.min(end, (at / grainBytes + 1) * grainBytes);
      while (at < end && fileOffset(at) == (fileOffset == 0 ? 0 : fileOffset + (at - start))) {
        at = nextStop(at, end, fileOffset == 0, grainBytes);
      }
      if (fileOffset == 0) {
        absent.accept(start, (int) (at - start));
      } else {
        present.accept(new Segment(start, file, fileOffset, (int) (at - start)));
      }
    }
  }

  /** One grain further, or a whole table if there is none. */
  private long nextStop(long at, long end, boolean absent, int grainBytes) {
    long tableSpan = (long) grainBytes * TABLE_ENTRIES;
    if (absent && directory[(int) (at / tableSpan)] == 0) {
      return Math.min(end, (at / tableSpan + 1) * tableSpan);
    }
    return Math.min(end, at + grainBytes);
  }

  /** Where the bytes at a place of the disk are in this file; 0 if they are not here. */
  private long fileOffset(long diskOffsetBytes) {
    long grainBytes = (long) header.grainSectors() * SECTOR_BYTES;
    long grain = diskOffsetBytes / grainBytes;
    int[] table = table((int) (grain / TABLE_ENTRIES));
    if (table == null) {
      return 0;
    }
    long sector = Integer.toUnsignedLong(table[(int) (grain % TABLE_ENTRIES)]);
    return sector == 0 ? 0 : sector * SECTOR_BYTES + diskOffsetBytes % grainBytes;
  }

  /**
   * Writes guest data and waits until it is stable.
   *
   * @param diskOffsetBytes a multiple of 512
   * @param data a multiple of 512 bytes; not released, its indexes stay
   */
  void write(long diskOffsetBytes, ByteBuf data) {
    if (header.grainSectors() != 1) {
      throw new IllegalStateException("writing grains of " + header.grainSectors() + " sectors");
    }
    long firstSector = diskOffsetBytes / SECTOR_BYTES;
    long endSector = firstSector + data.readableBytes() / SECTOR_BYTES;
    int dataIndex = data.readerIndex();
    for (long at = firstSector; at < endSector; ) {
      long stop = Math.min(endSector, (at / TABLE_ENTRIES + 1) * TABLE_ENTRIES);
      int length = (int) (stop - at) * SECTOR_BYTES;
      writeInOneTable(at, data.slice(dataIndex, length));
      dataIndex += length;
      at = stop;
    }
  }

  private void writeInOneTable(long firstSector, ByteBuf data) {
    int tableIndex = (int) (firstSector / TABLE_ENTRIES);
    int firstEntry = (int) (firstSector % TABLE_ENTRIES);
    int endEntry = firstEntry + data.readableBytes() / SECTOR_BYTES;
    boolean newTable = directory[tableIndex] == 0;
    int[] table = newTable ? new int[TABLE_ENTRIES] : table(tableIndex).clone();
    long freeBefore = header.freeSector();
    long tableSector =
        newTable ? allocate(TABLE_SECTORS) : Integer.toUnsignedLong(directory[tableIndex]);
    List<Run> runs = placeGrains(table, firstEntry, endEntry);
    if (header.freeSector() != freeBefore) {
      file.writeStable(0, header.encode());
    }
    writeGrains(runs, firstEntry, data);
    if (newTable) {
      file.writeStable(tableSector * SECTOR_BYTES, toBytes(table, 0, TABLE_ENTRIES));
      directory[tableIndex] = (int) tableSector;
      writeDirectoryEntry(tableIndex);
    } else if (runs.stream().anyMatch(Run::fresh)) {
      int perSector = SECTOR_BYTES / Integer.BYTES;
      int from = firstEntry / perSector * perSector;
      int to = Math.min(TABLE_ENTRIES, (endEntry + perSector - 1) / perSector * perSector);
      file.writeStable(
          tableSector * SECTOR_BYTES + (long) from * Integer.BYTES, toBytes(table, from, to));
    }
    tables.put(tableIndex, table);
  }

  /** Sectors that go to one place of the file. */
  private record Run(int firstEntry, int count, long fileSector, boolean fresh) {}

  /** Gives every entry of the range a place and returns the places as runs. */
  private List<Run> placeGrains(int[] table, int firstEntry, int endEntry) {
    List<Run> runs = new ArrayList<>();
    for (int at = firstEntry; at < endEntry; ) {
      int start = at;
      boolean fresh = table[at] == 0;
      do {
        at++;
      } while (at < endEntry && table[at] == (fresh ? 0 : table[start] + (at - start)));
      if (fresh) {
        int first = (int) allocate(at - start);
        for (int entry = start; entry < at; entry++) {
          table[entry] = first + (entry - start);
        }
      }
      runs.add(new Run(start, at - start, Integer.toUnsignedLong(table[start]), fresh));
    }
    return runs;
  }

  private void writeGrains(List<Run> runs, int firstEntry, ByteBuf data) {
    List<CompletableFuture<?>> writes = new ArrayList<>();
    for (Run run : runs) {
      int index = data.readerIndex() + (run.firstEntry - firstEntry) * SECTOR_BYTES;
      int left = run.count * SECTOR_BYTES;
      long fileOffset = run.fileSector * SECTOR_BYTES;
      while (left > 0) {
        int count = Math.min(left, file.maxWriteBytes());
        writes.add(file.write(fileOffset, data.retainedSlice(index, count), true));
        index += count;
        fileOffset += count;
        left -= count;
      }
    }
    Replies.await(CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new)));
  }

  private long allocate(int sectors) {
    long start = sectors < 8 ? header.freeSector() : RedoLogHeader.aligned(header.freeSector());
    if (start + sectors > RedoLogHeader.MAX_SECTORS) {
      throw new DatastoreException(DatastoreError.TOO_LARGE, file.path() + " is full");
    }
    header = header.withFreeSector(start + sectors);
    return start;
  }

  private void writeDirectoryEntry(int tableIndex) {
    int perSector = SECTOR_BYTES / Integer.BYTES;
    int from = tableIndex / perSector * perSector;
    int to = Math.min(directory.length, from + perSector);
    file.writeStable(
        (long) DIRECTORY_SECTOR * SECTOR_BYTES + (long) from * Integer.BYTES,
        toBytes(directory, from, to));
  }

  /** All that is here, in order of the disk, in pieces of at most {@code maxBytes}. */
  void forEachPresent(int maxBytes, PresentRange present) {
    long capacity = header.capacitySectors() * SECTOR_BYTES;
    long tableSpan = (long) header.grainSectors() * SECTOR_BYTES * TABLE_ENTRIES;
    for (int index = 0; index < directory.length; index++) {
      if (directory[index] != 0) {
        long start = index * tableSpan;
        long end = Math.min(capacity, start + tableSpan);
        for (long at = start; at < end; at += maxBytes) {
          resolve(at, (int) Math.min(maxBytes, end - at), present, (offset, length) -> {});
        }
      }
    }
  }

  /** A grain table, or null if nothing was written in its span. */
  private int[] table(int index) {
    if (directory[index] == 0) {
      return null;
    }
    int[] table = tables.get(index);
    if (table == null) {
      long sector = Integer.toUnsignedLong(directory[index]);
      table = toInts(file.readFully(sector * SECTOR_BYTES, TABLE_BYTES));
      tables.put(index, table);
    }
    return table;
  }

  private static int[] toInts(byte[] bytes) {
    int[] ints = new int[bytes.length / Integer.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(ints);
    return ints;
  }

  private static byte[] toBytes(int[] ints, int from, int to) {
    ByteBuffer bytes =
        ByteBuffer.allocate((to - from) * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(Arrays.copyOfRange(ints, from, to));
    return bytes.array();
  }
}
