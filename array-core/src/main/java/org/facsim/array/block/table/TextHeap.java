/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.table;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.facsim.array.block.memory.DirectMemory;
import org.facsim.array.block.memory.Epochs;

/**
 * Records of different sizes in slabs of direct memory, in units of 4 bytes. {@link NameTable}
 * keeps names in it. A record is named by its place, which is an unsigned number of units; 0 means
 * nothing.
 *
 * <p>Space comes from a free record of the same size, from the end of the slab that fills, from a
 * larger free record, which is split, or from another slab, in this order. A slab in which nothing
 * is left becomes whole again, whatever sizes its records had, and most of these slabs go back to
 * the operating system.
 *
 * <p>Known limit: free records are not joined while their slab holds anything. So after many short
 * names, long ones may need another slab although enough space is free in total.
 *
 * <p>Writers hold the volume's lock; readers hold none. So a record that is given back is used
 * again only when no reader can see it any more.
 *
 * <pre>
 *   free record: byte 0 next of its size, 4 units, 8 previous of its size
 * </pre>
 */
public final class TextHeap {
  static final int UNIT_BYTES = 4;

  /** The smallest record, because a free record has its links in it. */
  static final int MIN_UNITS = 4;

  static final int MAX_UNITS = 80;

  private static final int SLAB_SHIFT = 14;
  private static final int SLAB_UNITS = 1 << SLAB_SHIFT;
  public static final int SLAB_BYTES = SLAB_UNITS * UNIT_BYTES;
  private static final int SPARE_SLABS = 4;
  private static final int SEAL_COUNT = 128;

  private static final int NEXT = 0;
  private static final int UNITS = 4;
  private static final int PREVIOUS = 8;

  private final DirectMemory memory;
  private final Epochs epochs;

  /** Slabs by number; null for a slab that went back. */
  private DirectMemory.Slab[] slabs = new DirectMemory.Slab[4];

  /** The slabs as readers see them, only through a place that was published after the slab. */
  private ByteBuffer[] views = new ByteBuffer[4];

  /** Units of each slab that are in use or waiting. */
  private int[] live = new int[4];

  /** Units of all slabs that are in use or waiting. */
  private long liveUnits;

  private int slabCount;

  /** Numbers of slabs that hold nothing, or went back. */
  private final List<Integer> empty = new ArrayList<>();

  private final List<Integer> absent = new ArrayList<>();

  /** The slab that fills, -1 for none, and how far it is filled. */
  private int filling = -1;

  private int filledUnits;
  private final int[] freeOfSize = new int[MAX_UNITS + 1];

  /**
   * Records that were given back and that readers may still see, as place and units. Some of them
   * gather, and the others wait for an epoch. Nobody writes to them meanwhile.
   */
  private int[] gathering = new int[2 * SEAL_COUNT];

  private int gatheringCount;
  private int[] waiting = new int[2 * SEAL_COUNT];
  private int waitingCount;
  private long waitingTag;

  TextHeap(DirectMemory memory, Epochs epochs) {
    this.memory = memory;
    this.epochs = epochs;
  }

  static int unitsFor(int bytes) {
    return Math.max(MIN_UNITS, (bytes + UNIT_BYTES - 1) / UNIT_BYTES);
  }

  /** How many bytes the slabs have for further records, whatever their sizes. */
  long freeBytes() {
    return ((long) (slabCount - absent.size()) * SLAB_UNITS - liveUnits) * UNIT_BYTES;
  }

  ByteBuffer slab(int place) {
    return views[place >>> SLAB_SHIFT];
  }

  /** Where in its slab a record starts, in bytes. */
  int at(int place) {
    return (place & (SLAB_UNITS - 1)) * UNIT_BYTES;
  }

  /**
   * Makes the next allocations unable to fail.
   *
   * @param units how many units all of them need together
   * @throws org.facsim.array.ArrayException NO_SPACE if there is no direct memory
   */
  void ensure(long units) {
    if (units <= MAX_UNITS && hasRoomFor((int) units)) {
      return;
    }
    // at the end of each slab, less than a record may be left
    long wanted = units / (SLAB_UNITS - MAX_UNITS) + 1;
    while (empty.size() < wanted) {
      addSlab();
    }
  }

  private boolean hasRoomFor(int units) {
    return freeOfSize[units] != 0
        || (filling >= 0 && SLAB_UNITS - filledUnits >= units)
        || !empty.isEmpty();
  }

  /** Makes a record with arbitrary contents. */
  int allocate(int units) {
    collectIfMany();
    int place = freeOfSize[units];
    if (place != 0) {
      unlink(place, units);
    } else {
      place = takeFresh(units);
    }
    live[place >>> SLAB_SHIFT] += units;
    liveUnits += units;
    return place;
  }

