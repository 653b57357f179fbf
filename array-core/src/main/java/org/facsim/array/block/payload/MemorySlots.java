/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.payload;

import org.facsim.array.block.table.FreeRecords;

/**
 * Which slots of a {@link PayloadArena} are free, and which one is used next.
 *
 * <p>Single slots are taken upward within one run, and <em>stretches</em> of neighbours within
 * another one, so that blocks that come one by one do not lie between those that came together.
 * Stretches prefer empty runs, and of these the one that was used last, because its memory is still
 * in the caches. Single slots prefer runs that are in use already, unless these are nearly full.
 *
 * <p>Not thread-safe.
 */
final class MemorySlots implements FreeRecords {
  /** From so many blocks on, neighbours are worth looking for: 64 KiB. */
  static final int MIN_STRETCH = 16;

  /** The longest stretch, 1 MiB. */
  static final int MAX_STRETCH = SlotRuns.RUN_SLOTS;

  private static final int NONE = SlotRuns.NONE;

  /** A run in use that has fewer free slots is left alone while there is an empty one. */
  private static final int WORTHWHILE_SLOTS = SlotRuns.RUN_SLOTS / 8;

  /** How many runs are looked at for a stretch. */
  private static final int TRIES = 8;

  private final SlotRuns runs = new SlotRuns();

  /** From which single slots are taken, and from which stretches; both are claimed. */
  private int single = NONE;

  private int bulk = NONE;

  /** Where in each of them to go on. */
  private int singleCursor;

  private int bulkCursor;

  MemorySlots() {}

  @Override
  public void grow(int endId) {
    boolean isFirst = runs.count() == 0;
    while (runs.count() < endId >>> SlotRuns.RUN_SHIFT) {
      runs.grow();
    }
    if (isFirst) {
      runs.take(0);
    }
  }

  @Override
  public int take() {
    int slot = nextSingle();
    while (slot == NONE) {
      chooseSingle();
      slot = nextSingle();
    }
    runs.take(slot);
    singleCursor = slot + 1;
    return slot;
  }

  private int nextSingle() {
    return single == NONE ? NONE : runs.nextFree(single, singleCursor);
  }

  private void chooseSingle() {
    if (single != NONE) {
      runs.release(single);
      single = NONE;
    }
    int best = runs.emptiestInUse();
    if ((best == NONE || runs.free(best) < WORTHWHILE_SLOTS) && runs.empty() != NONE) {
      best = runs.empty();
    }
    if (best == NONE) { // what is free is where stretches come from
      runs.release(bulk);
      best = bulk;
      bulk = NONE;
    }
    runs.claim(best);
    single = best;
    singleCursor = best << SlotRuns.RUN_SHIFT;
  }

  /**
   * Takes free neighbours.
   *
   * @param length 1 to {@link #MAX_STRETCH}
   * @return the first of them, or -1 if none were found, which does not say that there are none
   */
  int takeStretch(int length) {
    int first = nextStretch(length);
    if (first == NONE && chooseBulk(length)) {
      first = nextStretch(length);
    }
    if (first != NONE) {
      runs.take(first, length);
      bulkCursor = first + length;
    }
    return first;
  }

  private int nextStretch(int length) {
    return bulk == NONE ? NONE : runs.stretch(bulk, bulkCursor, length);
  }

  private boolean chooseBulk(int length) {
    int best = runs.empty();
    if (best == NONE) {
      best = runs.inUseWithStretch(length, TRIES);
    }
    if (best == NONE) {
      return false;
    }
    if (bulk != NONE) {
      runs.release(bulk);
    }
    runs.claim(best);
    bulk = best;
    bulkCursor = best << SlotRuns.RUN_SHIFT;
    return true;
  }

  @Override
  public void give(int slot) {
    runs.give(slot);
  }
}
