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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.Replies;
import org.facsim.hypervisor.vmdk.RedoLogHeader;
import org.facsim.hypervisor.vmdk.VmdkFormatException;

/**
 * A redo log in the format vmfsSparse ({@link RedoLogHeader}), in grains of one sector. It cannot
 * record that grains are zeros, so that trimming leaves it as it is.
 *
 * <p>A write takes these steps; each is on stable storage before the next starts:
 *
 * <ol>
 *   <li>the header, whose first free sector is behind everything that the write allocates;
 *   <li>the grains, in the order of the disk, as one run if they are all new;
 *   <li>the grain table: all of it if it is new, otherwise the sectors that changed;
 *   <li>the directory entry of a new table.
 * </ol>
 *
 * <p>A crash between two steps loses space, never data: a grain is reachable only once it is whole.
 * Known flaw: existing grains are rewritten in place, so that a crash may leave a torn write, as on
 * a disk.
 */
final class VmfsSparseLog extends RedoLog {
  /**
   * How many grain tables are kept in memory. Each takes 16 KiB, and covers 2 MiB of the disk if a
   * grain is one sector. A host of a thousand running VMs keeps a quarter of a gibibyte of them.
   */
  private static final int MAX_CACHED_TABLES = 16;

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

  private VmfsSparseLog(DatastoreFile file, RedoLogHeader header, int[] directory) {
    this.file = file;
    this.header = header;
    this.directory = directory;
  }

  /** Formats a new, empty file. */
  static VmfsSparseLog create(DatastoreFile file, long capacityBytes) {
    RedoLogHeader header = RedoLogHeader.empty(capacityBytes);
    file.writeStable(0, header.encode());
    file.setSizeBytes(header.freeSector() * SECTOR_BYTES);
    return new VmfsSparseLog(file, header, new int[header.directoryEntries()]);
  }

  /**
   * Opens a log.
   *
   * @throws DatastoreException DAMAGED if it is not a log of a disk of that size
   */
  static VmfsSparseLog open(DatastoreFile file, long capacityBytes) {
    try {
      RedoLogHeader header = RedoLogHeader.decode(file.readFully(0, HEADER_BYTES));
      if (header.capacitySectors() * SECTOR_BYTES != capacityBytes) {
        throw new VmdkFormatException(
            "%d sectors for a disk of %d bytes".formatted(header.capacitySectors(), capacityBytes));
      }
      byte[] bytes =
          file.readFully(
              (long) DIRECTORY_SECTOR * SECTOR_BYTES, header.directoryEntries() * Integer.BYTES);
      return new VmfsSparseLog(file, header, toInts(bytes));
    } catch (VmdkFormatException e) {
      throw new DatastoreException(
          DatastoreError.DAMAGED, "%s: %s".formatted(file.path(), e.getMessage()), e);
    }
  }

  @Override
  DatastoreFile file() {
    return file;
  }

  @Override
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

  /**
   * The next place to look at: one grain further, or one table further if the table does not exist.
   */
  private long nextStop(long at, long end, boolean absent, int grainBytes) {
    long tableSpan = (long) grainBytes * TABLE_ENTRIES;
    if (absent && directory[(int) (at / tableSpan)] == 0) {
      return Math.min(end, (at / tableSpan + 1) * tableSpan);
    }
    return Math.min(end, at + grainBytes);
  }

  /**
   * The place in this file of the bytes at a place of the disk; 0 if this log does not have them.
   */
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

  @Override
  RedoLogFormat format() {
    return RedoLogFormat.VMFS_SPARSE;
  }

  /** Records nothing: an entry of this format is a place or "the parent has it". */
  @Override
  Optional<DiskRange> trim(DiskRange range) {
    return Optional.empty();
  }

  @Override
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
      writeDirectoryEntry(tableIndex, (int) tableSector);
      directory[tableIndex] = (int) tableSector;
    } else if (runs.stream().anyMatch(Run::fresh)) {
      int perSector = SECTOR_BYTES / Integer.BYTES;
      int from = firstEntry / perSector * perSector;
      int to = Math.min(TABLE_ENTRIES, (endEntry + perSector - 1) / perSector * perSector);
      file.writeStable(
          tableSector * SECTOR_BYTES + (long) from * Integer.BYTES, toBytes(table, from, to));
    }
    tables.put(tableIndex, table);
  }

  /** A run of sectors that are neighbours in the file. */
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

  private void writeDirectoryEntry(int tableIndex, int tableSector) {
    int perSector = SECTOR_BYTES / Integer.BYTES;
    int from = tableIndex / perSector * perSector;
    int to = Math.min(directory.length, from + perSector);
    int[] entries = Arrays.copyOfRange(directory, from, to);
    entries[tableIndex - from] = tableSector;
    file.writeStable(
        (long) DIRECTORY_SECTOR * SECTOR_BYTES + (long) from * Integer.BYTES,
        toBytes(entries, 0, entries.length));
  }

  @Override
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
