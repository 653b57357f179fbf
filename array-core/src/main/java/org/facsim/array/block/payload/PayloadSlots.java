/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.payload;

import java.util.Arrays;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;

/**
 * Says which slots of a payload file are taken, and which one is given out next.
 *
 * <p>What is written together should lie together, because 64 scattered blocks cost the operating
 * system's disk five times what 64 neighbours cost. Therefore slots are given out upward within a
 * <em>run</em> of 1 MiB, and the next run is the emptiest one. Random overwrites leave free slots
 * all over the file. The file may become twice as large as what it holds, which keeps the emptiest
 * run mostly empty. Runs are in lists by how empty they are, so choosing one takes the same time
 * whatever the size of the file.
 *
 * <p>Slot 0 is never given out. Not thread-safe.
 */
final class PayloadSlots {
  private static final int RUN_SHIFT = 8;

  /** Slots in a run. */
  static final int RUN_SLOTS = 1 << RUN_SHIFT;

  private static final int RUN_WORDS = RUN_SLOTS / Long.SIZE;
  private static final int MAX_RUNS = Integer.MAX_VALUE >>> RUN_SHIFT;

  /** Runs are listed by their free slots, in steps of this many. */
  private static final int BUCKET_SHIFT = 4;

  private static final int BUCKETS = (RUN_SLOTS >>> BUCKET_SHIFT) + 1;

  /** A run with at least this many free slots is as good as a new one. */
  private static final int ROOMY_SLOTS = RUN_SLOTS / 8 * 7;

  /** The file may be larger than twice what it holds by this many slots. */
  private static final int SLACK_SLOTS = RUN_SLOTS;

  /**
   * After the operating system refused to let the file grow, this many slots are first taken from
   * within it.
   */
  private static final int CALM_SLOTS = 1 << 14;

  private static final int NONE = -1;

  /** One bit for each slot. */
  private long[] taken = new long[RUN_WORDS];

  /** Those of the taken slots whose bytes are not written yet. */
  private long[] writing = new long[RUN_WORDS];

  private int[] free = new int[1];
  private int[] next = new int[1];
  private int[] previous = new int[1];
  private final int[] heads = new int[BUCKETS];
  private int runs;
  private int takenCount;

  /** The run from which slots are taken now. It is in no list. */
  private int current = NONE;

  private int cursor;
  private int calm;
  private int refusedRun;

  PayloadSlots() {
    Arrays.fill(heads, NONE);
    grow();
    taken[0] = 1;
    free[0]--;
    relist(0, RUN_SLOTS);
  }

  /** How many slots are taken, without slot 0. */
  int takenCount() {
    return takenCount;
  }

  /**
   * @throws ArrayException NO_SPACE if there are no numbers left for this many more slots
   */
  void require(int count) {
    if ((long) takenCount + count > ((long) MAX_RUNS << RUN_SHIFT) - 1) {
      throw new ArrayException(ArrayError.NO_SPACE, "payload file: no slot left");
    }
  }

  /** Takes a free slot, if possible close after the one that was taken before. */
  int take() {
    int slot = nextFree();
    while (slot == NONE) {
      choose();
      slot = nextFree();
    }
    set(slot);
    writing[slot >>> 6] |= 1L << slot;
    free[current]--;
    cursor = slot + 1;
    calm = Math.max(0, calm - 1);
    return slot;
  }

  private int nextFree() {
    if (current == NONE || free[current] == 0) {
      return NONE;
    }
    int end = (current + 1) << RUN_SHIFT;
    int at = cursor;
    while (at < end) {
      long open = ~taken[at >>> 6] & -1L << at;
      if (open != 0) {
        return (at & -Long.SIZE) + Long.numberOfTrailingZeros(open);
      }
      at = (at | (Long.SIZE - 1)) + 1;
    }
    return NONE;
  }

  private void choose() {
    if (current != NONE) {
      int left = current;
      current = NONE;
      list(left);
    }
    int best = emptiest(calm > 0 ? refusedRun : MAX_RUNS);
    if (best == NONE) {
      calm = 0;
      best = emptiest(MAX_RUNS);
    }
    boolean roomy = best != NONE && free[best] >= ROOMY_SLOTS;
    boolean mayGrow =
        calm == 0 && ((long) runs << RUN_SHIFT) < 2L * takenCount + SLACK_SLOTS && runs < MAX_RUNS;
    if (best == NONE || (!roomy && mayGrow)) {
      best = runs;
      grow();
    }
    unlist(best);
    current = best;
    cursor = best << RUN_SHIFT;
  }

  /** Returns the emptiest run below a run. At the refused end, there are few to skip. */
  private int emptiest(int end) {
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

  /**
   * Notes that the operating system's disk is full. For a while, free slots below the run of the
   * slot that could not be written are taken first.
   */
  void growthRefused(int slot) {
    calm = CALM_SLOTS;
    refusedRun = slot >>> RUN_SHIFT;
    if (current >= refusedRun) {
      int left = current;
      current = NONE;
      list(left);
    }
  }

  /** Notes that a slot that was taken has its bytes now. */
  void written(int slot) {
    writing[slot >>> 6] &= ~(1L << slot);
  }

  /** Whether a slot is taken and has its bytes. */
  boolean isWritten(int slot) {
    return (taken[slot >>> 6] & ~writing[slot >>> 6] & 1L << slot) != 0;
  }

  void give(int slot) {
    int run = slot >>> RUN_SHIFT;
    taken[slot >>> 6] &= ~(1L << slot);
    writing[slot >>> 6] &= ~(1L << slot);
    takenCount--;
    free[run]++;
    if (run != current) {
      relist(run, free[run] - 1);
    }
  }

  private void set(int slot) {
    taken[slot >>> 6] |= 1L << slot;
    takenCount++;
  }

  // ---------------------------------------------------------------- loading

  /** Takes a slot that the loaded tables name. Returns false if they named it before. */
  boolean adopt(int slot) {
    if (slot <= 0) {
      return false;
    }
    while (slot >>> RUN_SHIFT >= runs) {
      grow();
    }
    if ((taken[slot >>> 6] & 1L << slot) != 0) {
      return false;
    }
    int run = slot >>> RUN_SHIFT;
    set(slot);
    free[run]--;
    relist(run, free[run] + 1);
    return true;
  }

  // ---------------------------------------------------------------- runs

  private void grow() {
    int run = runs++;
    if (run == free.length) {
      int length = Math.min(MAX_RUNS, run * 2);
      free = Arrays.copyOf(free, length);
      next = Arrays.copyOf(next, length);
      previous = Arrays.copyOf(previous, length);
      taken = Arrays.copyOf(taken, length * RUN_WORDS);
      writing = Arrays.copyOf(writing, length * RUN_WORDS);
    }
    free[run] = RUN_SLOTS;
    list(run);
  }

  /** Returns the list for runs with this many free slots, or NONE. */
  private static int bucket(int freeSlots) {
    return freeSlots == 0 ? NONE : freeSlots >>> BUCKET_SHIFT;
  }

  private void relist(int run, int freeBefore) {
    int from = bucket(freeBefore);
    if (from != bucket(free[run])) {
      if (from != NONE) {
        unlink(run, from);
      }
      list(run);
    }
  }

  private void list(int run) {
    int bucket = bucket(free[run]);
    if (bucket == NONE) {
      return;
    }
    int head = heads[bucket];
    next[run] = head;
    previous[run] = NONE;
    if (head != NONE) {
      previous[head] = run;
    }
    heads[bucket] = run;
  }

  private void unlist(int run) {
    unlink(run, bucket(free[run]));
  }

  private void unlink(int run, int bucket) {
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
