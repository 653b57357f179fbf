/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.time.Duration;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Counts the calls that a door has inside the array, for a door that stays open while the array
 * goes away. The array is closed only when every call that entered before has left. Thread-safe.
 */
public final class Visits {
  private Phaser inside = new Phaser(1);

  /** A visit. */
  public interface Visit extends AutoCloseable {
    /** Ends the visit. Closing again does nothing. */
    @Override
    void close();
  }

  /** Begins a visit. */
  public Visit enter() {
    Phaser mine;
    synchronized (this) {
      mine = inside;
      mine.register();
    }
    AtomicBoolean isOver = new AtomicBoolean();
    return () -> {
      if (isOver.compareAndSet(false, true)) {
        mine.arriveAndDeregister();
      }
    };
  }

  /** Runs something as a visit. */
  public void during(Runnable work) {
    Visit visit = enter();
    try {
      work.run();
    } finally {
      visit.close();
    }
  }

  /**
   * Waits until all visits have ended that are under way now. Visits that begin later do not count.
   *
   * @return whether all of them ended in time
   */
  public boolean awaitLeft(Duration timeout) {
    Phaser earlier;
    synchronized (this) {
      earlier = inside;
      inside = new Phaser(1);
    }
    int phase = earlier.arriveAndDeregister();
    try {
      return earlier.awaitAdvanceInterruptibly(phase, timeout.toMillis(), TimeUnit.MILLISECONDS)
          != phase;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
