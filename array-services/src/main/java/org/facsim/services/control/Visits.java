/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.time.Duration;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Who is inside the array from a door that stays while the array goes away: before the array is
 * closed, everybody who came in before must be out. Thread-safe.
 */
public final class Visits {
  private Phaser inside = new Phaser(1);

  /** A visit; closing it ends it. */
  public interface Visit extends AutoCloseable {
    @Override
    void close();
  }

  /** Somebody comes in. */
  public Visit enter() {
    Phaser mine;
    synchronized (this) {
      mine = inside;
      mine.register();
    }
    return mine::arriveAndDeregister;
  }

  /**
   * Waits until everybody is out who is inside now; those who come later do not count.
   *
   * @return whether all of them left in time
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
