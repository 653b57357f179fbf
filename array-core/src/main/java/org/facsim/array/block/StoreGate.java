/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.ledger.Ledger;
import org.facsim.array.block.memory.Epochs;

/**
 * How every operation on a store begins and ends. Mutations run between {@link #start} and {@link
 * #finish} under the volume's lock. Readers take no lock, and run between {@link #enter} and {@link
 * #exit}.
 */
final class StoreGate {
  /**
   * How many leaves the mutation itself takes apart, so that small deletes need no other thread.
   */
  private static final int INLINE_RECLAIM_LEAVES = 2;

  final VolumeLock lock = new VolumeLock();
  private final BlockPool pool;
  private final Epochs epochs;
  private final Ledger ledger;

  /** Null in an ephemeral array; set before anybody sees the store. */
  private StoreChanges changes;

  /** Counts mutations. Cached answers name the version for which they are right. */
  private long version;

  /** Set once, when the volume is deleted. No operation may begin then. */
  private volatile boolean abandoned;

  private volatile boolean closed;

  StoreGate(BlockPool pool, Ledger ledger) {
    this.pool = pool;
    this.epochs = pool.epochs();
    this.ledger = ledger;
  }

  /** Lets a reader in. Returns the ticket for {@link #exit}. Takes no lock. */
  int enter() {
    int ticket = epochs.enter();
    if (closed) {
      epochs.exit(ticket);
      throw closedStore();
    }
    return ticket;
  }

  void exit(int ticket) {
    epochs.exit(ticket);
  }

  /** Begins a mutation of a file. */
  void start(FileMap map) {
    start();
    if (map.isReleased()) {
      throw new IllegalStateException("file is released");
    }
  }

  /** Begins a mutation. */
  void start() {
    checkLocked();
    version++;
  }

  /** Ends a mutation. */
  void finish() {
    ledger.detached.reclaimIfFew(INLINE_RECLAIM_LEAVES);
    ledger.settle();
    if (ledger.detached.isWaiting()) {
      pool.wakeReclaimer();
    }
    noteChange();
  }

  /** Ends a step of reclaim, which has no start. */
  void finishReclaim() {
    version++;
    ledger.settle();
    noteChange();
  }

  private void noteChange() {
    if (changes != null) {
      changes.changed();
    }
  }

  void checkLocked() {
    if (!lock.isHeldByCurrentThread()) {
      throw new IllegalStateException("the volume's lock is not held");
    }
    if (closed || abandoned) {
      throw closedStore();
    }
  }

  private RuntimeException closedStore() {
    return abandoned
        ? new ArrayException(ArrayError.STALE, "the volume is deleted")
        : new IllegalStateException("the block store is closed");
  }

  long version() {
    return version;
  }

  StoreChanges changes() {
    return changes;
  }

  void setChanges(StoreChanges changes) {
    this.changes = changes;
  }

  boolean isAbandoned() {
    return abandoned;
  }

  void abandon() {
    abandoned = true;
  }

  boolean isClosed() {
    return closed;
  }

  void close() {
    closed = true;
  }
}
