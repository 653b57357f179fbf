/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.payload;

import java.util.Arrays;

/**
 * Which payload slots are taken, by <em>runs</em> of 1 MiB. What is written together should lie
 * together, so slots are given out from few runs at a time: a run can be claimed, and then its
 * owner alone takes slots from it. All other runs are in lists by how empty they are, so finding an
 * empty one takes the same time however many there are.
 *
 * <p>Not thread-safe.
 */
final class SlotRuns {
  static final int RUN_SHIFT = 8;

  /** Slots in a run. */
  static final int RUN_SLOTS = 1 << RUN_SHIFT;

  static final int MAX_RUNS = Integer.MAX_VALUE >>> RUN_SHIFT;

  /** No run, or no slot. */
  static final int NONE = -1;

  private static final int RUN_WORDS = RUN_SLOTS / Long.SIZE;

  /** Runs are listed by their free slots, in steps of this many. The last list has empty runs. */
  private static final int BUCKET_SHIFT = 4;

  private static final int BUCKETS = (RUN_SLOTS >>> BUCKET_SHIFT) + 1;

  /** In place of the run before it: the run is in no list, because somebody claimed it. */
  private static final int CLAIMED = -2;

  /** One bit for each slot. */
  private long[] taken = new long[RUN_WORDS];

  private int[] free = new int[1];
  private int[] next = new int[1];
  private int[] previous = new int[1];
  private final int[] heads = new int[BUCKETS];
  private int count;
  private int takenCount;

  SlotRuns() {
    Arrays.fill(heads, NONE);
  }

  /** How many runs there are. */
  int count() {
    return count;
  }

  /** How many slots are taken. */
  int takenCount() {
    return takenCount;
  }

  int free(int run) {
    return free[run];
  }

  boolean isTaken(int slot) {
    return (taken[slot >>> 6] & 1L << slot) != 0;
  }

  /** Adds an empty run, and returns it. */
  int grow() {
    int run = count++;
    if (run == free.length) {
      int length = Math.min(MAX_RUNS, run * 2);
      free = Arrays.copyOf(free, length);
      next = Arrays.copyOf(next, length);
      previous = Arrays.copyOf(previous, length);
      taken = Arrays.copyOf(taken, length * RUN_WORDS);
    }
    free[run] = RUN_SLOTS;
    list(run);
    return run;
  }

  // ---------------------------------------------------------------- finding and claiming

  /** An emptiest run that nobody claimed, below a run; NONE if they are all full. */
  int emptiest(int end) {
    for (int bucket = BUCKETS - 1; bucket >= 0; bucket--) {
      int run = heads[bucket];
      while (run != NONE && run >= end) {
        run = next[run];
      }
      if (run != NONE) {
        return run;
      }
    }
    return NONE;
  }

  /** A run without taken slots that nobody claimed; of several, the one that became so last. */
  int empty() {
    return heads[BUCKETS - 1];
  }

  /** A run that has taken slots and about as many free ones as possible; NONE if there is none. */
  int emptiestInUse() {
    for (int bucket = BUCKETS - 2; bucket >= 0; bucket--) {
      if (heads[bucket] != NONE) {
        return heads[bucket];
      }
    }
    return NONE;
  }

  /**
   * A run in use with so many free neighbours. Looks only at some of the emptiest ones.
   *
   * @param tries how many runs to look at
   */
  int inUseWithStretch(int length, int tries) {
    int left = tries;
    for (int bucket = BUCKETS - 2; bucket >= length >>> BUCKET_SHIFT; bucket--) {
      for (int run = heads[bucket]; run != NONE; run = next[run]) {
        if (stretch(run, run << RUN_SHIFT, length) != NONE) {
          return run;
        }
        if (--left == 0) {
          return NONE;
        }
      }
    }
    return NONE;
  }

  /** From now on, the run is in no list. */
  void claim(int run) {
    unlink(run, bucket(free[run]));
    previous[run] = CLAIMED;
  }

  /** Lists a claimed run again. */
  void release(int run) {
    previous[run] = NONE;
    list(run);
  }

  // ---------------------------------------------------------------- slots

  /** The first free slot of a run from a slot on; NONE if there is none. */
  int nextFree(int run, int from) {
    return free[run] == 0 ? NONE : next(run, from, 0);
  }

  /**
   * The first slot of a run from a slot on that is free, or with all bits flipped the first that is
   * taken; NONE if there is none.
   */
  private int next(int run, int from, long flip) {
    int end = (run + 1) << RUN_SHIFT;
    int at = from;
    while (at < end) {
      long found = (taken[at >>> 6] ^ ~flip) & -1L << at;
      if (found != 0) {
        return (at & -Long.SIZE) + Long.numberOfTrailingZeros(found);
      }
      at = (at | (Long.SIZE - 1)) + 1;
    }
    return NONE;
  }

  /** The first of so many free neighbours in a run, from a slot on; NONE if there are none. */
  int stretch(int run, int from, int length) {
    int runEnd = (run + 1) << RUN_SHIFT;
    int start = free[run] < length ? NONE : next(run, from, 0);
    while (start != NONE && runEnd - start >= length) {
      int end = next(run, start, -1);
      if (end == NONE || end - start >= length) {
        return start;
      }
      start = next(run, end, 0);
    }
    return NONE;
  }

  /** Takes a free slot. */
  void take(int slot) {
    int run = slot >>> RUN_SHIFT;
    taken[slot >>> 6] |= 1L << slot;
    takenCount++;
    free[run]--;
    relist(run, free[run] + 1);
  }

  /** Takes free neighbours, all in one run. */
  void take(int first, int length) {
    int run = first >>> RUN_SHIFT;
    int end = first + length;
    for (int at = first; at < end; at = (at | (Long.SIZE - 1)) + 1) {
      long bits = -1L << at;
      if (end - (at & -Long.SIZE) < Long.SIZE) {
        bits &= (1L << end) - 1;
      }
      taken[at >>> 6] |= bits;
    }
    takenCount += length;
    free[run] -= length;
    relist(run, free[run] + length);
  }

  /** Gives a taken slot back. */
  void give(int slot) {
    int run = slot >>> RUN_SHIFT;
    taken[slot >>> 6] &= ~(1L << slot);
    takenCount--;
    free[run]++;
    relist(run, free[run] - 1);
  }

  // ---------------------------------------------------------------- lists

  /** The list for runs with so many free slots; NONE for full ones. */
  private static int bucket(int freeSlots) {
    return freeSlots == 0 ? NONE : freeSlots >>> BUCKET_SHIFT;
  }

  private void relist(int run, int freeBefore) {
    int from = bucket(freeBefore);
    if (from != bucket(free[run]) && previous[run] != CLAIMED) {
      unlink(run, from);
      list(run);
    }
  }

  private void list(int run) {
    int bucket = bucket(free[run]);
    previous[run] = NONE;
    if (bucket == NONE) {
      return;
    }
    int head = heads[bucket];
    next[run] = head;
    if (head != NONE) {
      previous[head] = run;
    }
    heads[bucket] = run;
  }

  private void unlink(int run, int bucket) {
    if (bucket == NONE) {
      return;
    }
    if (previous[run] == NONE) {
      heads[bucket] = next[run];
    } else {
      next[previous[run]] = next[run];
    }
    if (next[run] != NONE) {
      previous[next[run]] = previous[run];
    }
  }
}
