/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/**
 * Decides how long the turns of a connection may be. If many other connections have turns between
 * two turns of this one, a turn of small calls takes one small read. Otherwise, if 300 clients send
 * calls as fast as they can, each would make the others wait for the thousands of calls that fit a
 * large read.
 *
 * <p>Not thread-safe: everything happens on the connection's loop.
 */
final class TurnLength {
  /** How many turns of other connections between two of this one make a crowd. */
  private static final int CROWD = 16;

  private static final int SMALL_RECORD_BYTES = 4 << 10;

  private TurnCounter turns;

  /** The loop's count of turns at the latest turn of this connection. */
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
    turns.inTurn();
  }

  /** The clock of this loop's turns. */
  TurnCounter clock() {
    return turns;
  }

  /**
   * A turn has ended.
   *
   * @param turnBytes how many bytes it read
   */
  void end(int turnBytes) {
    long turn = turns.next();
    crowded = turn - latestTurn > CROWD && turnBytes < (long) records * SMALL_RECORD_BYTES;
    latestTurn = turn;
    records = 0;
  }

  /** Whether turns are short now, because many others wait for theirs and calls are small. */
  boolean isCrowded() {
    return crowded;
  }
}
