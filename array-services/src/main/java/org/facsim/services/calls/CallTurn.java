/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

/**
 * Numbers that a journal has set aside for the calls that one read of a connection brought: all of
 * them have arrived when the first one asks, so one claim serves many. Not thread-safe: everything
 * happens on the connection's event loop.
 */
public final class CallTurn {
  private Keeper keeper;
  private long next;
  private long end;

  /** Who sets numbers aside. */
  public interface Keeper {
    /** Takes back the numbers from the first to the one before the second, which nobody used. */
    void takeBack(long first, long beyond);
  }

  /** The next number that a keeper has set aside here; 0 if there is none. */
  public long next(Keeper of) {
    return keeper == of && next < end ? next++ : 0;
  }

  /** A keeper has set aside the numbers from the first to the one before the second. */
  public void setAside(Keeper by, long first, long beyond) {
    ends();
    keeper = by;
    next = first;
    end = beyond;
  }

  /** What arrives from now on arrived later: gives back what is left. */
  public void ends() {
    if (next < end) {
      keeper.takeBack(next, end);
      next = end;
    }
  }
}
