/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one lock of a volume. It is held for metadata only, so for microseconds; to put a thread to
 * sleep and wake it again takes ten times as long and hands both to the scheduler. So who finds it
 * taken looks again for a while before going to sleep.
 *
 * <p>The background stands behind everybody else: it asks {@link #isWanted} after each small step,
 * lets go if so, and never queues where the one who unlocks would have to wake it.
 */
final class VolumeLock extends ReentrantLock {
  private static final long serialVersionUID = 1;

  /** How long to look before going to sleep. */
  private static final long SPIN_NANOS = 20_000;

  private static final long YIELD_NANOS = 1_000;

  /** Then the background queues after all, so that it is not put off for ever. */
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

  /** Whether somebody waits who should not have to. Takes no lock. */
  boolean isWanted() {
    return waiting.get() > 0;
  }

  /** Takes the lock when nobody else wants it; for the background. */
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
