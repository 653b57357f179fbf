/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.util.concurrent.locks.LockSupport;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.ledger.Ledger;

/**
 * Reclaims what was released, in a bounded step for each hold of the lock. It ends with the store,
 * when the volume is deleted ({@link #abandon}) or the array closes.
 */
final class StoreReclaim {
  /**
   * The most nodes that one step of the background takes apart. They are fewer if somebody waits.
   */
  private static final int BATCH_NODES = 16;

  /** A step of the background ends after this time in any case. */
  private static final long BATCH_NANOS = 100_000;

  private static final long YIELD_NANOS = 1_000;

  /**
   * How long a volume at the array's limit waits for another volume's lock to reclaim blocks there.
   */
  private static final long PATIENCE_NANOS = 2_000_000;

  private final BlockStore store;
  private final BlockPool pool;
  private final StoreGate gate;
  private final Ledger ledger;
  private final HiddenMaps hiddenMaps;
  private final SpaceReservations reservations;

  /** Null until the volume is deleted. */
  private Abandonment abandonment;

  StoreReclaim(
      BlockStore store,
      BlockPool pool,
      StoreGate gate,
      HiddenMaps hiddenMaps,
      SpaceReservations reservations) {
    this.store = store;
    this.pool = pool;
    this.gate = gate;
    this.ledger = store.ledger();
    this.hiddenMaps = hiddenMaps;
    this.reservations = reservations;
  }

  /** Releases everything that a file has. Lock held. */
  void drop(FileMap map) {
    if (map.hidden) {
      hiddenMaps.showForRelease(map);
    }
    reservations.drop(map, 0, Long.MAX_VALUE);
    long root = map.root();
    if (FileMap.pointer(root) == 0) {
      map.touch();
    } else {
      map.setRoot(0, 0);
      ledger.removeEdge(FileMap.height(root), FileMap.pointer(root), map.name());
    }
    ledger.addMapped(map, -map.mapped);
    ledger.releaseFile(map);
  }

  /** Does one bounded step, and takes the lock for it. Returns whether there is more to do. */
  boolean step() {
    gate.lock.lockBehindOthers();
    try {
      if (gate.isClosed()) {
        return false;
      }
      if (takeStep()) {
        return abandonment != null || ledger.detached.isWaiting();
      }
      if (abandonment == null) {
        return false;
      }
      gate.close();
    } finally {
      gate.lock.unlock();
    }
    leave();
    return false;
  }

  /** Ends early if somebody waits for the lock. Returns whether there was anything to do. */
  boolean takeStep() {
    boolean dropped = abandonment != null && abandonment.step(this::drop);
    boolean progress = ledger.detached.reclaim(1) || dropped;
    long deadline = System.nanoTime() + BATCH_NANOS;
    for (int i = 1; i < BATCH_NODES && progress; i++) {
      if (gate.lock.isWanted() || System.nanoTime() - deadline > 0 || !ledger.detached.reclaim(1)) {
        break;
      }
    }
    if (progress) {
      gate.finishReclaim();
    }
    return progress;
  }

  /** Reclaims some blocks for another volume, unless somebody is busy here for long. */
  boolean stepFor(Ledger asking) {
    if (asking == ledger || (!ledger.detached.isWaiting() && !gate.isAbandoned())) {
      return false;
    }
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!gate.lock.tryLock()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      LockSupport.parkNanos(YIELD_NANOS);
    }
    try {
      return !gate.isClosed() && takeStep();
    } finally {
      gate.lock.unlock();
    }
  }

  /** From now on all files are released. Then the store ends. Lock held. */
  void abandon() {
    gate.start();
    ledger.detached.setBacklog(null); // hidden maps go with all other maps
    abandonment = new Abandonment(ledger.files);
    gate.abandon();
    pool.wakeReclaimer();
  }

  /** Reclaims everything at once, and ends the store. Takes the lock. */
  void close() {
    gate.lock.lock();
    try {
      if (gate.isClosed()) {
        return;
      }
      ledger.detached.setBacklog(null);
      for (FileMap map : ledger.files.all()) {
        if (!map.isReleased()) {
          drop(map);
        }
      }
      while (ledger.detached.reclaim(BATCH_NODES)) {
        ledger.settle();
      }
      ledger.settle();
      gate.close();
    } finally {
      gate.lock.unlock();
    }
    leave();
  }

  private void leave() {
    pool.leave(store);
    pool.epochs().awaitReaders();
    store.freeTables();
  }
}
