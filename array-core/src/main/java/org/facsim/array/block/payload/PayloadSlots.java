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
 * run, and the next run is the emptiest one: see {@link SlotRuns}. Random overwrites leave free
 * slots all over the file. The file may become twice as large as what it holds, which keeps the
 * emptiest run mostly empty.
 *
 * <p>Slot 0 is never given out. Not thread-safe.
 */
final class PayloadSlots {
  /** Slots in a run. */
  static final int RUN_SLOTS = SlotRuns.RUN_SLOTS;

  private static final int RUN_WORDS = RUN_SLOTS / Long.SIZE;

  /** A run with at least this many free slots is as good as a new one. */
  private static final int ROOMY_SLOTS = RUN_SLOTS / 8 * 7;

  /** The file may be larger than twice what it holds by this many slots. */
  private static final int SLACK_SLOTS = RUN_SLOTS;

  /**
   * After the operating system refused to let the file grow, this many slots are first taken from
   * within it.
   */
  private static final int CALM_SLOTS = 1 << 14;

  private static final int NONE = SlotRuns.NONE;

  private final SlotRuns runs = new SlotRuns();

  /** Those of the taken slots whose bytes are not written yet. */
  private long[] writing = new long[RUN_WORDS];

  /** The run from which slots are taken now. It is claimed. */
  private int current = NONE;

  private int cursor;
  private int calm;
  private int refusedRun;

  PayloadSlots() {
    grow();
    runs.take(0);
  }

  /** How many slots are taken, without slot 0. */
  int takenCount() {
    return runs.takenCount() - 1;
  }

  /**
   * @throws ArrayException NO_SPACE if there are no numbers left for this many more slots
   */
  void require(int count) {
    if ((long) takenCount() + count > (long) SlotRuns.MAX_RUNS * RUN_SLOTS - 1) {
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
    runs.take(slot);
    writing[slot >>> 6] |= 1L << slot;
    cursor = slot + 1;
    calm = Math.max(0, calm - 1);
    return slot;
  }

  private int nextFree() {
    return current == NONE ? NONE : runs.nextFree(current, cursor);
  }

  private void choose() {
    leave();
    int best = runs.emptiest(calm > 0 ? refusedRun : SlotRuns.MAX_RUNS);
    if (best == NONE) {
      calm = 0;
      best = runs.emptiest(SlotRuns.MAX_RUNS);
    }
    boolean roomy = best != NONE && runs.free(best) >= ROOMY_SLOTS;
    boolean mayGrow =
        calm == 0
            && (long) runs.count() * RUN_SLOTS < 2L * takenCount() + SLACK_SLOTS
            && runs.count() < SlotRuns.MAX_RUNS;
    if (best == NONE || (!roomy && mayGrow)) {
      best = grow();
    }
    runs.claim(best);
    current = best;
    cursor = best * RUN_SLOTS;
  }

  private void leave() {
    if (current != NONE) {
      runs.release(current);
      current = NONE;
    }
  }

  private int grow() {
    int run = runs.grow();
    if (runs.count() * RUN_WORDS > writing.length) {
      writing = Arrays.copyOf(writing, (int) Math.min(Integer.MAX_VALUE - 8L, writing.length * 2L));
    }
    return run;
  }

  /**
   * Notes that the operating system's disk is full. For a while, free slots below the run of the
   * slot that could not be written are taken first.
   */
  void growthRefused(int slot) {
    calm = CALM_SLOTS;
    refusedRun = slot / RUN_SLOTS;
    if (current >= refusedRun) {
      leave();
    }
  }

  /** Notes that a slot that was taken has its bytes now. */
  void written(int slot) {
    writing[slot >>> 6] &= ~(1L << slot);
  }

  /** Whether a slot is taken and has its bytes. */
  boolean isWritten(int slot) {
    return runs.isTaken(slot) && (writing[slot >>> 6] & 1L << slot) == 0;
  }

  void give(int slot) {
    runs.give(slot);
    writing[slot >>> 6] &= ~(1L << slot);
  }

  /** Takes a slot that the loaded tables name. Returns false if they named it before. */
  boolean adopt(int slot) {
    if (slot <= 0) {
      return false;
    }
    while (slot / RUN_SLOTS >= runs.count()) {
      grow();
    }
    if (runs.isTaken(slot)) {
      return false;
    }
    runs.take(slot);
    return true;
  }
}
