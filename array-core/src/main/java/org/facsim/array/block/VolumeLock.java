/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The only lock of a volume. It is held only for metadata, which takes microseconds. To put a
 * thread to sleep and wake it again takes ten times as long, and involves the scheduler. Therefore
 * a thread that finds the lock taken tries again for a while before it goes to sleep.
 *
 * <p>The background comes after everybody else. It asks {@link #isWanted} after each small step,
 * and lets go of the lock if it is wanted. It does not queue, because then whoever unlocks would
 * have to wake it.
 */
final class VolumeLock extends ReentrantLock {
  private static final long serialVersionUID = 1;

  /** How long a thread tries before it goes to sleep. */
  private static final long SPIN_NANOS = 20_000;

  private static final long YIELD_NANOS = 1_000;

  /** After this many yields the background does queue, so that it gets the lock at last. */
  private static final int MAX_YIELDS = 200;

  private final AtomicInteger waiting = new AtomicInteger();

  @Override
  public void lock() {
    if (tryLock()) {
      return;
    }
    waiting.incrementAndGet();
    try {
      if (!spin()) {
        super.lock();
      }
    } finally {
      waiting.decrementAndGet();
    }
  }

  private boolean spin() {
    long start = System.nanoTime();
    do {
      Thread.onSpinWait();
      if (!isLocked() && tryLock()) {
        return true;
      }
    } while (System.nanoTime() - start < SPIN_NANOS);
    return false;
  }

  /** Whether somebody waits for the lock. Takes no lock. */
  boolean isWanted() {
    return waiting.get() > 0;
  }

  /** Takes the lock when nobody else wants it. The background uses it. */
  void lockBehindOthers() {
    for (int i = 0; i < MAX_YIELDS && !isHeldByCurrentThread(); i++) {
      if (!isWanted() && tryLock()) {
        return;
      }
      LockSupport.parkNanos(YIELD_NANOS);
    }
    super.lock();
  }
}
