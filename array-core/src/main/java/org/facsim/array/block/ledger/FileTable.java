/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.facsim.array.block.memory.MetadataAccount;

/** The files of a volume by number. A number is used again when nothing names it any more. */
public final class FileTable {
  private static final int CHUNK_SHIFT = 10;
  private static final int CHUNK_MAPS = 1 << CHUNK_SHIFT;
  private static final int FIRST_MAPS = 16;

  private final MetadataAccount metadata;

  /** The table is in pieces, so that it can grow without copying everything. */
  private FileMap[][] files = {new FileMap[FIRST_MAPS]};

  private int next = 1;
  private int[] recycled = new int[16];
  private int recycledCount;

  /** Maps that changed since the last cut; null in an ephemeral array. */
  private List<FileMap> dirty;

  public FileTable(MetadataAccount metadata) {
    this.metadata = metadata;
  }

  /** Makes a map and charges it to the volume. Whoever must not exceed the budget asks first. */
  public FileMap create() {
    metadata.charge(FileMap.HEAP_BYTES);
    int number;
    if (recycledCount > 0) {
      number = recycled[--recycledCount];
    } else {
      number = next++;
      makeRoomFor(number);
    }
    FileMap file = new FileMap(number, this);
    file.liveKnown = true;
    put(number, file);
    file.touch();
    return file;
  }

  void charge(long moreBytes) {
    metadata.charge(moreBytes);
  }

  /** Makes reservations, which are still empty. */
  Reservations newReservations() {
    return new Reservations(metadata);
  }

  public FileMap get(int number) {
    return files[number >>> CHUNK_SHIFT][number & (CHUNK_MAPS - 1)];
  }

  private void put(int number, FileMap file) {
    files[number >>> CHUNK_SHIFT][number & (CHUNK_MAPS - 1)] = file;
  }

  private void makeRoomFor(int number) {
    int chunk = number >>> CHUNK_SHIFT;
    while (chunk >= files.length) {
      files = Arrays.copyOf(files, files.length + 1);
      files[files.length - 1] = new FileMap[CHUNK_MAPS];
    }
    int slot = number & (CHUNK_MAPS - 1);
    if (slot >= files[chunk].length) { // the first piece begins small
      files[chunk] = Arrays.copyOf(files[chunk], chunk == 0 && slot < 128 ? slot * 2 : CHUNK_MAPS);
    }
    if (chunk > 0 && files[0].length < CHUNK_MAPS) {
      files[0] = Arrays.copyOf(files[0], CHUNK_MAPS);
    }
  }

  /** Frees the number of a file to which no block is charged and from which no edge comes. */
  void recycle(FileMap file) {
    file.touch();
    file.discharge();
    put(file.number, null);
    addRecycled(file.number);
  }

  // ---------------------------------------------------------------- stable storage

  /** Receives a changed map, or null for a number that has no map any more. */
  public interface Changes {
    void changed(int number, FileMap file);
  }

  /** From now on changes are noted. */
  public void track() {
    dirty = new ArrayList<>();
  }

  boolean isTracked() {
    return dirty != null;
  }

  void noteDirty(FileMap file) {
    dirty.add(file);
  }

  public boolean hasDirty() {
    return !dirty.isEmpty();
  }

  /** Tells what changed, and forgets it when all of it was taken. */
  public void cut(Changes changes) {
    for (FileMap file : dirty) {
      changes.changed(file.number, get(file.number));
    }
    dirty.forEach(FileMap::clearDirty);
    dirty.clear();
  }

  /** Makes a map with a given number, while the store is loaded. */
  public FileMap restore(int number) {
    makeRoomFor(number);
    metadata.charge(FileMap.HEAP_BYTES);
    put(number, new FileMap(number, this));
    next = Math.max(next, number + 1);
    return get(number);
  }

  /** All maps are loaded. The numbers between them can be given out. */
  public void restored() {
    recycled = new int[16];
    recycledCount = 0;
    for (int number = next - 1; number > 0; number--) {
      if (get(number) == null) {
        addRecycled(number);
      }
    }
  }

  private void addRecycled(int number) {
    if (recycledCount == recycled.length) {
      recycled = Arrays.copyOf(recycled, recycledCount * 2);
    }
    recycled[recycledCount++] = number;
  }

  /** One more than the greatest number that was ever given out. */
  public int end() {
    return next;
  }

  /**
   * All files that exist or are still charged for blocks, one after another, without making a list.
   */
  public Iterable<FileMap> all() {
    return () -> IntStream.range(1, next).mapToObj(this::get).filter(Objects::nonNull).iterator();
  }

  /** How many files fulfil a condition. */
  public long count(Predicate<FileMap> wanted) {
    long count = 0;
    for (int number = 1; number < next; number++) {
      FileMap file = get(number);
      count += file != null && wanted.test(file) ? 1 : 0;
    }
    return count;
  }
}
