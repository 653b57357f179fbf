/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A lock of this host on a file, as the version of NFS has it. */
interface HeldLock {
  /**
   * Tells others that this host is alive, or finds out that the lock is lost; does not block.
   *
   * @param workers make what cannot be done without waiting
   * @return fails as {@link #refresh} does
   */
  CompletableFuture<Void> refreshing(Executor workers);

  /**
   * Likewise, and waits.
   *
   * @throws DatastoreException LOCKED, STALE or NOT_FOUND if the lock is lost; others if that is
   *     not known
   */
  void refresh();

  /**
   * Gives it up.
   *
   * @throws DatastoreException if it may still be there
   */
  void release();

  /** Whether other hosts may take it. */
  boolean isStale();

  /**
   * Counts as taken just now: the array was put back to a moment at which this host held the lock.
   */
  void holdAsFresh();

  /**
   * Is no lock of this host any more: the array was put back to a moment at which it held none.
   * Nothing is waited for.
   */
  void drop();

  /** What it is, for messages. */
  String describe();
}
