/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import java.util.concurrent.CompletableFuture;

/**
 * A call that must be executed at most once, and its entry in an {@link AtMostOnce} table: one
 * object is key, entry and answer, so that a call costs no other. Its equality is by value and says
 * which calls can be the same.
 *
 * @param <C> the calls of its kind
 * @param <A> what it answers
 */
public abstract class RememberedCall<C extends RememberedCall<C, A>, A> {
  // All guarded by the table.
  long sinceNanos;
  int bytes;
  boolean isRemembered;
  boolean hasEnded;

  /** Whether it has ended without an answer that could be given to another call. */
  boolean hasNoResults;

  A answer;
  Throwable failure;

  /** What waits for the answer; null as long as nothing does. */
  CompletableFuture<A> future;

  /** The next older one of the equal calls. */
  C nextEqual;

  /** What its client has; null if the call is not remembered. */
  ClientShares.Share<C, A> share;

  // Neighbours among those calls of the client that run, or among those that have ended.
  C older;
  C newer;

  @Override
  public abstract boolean equals(Object other);

  @Override
  public abstract int hashCode();

  /** The client whose part of the table the call takes; with equality by value. */
  protected abstract Object client();

  /** Identifies the place from which the call came. */
  protected long originId() {
    return 0;
  }

  /**
   * Whether an equal call that came from another place may have been this one. Only asked while
   * this call is being entered.
   */
  protected boolean mayRepeat(long earlierOriginId) {
    return true;
  }
}
