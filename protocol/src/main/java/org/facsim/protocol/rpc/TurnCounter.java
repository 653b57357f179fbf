/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.util.concurrent.FastThreadLocal;

/**
 * The turns of all connections of one event loop. A connection that counts how many there were
 * between two of its own knows how many others are waiting for theirs.
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

  /** That of the calling loop. */
  static TurnCounter current() {
    return CURRENT.get();
  }

  /** One more; returns how many there were. */
  long next() {
    return turns++;
  }
}
