/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/**
 * How long the turns of a connection may be. With many connections between two turns of one, a turn
 * of small calls takes one small read: of 300 clients that send calls as fast as they can, each
 * would keep the others waiting for the thousands of calls that fit a large one.
 *
 * <p>Not thread-safe: everything happens on the connection's loop.
 */
final class TurnLength {
  /** So many turns of others between two of one. */
  private static final int CROWD = 16;

  private static final int SMALL_RECORD_BYTES = 4 << 10;

  private TurnCounter turns;

  /** Turns of this loop up to the latest one here, and the records of this one. */
  private long latestTurn;

  private int records;

  /** The first turn is short, too, because many connections may begin at a time. */
  private boolean crowded = true;

  /** The connection belongs to the calling loop from now on. */
  void begin() {
    turns = TurnCounter.current();
  }

  /** A record has arrived. */
  void record() {
    records++;
  }

  /** A turn has ended in which so many bytes were read. */
  void end(int turnBytes) {
    long turn = turns.next();
    crowded = turn - latestTurn > CROWD && turnBytes < (long) records * SMALL_RECORD_BYTES;
    latestTurn = turn;
    records = 0;
  }

  /** Whether so many others wait for their turns, and calls are so small, that turns are short. */
  boolean isCrowded() {
    return crowded;
  }
}