  private int takeFresh(int units) {
    if (filling < 0 || SLAB_UNITS - filledUnits < units) {
      int larger = units + MIN_UNITS;
      while (larger <= MAX_UNITS && freeOfSize[larger] == 0) {
        larger++;
      }
      if (larger <= MAX_UNITS) {
        int place = freeOfSize[larger];
        unlink(place, larger);
        link(place + units, larger - units);
        return place;
      }
      fillAnother();
    }
    int place = (filling << SLAB_SHIFT) + filledUnits;
    filledUnits += units;
    return place;
  }

  private void fillAnother() {
    closeFilling();
    if (empty.isEmpty()) {
      addSlab();
    }
    filling = empty.remove(empty.size() - 1);
    filledUnits = filling == 0 ? MIN_UNITS : 0; // place 0 is nothing
  }

  /**
   * Makes what is left of the slab that fills a free record. If it is too small, it is lost until
   * the slab is empty.
   */
  private void closeFilling() {
    if (filling < 0) {
      return;
    }
    int slab = filling;
    filling = -1;
    int rest = SLAB_UNITS - filledUnits;
    while (rest >= MIN_UNITS) {
      int units = rest <= MAX_UNITS ? rest : Math.min(MAX_UNITS, rest - MIN_UNITS);
      link((slab << SLAB_SHIFT) + SLAB_UNITS - rest, units);
      rest -= units;
    }
    if (live[slab] == 0) {
      makeWhole(slab);
    }
  }

  private void addSlab() {
    DirectMemory.Slab slab = memory.allocate(SLAB_BYTES);
    int number = absent.isEmpty() ? slabCount++ : absent.remove(absent.size() - 1);
    if (number == slabs.length) {
      int length = number + number / 2 + 1;
      slabs = Arrays.copyOf(slabs, length);
      live = Arrays.copyOf(live, length);
      views = Arrays.copyOf(views, length);
    }
    slabs[number] = slab;
    views[number] = slab.view();
    empty.add(number);
  }

  /** Gives back a record that is unlinked. It is used again when no reader can see it. */
  void giveBack(int place, int units) {
    if (gatheringCount * 2 == gathering.length) {
      gathering = Arrays.copyOf(gathering, gathering.length * 2); // a reader is stuck
    }
    gathering[gatheringCount * 2] = place;
    gathering[gatheringCount * 2 + 1] = units;
    gatheringCount++;
    collectIfMany();
  }

  private void collectIfMany() {
    if (gatheringCount < SEAL_COUNT || (waitingCount > 0 && !epochs.elapsed(waitingTag))) {
      return;
    }
    for (int i = 0; i < waitingCount; i++) {
      free(waiting[i * 2], waiting[i * 2 + 1]);
    }
    int[] emptied = waiting;
    waiting = gathering;
    waitingCount = gatheringCount;
    waitingTag = epochs.tag();
    gathering = emptied;
    gatheringCount = 0;
  }

  private void free(int place, int units) {
    link(place, units);
    int slab = place >>> SLAB_SHIFT;
    live[slab] -= units;
    liveUnits -= units;
    if (live[slab] == 0 && slab != filling) {
      makeWhole(slab);
    }
  }

  /** Makes a slab that holds nothing whole again. */
  private void makeWhole(int slab) {
    int at = slab == 0 ? MIN_UNITS : 0;
    while (SLAB_UNITS - at >= MIN_UNITS) {
      int place = (slab << SLAB_SHIFT) + at;
      int units = units(place);
      unlink(place, units);
      at += units;
    }
    if (empty.size() < SPARE_SLABS || slab == 0) {
      empty.add(slab);
      return;
    }
    memory.free(slabs[slab]); // no reader can see any record in it
    slabs[slab] = null;
    views[slab] = null;
    absent.add(slab);
  }

  private int units(int place) {
    return (int) RecordTable.INT.get(slab(place), at(place) + UNITS);
  }

  private void link(int place, int units) {
    ByteBuffer slab = slab(place);
    int at = at(place);
    int first = freeOfSize[units];
    RecordTable.INT.set(slab, at + NEXT, first);
    RecordTable.INT.set(slab, at + UNITS, units);
    RecordTable.INT.set(slab, at + PREVIOUS, 0);
    if (first != 0) {
      RecordTable.INT.set(slab(first), at(first) + PREVIOUS, place);
    }
    freeOfSize[units] = place;
  }

  private void unlink(int place, int units) {
    ByteBuffer slab = slab(place);
    int next = (int) RecordTable.INT.get(slab, at(place) + NEXT);
    int previous = (int) RecordTable.INT.get(slab, at(place) + PREVIOUS);
    if (previous == 0) {
      freeOfSize[units] = next;
    } else {
      RecordTable.INT.set(slab(previous), at(previous) + NEXT, next);
    }
    if (next != 0) {
      RecordTable.INT.set(slab(next), at(next) + PREVIOUS, previous);
    }
  }

  /** Gives each slab back when nobody can reach it any more. */
  void leaveSlabs() {
    for (int number = 0; number < slabCount; number++) {
      if (slabs[number] != null) {
        memory.freeWhenUnreachable(slabs[number]);
      }
    }
  }
}
