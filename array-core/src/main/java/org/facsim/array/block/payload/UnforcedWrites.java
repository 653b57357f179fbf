/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.payload;

import java.util.BitSet;

/**
 * What was written to a payload file and is not known to be durable.
 *
 * <p>A value is noted when its write has ended and not before, because a force that runs in the
 * middle of a write does not cover it. A failed force may have dropped a write that has ended but
 * is not noted yet. Therefore a write says how many forces had failed when it began. If that number
 * has changed, the next force has to write everything again first.
 *
 * <p>Callers hold the payload's lock, except in {@link #failures}.
 */
final class UnforcedWrites {
  /** What one force makes durable. */
  record Round(SlotList values, boolean rewrites) {}

  private SlotList noted = new SlotList();
  private boolean rewriteFirst;
  private volatile long failures;

  /** How many forces have failed until now. A write asks before it begins. Takes no lock. */
  long failures() {
    return failures;
  }

  /** Notes that writes have ended, and how many forces had failed when they began. */
  void note(long[] values, int from, int to, long failuresBefore) {
    for (int i = from; i < to; i++) {
      noted.add(values[i]);
    }
    rewriteFirst |= failuresBefore != failures;
  }

  /**
   * Takes everything that is noted, for a force that begins; null if there is nothing. If it has to
   * be written again, this takes only what some block still needs: the last value of a slot that
   * was used again, and nothing of slots that are free or being written just now.
   */
  Round take(PayloadSlots slots) {
    if (noted.count == 0) {
      return null;
    }
    Round round = new Round(rewriteFirst ? needed(slots) : noted, rewriteFirst);
    noted = new SlotList();
    rewriteFirst = false;
    return round;
  }

  private SlotList needed(PayloadSlots slots) {
    SlotList needed = new SlotList();
    BitSet seen = new BitSet();
    for (int i = noted.count - 1; i >= 0; i--) {
      int slot = (int) noted.values[i];
      if (slots.isWritten(slot) && !seen.get(slot)) {
        seen.set(slot);
        needed.add(noted.values[i]);
      }
    }
    return needed;
  }

  /** The force failed. Everything in it still has to be forced, after it is written again. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time
  void failed(Round round) {
    failures++;
    rewriteFirst = true;
    SlotList all = round.values();
    all.addAll(noted);
    noted = all;
  }
}
