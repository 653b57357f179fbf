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

  private long turns;

  private TurnCounter() {}

  /** The counter of the calling loop. */
  static TurnCounter current() {
    return CURRENT.get();
  }

  /** Counts a turn; returns how many there were before. */
  long next() {
    return turns++;
  }
}
