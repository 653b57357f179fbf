/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc.gss;

/**
 * The window of sequence numbers of one context, RFC 2203 section 5.3.3.1: each number is accepted
 * once, and a number that is behind the window never. Not thread-safe.
 */
final class SequenceWindow {
  /** How many numbers the window has, which the client is told. */
  static final int SIZE = 128;

  private final boolean[] seen = new boolean[SIZE];
  private long highest;

  /** Whether a call with this number may be served. If so, the number is used up. */
  boolean accept(long sequence) {
    if (sequence > highest) {
      long steps = Math.min(sequence - highest, SIZE);
      for (long i = 1; i <= steps; i++) {
        seen[place(sequence - steps + i)] = false;
      }
      highest = sequence;
    } else if (sequence <= highest - SIZE || seen[place(sequence)]) {
      return false;
    }
    seen[place(sequence)] = true;
    return true;
  }

  private static int place(long sequence) {
    return (int) (sequence % SIZE);
  }
}
