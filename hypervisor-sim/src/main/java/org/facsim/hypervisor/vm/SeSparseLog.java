/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import static org.facsim.hypervisor.vmdk.SeSparseLayout.GRAIN_BYTES;
import static org.facsim.hypervisor.vmdk.SeSparseLayout.HEADER_BYTES;
import static org.facsim.hypervisor.vmdk.SeSparseLayout.SECTOR_BYTES;
import static org.facsim.hypervisor.vmdk.SeSparseLayout.TABLE_BYTES;
import static org.facsim.hypervisor.vmdk.SeSparseLayout.TABLE_ENTRIES;
import static org.facsim.hypervisor.vmdk.SeSparseLayout.TABLE_SPAN_BYTES;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.Replies;
import org.facsim.hypervisor.vm.SeSparseGrains.Taken;
import org.facsim.hypervisor.vmdk.SeSparseLayout;
import org.facsim.hypervisor.vmdk.VmdkFormatException;

/**
 * A redo log in the format SEsparse ({@link SeSparseLayout}), in grains of 4 KiB.
 *
 * <p>A write first completes the grains that it covers in part and that the log does not have yet:
 * from the disk below, or with zeros where the guest had trimmed. Then it takes these steps; each
 * is on stable storage before the next starts:
 *
 * <ol>
 *   <li>the grains, with their bits in the free bitmap and their entries in the backmap;
 *   <li>the grain table: all of it if it is new, otherwise the sectors that changed;
 *   <li>the directory entry of a new table.
 * </ol>
 *
 * <p>A trim changes the table, then the bitmap. The places that it frees are taken again only after
 * the log was opened anew, so that a reader that kept a table finds the old bytes at the old
 * places; in a log that is full they are taken at once. The journal is not needed and stays empty.
 */
final class SeSparseLog extends RedoLog {
  /** How many grain tables are kept in memory; each takes 32 KiB and covers 16 MiB of the disk. */
  private static final int MAX_CACHED_TABLES = 8;

  private static final int NO_TABLE = -1;
  private static final long ABSENT = -1;
  private static final long ZEROS = -2;
  private static final int ENTRIES_PER_SECTOR = SECTOR_BYTES / Long.BYTES;

