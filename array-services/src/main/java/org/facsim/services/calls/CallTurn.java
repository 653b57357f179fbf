/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

/**
 * What a journal keeps for the calls that one read of a connection brought. All of them have
 * arrived when the first one asks for a number, so one claim serves many. Not thread-safe:
 * everything happens on the connection's event loop.
 */
public final class CallTurn {
  private Keeper keeper;
  private long first;
  private long next;
  private long end;
  private Object note;

  /** Who sets numbers aside. */
  public interface Keeper {
    /**
     * A turn is over.
     *
     * @param first the first of its numbers
     * @param beyond one more than the last
     * @param note what the keeper has noted of the connection, or null
     */
    void turnEnds(long first, long beyond, Object note);
  }

  /** The next number that a keeper has set aside; 0 if there is none. */
  public long next(Keeper of) {
    return keeper == of && next < end ? next++ : 0;
  }

  /**
   * A keeper has set aside the numbers from the first to the one before the second; the first of
   * them is used.
   */
  public void setAside(Keeper by, long newFirst, long beyond) {
    ends();
    if (keeper != by) {
      keeper = by;
      note = null;
    }
    first = newFirst;
    next = newFirst + 1;
    end = beyond;
  }

  /** Whether a number is one of this turn. */
  public boolean holds(long number) {
    return number >= first && number < end;
  }

  /** One more than the last number of this turn; 0 outside of a turn. */
  public long end() {
    return end;
  }

  /** What a keeper has noted of the connection; null if it has noted nothing. */
  public Object note(Keeper of) {
    return keeper == of ? note : null;
  }

  /** Notes something until another keeper sets numbers aside. */
  public void note(Object newNote) {
    note = newNote;
  }

  /** What arrives from now on arrived later: numbers that are left are left out. */
  public void ends() {
    if (end != 0) {
      keeper.turnEnds(first, end, note);
      first = 0;
      next = 0;
      end = 0;
    }
  }
}
