/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Says when to try again what failed: 100 ms after the first failure in a row, then twice as long
 * after each further one, but at most 5 s. The monitor of its user guards it.
 */
final class Backoff {
  private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final LongSupplier nanoTime;

  /** 0 if the last attempt succeeded. */
  private long pauseNanos;

  private long dueNanos;

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  Backoff(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  boolean isDue() {
    return pauseNanos == 0 || nanoTime.getAsLong() - dueNanos >= 0;
  }

  void succeeded() {
    pauseNanos = 0;
  }

  void failed() {
    pauseNanos = Math.min(MAX_NANOS, Math.max(FIRST_NANOS, 2 * pauseNanos));
    dueNanos = nanoTime.getAsLong() + pauseNanos;
  }
}