  private final DatastoreFile file;
  private final SeSparseLayout layout;
  private final int[] directory;
  private final DiskChain below;
  private final SeSparseGrains grains;
  private final Map<Integer, long[]> tables =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, long[]> eldest) {
          return size() > MAX_CACHED_TABLES;
        }
      };
  private int nextTable;

  private SeSparseLog(
      DatastoreFile file, SeSparseLayout layout, int[] directory, int nextTable, DiskChain below) {
    this.file = file;
    this.layout = layout;
    this.directory = directory;
    this.nextTable = nextTable;
    this.below = below;
    this.grains = new SeSparseGrains(file, layout);
  }

  static SeSparseLog create(DatastoreFile file, DiskChain below) {
    SeSparseLayout layout = SeSparseLayout.of(below.capacityBytes());
    file.setSizeBytes(layout.grainOffset(0));
    file.writeStable(HEADER_BYTES, SeSparseLayout.encodeVolatileHeader(0));
    file.writeStable(0, layout.encodeConstantHeader());
    int[] directory = new int[layout.tables()];
    Arrays.fill(directory, NO_TABLE);
    return new SeSparseLog(file, layout, directory, 0, below);
  }

  /**
   * Opens a log.
   *
   * @param below the disk without this log, or null to read only
   */
  static SeSparseLog open(DatastoreFile file, long capacityBytes, DiskChain below) {
    try {
      SeSparseLayout layout = SeSparseLayout.decode(file.readFully(0, 2 * HEADER_BYTES));
      if (layout.capacitySectors() * SECTOR_BYTES != capacityBytes) {
        throw new VmdkFormatException(
            "%d sectors for a disk of %d bytes".formatted(layout.capacitySectors(), capacityBytes));
      }
      ByteBuffer entries =
          ByteBuffer.wrap(
                  file.readFully(
                      layout.directorySector() * SECTOR_BYTES, layout.tables() * Long.BYTES))
              .order(ByteOrder.LITTLE_ENDIAN);
      int[] directory = new int[layout.tables()];
      BitSet taken = new BitSet();
      for (int i = 0; i < directory.length; i++) {
        directory[i] = layout.decodeTable(entries.getLong());
        if (directory[i] != NO_TABLE) {
          if (taken.get(directory[i])) {
            throw new VmdkFormatException("grain table %d stands twice".formatted(directory[i]));
          }
          taken.set(directory[i]);
        }
      }
      return new SeSparseLog(file, layout, directory, taken.length(), below);
    } catch (VmdkFormatException e) {
      throw damaged(file, e);
    }
  }

  private static DatastoreException damaged(DatastoreFile file, VmdkFormatException e) {
    return new DatastoreException(
        DatastoreError.DAMAGED, "%s: %s".formatted(file.path(), e.getMessage()), e);
  }

  @Override
  DatastoreFile file() {
    return file;
  }

  @Override
  RedoLogFormat format() {
    return RedoLogFormat.SE_SPARSE;
  }

  @Override
  void resolve(long diskOffsetBytes, int lengthBytes, PresentRange present, AbsentRange absent) {
    long end = diskOffsetBytes + lengthBytes;
    long at = diskOffsetBytes;
    while (at < end) {
      long start = at;
      long place = place(at);
      at = Math.min(end, (at / GRAIN_BYTES + 1) * GRAIN_BYTES);
      while (at < end && place(at) == (place < 0 ? place : place + (at - start))) {
        at = nextStop(at, end, place);
      }
      int length = (int) (at - start);
      if (place == ABSENT) {
        absent.accept(start, length);
      } else if (place == ZEROS) {
        present.accept(Segment.zeros(start, length));
      } else {
        present.accept(new Segment(start, file, place, length));
      }
    }
  }

  /** One grain further, or one table further if the table does not exist. */
  private long nextStop(long at, long end, long place) {
    if (place == ABSENT && directory[(int) (at / TABLE_SPAN_BYTES)] == NO_TABLE) {
      return Math.min(end, (at / TABLE_SPAN_BYTES + 1) * TABLE_SPAN_BYTES);
    }
    return Math.min(end, at + GRAIN_BYTES);
  }

  /** The place in this file of the bytes at a place of the disk, or ABSENT or ZEROS. */
  private long place(long diskOffsetBytes) {
    long[] table = table((int) (diskOffsetBytes / TABLE_SPAN_BYTES));
    return table == null ? ABSENT : place(table, diskOffsetBytes);
  }

  private long place(long[] table, long diskOffsetBytes) {
    long entry = table[entryIndex(diskOffsetBytes)];
    if (entry == 0) {
      return ABSENT;
    }
    return SeSparseLayout.isZeros(entry)
        ? ZEROS
        : layout.grainOffset(layout.decodeGrain(entry)) + diskOffsetBytes % GRAIN_BYTES;
  }

  private static int entryIndex(long diskOffsetBytes) {
    return (int) (diskOffsetBytes % TABLE_SPAN_BYTES / GRAIN_BYTES);
  }

  /** A grain table, or null if nothing was written in its span. */
  private long[] table(int slot) {
    if (directory[slot] == NO_TABLE) {
      return null;
    }
    long[] table = tables.get(slot);
    if (table == null) {
      table = new long[TABLE_ENTRIES];
      ByteBuffer.wrap(file.readFully(layout.tableOffset(directory[slot]), TABLE_BYTES))
          .order(ByteOrder.LITTLE_ENDIAN)
          .asLongBuffer()
          .get(table);
      checkEntries(table);
      tables.put(slot, table);
    }
    return table;
  }

  private void checkEntries(long[] table) {
    try {
      for (long entry : table) {
        if (entry != 0 && !SeSparseLayout.isZeros(entry)) {
          layout.decodeGrain(entry);
        }
      }
    } catch (VmdkFormatException e) {
      throw damaged(file, e);
    }
  }

  @Override
  void write(long diskOffsetBytes, ByteBuf data) {
    requireWriter();
    long end = diskOffsetBytes + data.readableBytes();
    int index = data.readerIndex();
    for (long at = diskOffsetBytes; at < end; ) {
      long stop = Math.min(end, (at / TABLE_SPAN_BYTES + 1) * TABLE_SPAN_BYTES);
      writeInOneTable(at, data.slice(index, (int) (stop - at)));
      index += (int) (stop - at);
      at = stop;
    }
  }

  private void requireWriter() {
    if (below == null) {
      throw new IllegalStateException(file.path() + " was opened for reading");
    }
  }

  private void writeInOneTable(long start, ByteBuf data) {
    int slot = (int) (start / TABLE_SPAN_BYTES);
    long[] table = copyOfTable(slot);
    long end = start + data.readableBytes();
    byte[] before = missing(table, start - start % GRAIN_BYTES, start, start);
    byte[] after = missing(table, end, grainEnd(end), end - 1);
    ByteBuf whole =
        before.length + after.length == 0
            ? data.retain()
            : Unpooled.wrappedBuffer(
                Unpooled.wrappedBuffer(before), data.retain(), Unpooled.wrappedBuffer(after));
    try {
      List<Taken> fresh = new ArrayList<>();
      List<Run> runs = place(table, start - before.length, whole.readableBytes(), fresh);
      List<CompletableFuture<?>> writes = new ArrayList<>();
      if (!fresh.isEmpty()) {
        grains.recordUse(fresh, slot, writes);
      }
      runs.forEach(run -> send(run, whole, writes));
      Replies.await(CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new)));
      if (!fresh.isEmpty()) {
        writeTable(slot, table, entryIndex(start), entryIndex(end - 1) + 1);
      }
    } finally {
      whole.release();
    }
  }

  private long[] copyOfTable(int slot) {
    long[] table = table(slot);
    return table == null ? new long[TABLE_ENTRIES] : table.clone();
  }

  private static long grainEnd(long diskOffsetBytes) {
    return (diskOffsetBytes + GRAIN_BYTES - 1) / GRAIN_BYTES * GRAIN_BYTES;
  }

  /** What completes a grain that the log does not have yet, between two places of that grain. */
  private byte[] missing(long[] table, long from, long to, long inGrain) {
    long place = place(table, inGrain);
    if (from == to || place >= 0) {
      return new byte[0];
    }
    byte[] bytes = new byte[(int) (to - from)];
    long end = Math.min(to, layout.capacitySectors() * SECTOR_BYTES);
    if (place == ABSENT && from < end) {
      byte[] parent = below.readFully(from, (int) (end - from));
      System.arraycopy(parent, 0, bytes, 0, parent.length);
    }
    return bytes;
  }

  /** A run of bytes that are neighbours on the disk and in the file. */
  private record Run(int dataIndex, long fileOffset, int lengthBytes) {}

  /** Gives every grain of the range a place and returns the places as runs. */
  private List<Run> place(long[] table, long start, int lengthBytes, List<Taken> fresh) {
    List<Run> runs = new ArrayList<>();
    long end = start + lengthBytes;
    for (long at = start; at < end; ) {
      int entry = entryIndex(at);
      if (!SeSparseLayout.isInFile(table[entry])) {
        long grain = grains.take();
        table[entry] = SeSparseLayout.encodeGrain(grain);
        fresh.add(new Taken(grain, entry));
      }
      int length = (int) (Math.min(end, (at / GRAIN_BYTES + 1) * GRAIN_BYTES) - at);
      addTo(runs, new Run((int) (at - start), place(table, at), length));
      at += length;
    }
    return runs;
  }

  private static void addTo(List<Run> runs, Run next) {
    int last = runs.size() - 1;
    Run before = last < 0 ? null : runs.get(last);
    if (before != null && before.fileOffset + before.lengthBytes == next.fileOffset) {
      runs.set(
          last,
          new Run(before.dataIndex, before.fileOffset, before.lengthBytes + next.lengthBytes));
    } else {
      runs.add(next);
    }
  }

  private void send(Run run, ByteBuf data, List<CompletableFuture<?>> writes) {
    for (int done = 0; done < run.lengthBytes; ) {
      int count = Math.min(run.lengthBytes - done, file.maxWriteBytes());
      ByteBuf slice = data.retainedSlice(data.readerIndex() + run.dataIndex + done, count);
      writes.add(file.write(run.fileOffset + done, slice, true));
      done += count;
    }
  }

  /** Makes a changed table stable, and reachable if it is new. */
  private void writeTable(int slot, long[] table, int fromEntry, int toEntry) {
    if (directory[slot] == NO_TABLE) {
      int tableIndex = nextTable;
      file.writeStable(layout.tableOffset(tableIndex), toBytes(table, 0, TABLE_ENTRIES));
      file.writeStable(HEADER_BYTES, SeSparseLayout.encodeVolatileHeader(tableIndex + 1));
      byte[] entry = toBytes(new long[] {SeSparseLayout.encodeTable(tableIndex)}, 0, 1);
      file.writeStable(layout.directorySector() * SECTOR_BYTES + (long) slot * Long.BYTES, entry);
      directory[slot] = tableIndex;
      nextTable++;
    } else {
      int from = fromEntry / ENTRIES_PER_SECTOR * ENTRIES_PER_SECTOR;
      int to = (toEntry + ENTRIES_PER_SECTOR - 1) / ENTRIES_PER_SECTOR * ENTRIES_PER_SECTOR;
      file.writeStable(
          layout.tableOffset(directory[slot]) + (long) from * Long.BYTES, toBytes(table, from, to));
    }
    tables.put(slot, table);
  }

  @Override
  Optional<DiskRange> trim(DiskRange range) {
    requireWriter();
    long capacity = layout.capacitySectors() * SECTOR_BYTES;
    long start = grainEnd(range.offsetBytes());
    long end =
        range.endBytes() == capacity ? capacity : range.endBytes() / GRAIN_BYTES * GRAIN_BYTES;
    for (long at = start; at < end; ) {
      long stop = Math.min(end, (at / TABLE_SPAN_BYTES + 1) * TABLE_SPAN_BYTES);
      trimInOneTable(at, stop);
      at = stop;
    }
    return start < end ? Optional.of(new DiskRange(start, end - start)) : Optional.empty();
  }

  private void trimInOneTable(long start, long end) {
    int slot = (int) (start / TABLE_SPAN_BYTES);
    long[] table = copyOfTable(slot);
    List<Long> freed = new ArrayList<>();
    boolean changed = false;
    int last = entryIndex(end - 1);
    for (int entry = entryIndex(start); entry <= last; entry++) {
      if (SeSparseLayout.isInFile(table[entry])) {
        freed.add(layout.decodeGrain(table[entry]));
      }
      changed |= !SeSparseLayout.isZeros(table[entry]);
      if (!SeSparseLayout.isZeros(table[entry])) {
        table[entry] = SeSparseLayout.UNMAPPED;
      }
    }
    if (changed) {
      writeTable(slot, table, entryIndex(start), last + 1);
      grains.recordFree(freed);
    }
  }

  @Override
  void forEachPresent(int maxBytes, PresentRange present) {
    long capacity = layout.capacitySectors() * SECTOR_BYTES;
    for (int slot = 0; slot < directory.length; slot++) {
      if (directory[slot] != NO_TABLE) {
        long start = slot * TABLE_SPAN_BYTES;
        long end = Math.min(capacity, start + TABLE_SPAN_BYTES);
        for (long at = start; at < end; at += maxBytes) {
          resolve(at, (int) Math.min(maxBytes, end - at), present, (offset, length) -> {});
        }
      }
    }
  }

  private static byte[] toBytes(long[] entries, int from, int to) {
    ByteBuffer bytes = ByteBuffer.allocate((to - from) * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(entries, from, to - from);
    return bytes.array();
  }
}
