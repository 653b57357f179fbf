/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.util.concurrent.FastThreadLocal;

/**
 * The turns of all connections of one event loop. From the number of turns between two of its own,
 * a connection knows how many others wait for theirs.
 */
final class TurnCounter {
  private static final FastThreadLocal<TurnCounter> CURRENT =
      new FastThreadLocal<>() {
        @Override
        protected TurnCounter initialValue() {
          return new TurnCounter();
        }
      };

  /** Calls of one turn that are given the same time. */
  private static final int CALLS_PER_READING = 64;

  private long turns;
  private boolean isInTurn;

  /** The clock as it was read last in this turn, and how many calls were given that. */
  private long nanos;

  private int given = CALLS_PER_READING;

  private TurnCounter() {}

  /** The counter of the calling loop. */
  static TurnCounter current() {
    return CURRENT.get();
  }

  /** Counts a turn; returns how many there were before. */
  long next() {
    isInTurn = false;
    given = CALLS_PER_READING;
    return turns++;
  }

  /** A turn has begun, or goes on. */
  void inTurn() {
    isInTurn = true;
  }

  /**
   * The time when a call arrives: read for the first of 64 calls of a turn, because reading the
   * clock costs much, and for the others that of the latest reading.
   */
  long arrivalNanos() {
    if (!isInTurn) {
      return System.nanoTime();
    }
    if (given == CALLS_PER_READING) {
      given = 0;
      nanos = System.nanoTime();
    }
    given++;
    return nanos;
  }

  /** The time when its answer is complete: read for the same calls, so that these are timed. */
  long answerNanos() {
    if (!isInTurn) {
      return System.nanoTime();
    }
    if (given == 1) {
      nanos = System.nanoTime();
    }
    return nanos;
  }
}
