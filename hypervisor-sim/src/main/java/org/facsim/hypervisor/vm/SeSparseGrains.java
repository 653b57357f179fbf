/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import static org.facsim.hypervisor.vmdk.SeSparseLayout.GRAIN_BYTES;
import static org.facsim.hypervisor.vmdk.SeSparseLayout.SECTOR_BYTES;
import static org.facsim.hypervisor.vmdk.SeSparseLayout.TABLE_ENTRIES;

import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.vmdk.SeSparseLayout;

/**
 * Which grains of an SEsparse file are in use: its free bitmap and its backmap. Looks at the file
 * only when the first grain is taken: a log that is read needs none of it.
 *
 * <p>Grains are taken from what was free when the log was opened, then from the file's end. What a
 * trim frees waits for the next opening, or until the file has no end to grow at.
 */
final class SeSparseGrains {
  /** How much of the bitmap is read at opening; free grains behind that stay unused. */
  private static final int MAX_BITMAP_BYTES = 1 << 20;

  private static final int GRAINS_PER_SECTOR = SECTOR_BYTES * Byte.SIZE;
  private static final long BACKMAP_PRESENT = 0x1000000000000000L;

  private final DatastoreFile file;
  private final SeSparseLayout layout;
  private final BitSet free = new BitSet();
  private final BitSet freedSinceOpened = new BitSet();
  // The sector of the bitmap at the file's end, where most bits are set.
  private final Map<Long, byte[]> lastBitmapSector = new HashMap<>();
  private long end = -1;

  SeSparseGrains(DatastoreFile file, SeSparseLayout layout) {
    this.file = file;
    this.layout = layout;
  }

  /** A grain of the file that an entry of a table is about to name. */
  record Taken(long grain, int entry) {}

  /**
   * Takes a grain; nothing is written.
   *
   * @throws DatastoreException TOO_LARGE if all are in use
   */
  long take() {
    lookAtFile();
    int reused = free.nextSetBit(0);
    if (reused < 0 && end >= layout.grains()) {
      free.or(freedSinceOpened);
      freedSinceOpened.clear();
      reused = free.nextSetBit(0);
      if (reused < 0) {
        throw new DatastoreException(DatastoreError.TOO_LARGE, file.path() + " is full");
      }
    }
    if (reused >= 0) {
      free.clear(reused);
      return reused;
    }
    return end++;
  }

  private void lookAtFile() {
    if (end >= 0) {
      return;
    }
    long grainBytes = Math.max(0, file.sizeBytes() - layout.grainOffset(0));
    long atOpening = Math.min(layout.grains(), (grainBytes + GRAIN_BYTES - 1) / GRAIN_BYTES);
    int bytes = (int) Math.min(MAX_BITMAP_BYTES, (atOpening + 7) / 8);
    if (bytes > 0) {
      BitSet used = BitSet.valueOf(file.readFully(layout.bitmapSector() * SECTOR_BYTES, bytes));
      int limit = (int) Math.min(atOpening, (long) bytes * Byte.SIZE);
      for (int i = used.nextClearBit(0); i < limit; i = used.nextClearBit(i + 1)) {
        free.set(i);
      }
    }
    end = atOpening;
  }

  /**
   * Sends what says that grains are in use, and for which place of the disk.
   *
   * @param taken the grains, in the order of their entries in the table
   * @param slot which table of the directory names them
   */
  void recordUse(List<Taken> taken, int slot, List<CompletableFuture<?>> writes) {
    NavigableMap<Long, byte[]> sectors = new TreeMap<>();
    taken.forEach(one -> setBit(sectors, one.grain, true));
    sectors.forEach((sector, bytes) -> writes.add(write(bitmapOffset(sector), bytes)));
    keepLast(sectors);
    for (int from = 0; from < taken.size(); ) {
      int to = from + 1;
      while (to < taken.size() && taken.get(to).grain == taken.get(to - 1).grain + 1) {
        to++;
      }
      ByteBuffer entries =
          ByteBuffer.allocate((to - from) * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (Taken one : taken.subList(from, to)) {
        entries.putLong(BACKMAP_PRESENT | (long) slot * TABLE_ENTRIES + one.entry);
      }
      long place = layout.backmapSector() * SECTOR_BYTES + taken.get(from).grain * Long.BYTES;
      writes.add(write(place, entries.array()));
      from = to;
    }
  }

  /** Says that grains are free, and waits until that is stable. */
  void recordFree(List<Long> freed) {
    NavigableMap<Long, byte[]> sectors = new TreeMap<>();
    for (long grain : freed) {
      setBit(sectors, grain, false);
      if (grain < Integer.MAX_VALUE) {
        freedSinceOpened.set((int) grain);
      }
    }
    sectors.forEach((sector, bytes) -> file.writeStable(bitmapOffset(sector), bytes));
    keepLast(sectors);
  }

  private void setBit(Map<Long, byte[]> sectors, long grain, boolean used) {
    byte[] sector = sectors.computeIfAbsent(grain / GRAINS_PER_SECTOR, this::bitmapSector);
    int bit = (int) (grain % GRAINS_PER_SECTOR);
    if (used) {
      sector[bit / Byte.SIZE] |= (byte) (1 << bit % Byte.SIZE);
    } else {
      sector[bit / Byte.SIZE] &= (byte) ~(1 << bit % Byte.SIZE);
    }
  }

  private byte[] bitmapSector(long sector) {
    byte[] kept = lastBitmapSector.get(sector);
    return kept != null ? kept.clone() : file.readFully(bitmapOffset(sector), SECTOR_BYTES);
  }

  private long bitmapOffset(long sector) {
    return (layout.bitmapSector() + sector) * SECTOR_BYTES;
  }

  private void keepLast(NavigableMap<Long, byte[]> sectors) {
    lastBitmapSector.clear();
    if (!sectors.isEmpty()) {
      lastBitmapSector.put(sectors.lastKey(), sectors.lastEntry().getValue());
    }
  }

  private CompletableFuture<?> write(long offset, byte[] bytes) {
    return file.write(offset, Unpooled.wrappedBuffer(bytes), true);
  }
}
