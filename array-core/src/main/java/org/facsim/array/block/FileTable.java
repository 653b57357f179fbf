/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The files of a volume by number; a number is used again when nothing names it any more. */
final class FileTable {
  private final MetadataAccount metadata;
  private FileMap[] files = new FileMap[16];
  private int next = 1;
  private int[] recycled = new int[16];
  private int recycledCount;

  /** Maps that changed since the last cut; null if nobody asks. */
  private List<FileMap> dirty;

  FileTable(MetadataAccount metadata) {
    this.metadata = metadata;
  }

  /** Charged to the volume; who must not exceed its budget asks first. */
  FileMap create() {
    metadata.charge(FileMap.HEAP_BYTES);
    int number;
    if (recycledCount > 0) {
      number = recycled[--recycledCount];
    } else {
      number = next++;
      if (number == files.length) {
        files = Arrays.copyOf(files, number * 2);
      }
    }
    FileMap file = new FileMap(number, this);
    file.liveKnown = true;
    files[number] = file;
    file.touch();
    return file;
  }

  void charge(long moreBytes) {
    metadata.charge(moreBytes);
  }

  /** No promise yet. */
  Reservations newReservations() {
    return new Reservations(metadata);
  }

  FileMap get(int number) {
    return files[number];
  }

  /** No block is charged to the file and no edge comes from it. */
  void recycle(FileMap file) {
    file.touch();
    file.discharge();
    files[file.number] = null;
    addRecycled(file.number);
  }

  // ---------------------------------------------------------------- stable storage

  /** Receives a changed map, or null for a number that has none any more. */
  interface Changes {
    void changed(int number, FileMap file);
  }

  /** From now on changes are noted. */
  void track() {
    dirty = new ArrayList<>();
  }

  boolean isTracked() {
    return dirty != null;
  }

  void noteDirty(FileMap file) {
    dirty.add(file);
  }

  boolean hasDirty() {
    return !dirty.isEmpty();
  }

  /** Hands out what changed, and forgets it when all of it was taken. */
  void cut(Changes changes) {
    for (FileMap file : dirty) {
      changes.changed(file.number, files[file.number]);
    }
    dirty.forEach(file -> file.dirty = false);
    dirty.clear();
  }

  /** A map with a given number, while loading. */
  FileMap restore(int number) {
    while (number >= files.length) {
      files = Arrays.copyOf(files, files.length * 2);
    }
    metadata.charge(FileMap.HEAP_BYTES);
    files[number] = new FileMap(number, this);
    next = Math.max(next, number + 1);
    return files[number];
  }

  /** All maps are there: the numbers between them can be given out. */
  void restored() {
    recycled = new int[16];
    recycledCount = 0;
    for (int number = next - 1; number > 0; number--) {
      if (files[number] == null) {
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

  /** One more than the greatest number ever given. */
  int end() {
    return next;
  }

  /** All files that exist or are still charged for blocks. */
  List<FileMap> all() {
    List<FileMap> all = new ArrayList<>();
    for (int number = 1; number < next; number++) {
      if (files[number] != null) {
        all.add(files[number]);
      }
    }
    return all;
  }
}
