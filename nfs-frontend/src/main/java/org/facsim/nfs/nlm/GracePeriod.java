/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The time after a restart in which only locks of before are taken, so that nobody gets what was
 * somebody else's. Over from the start, until {@link #begin}. Thread-safe.
 */
final class GracePeriod {
  private final LongSupplier nanoClock;
  private final long lengthNanos;
  private volatile boolean running;
  private volatile long startNanos;

  GracePeriod(Duration length, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.lengthNanos = length.toNanos();
  }

  void begin() {
    startNanos = nanoClock.getAsLong();
    running = true;
  }

  boolean isRunning() {
    if (running && nanoClock.getAsLong() - startNanos >= lengthNanos) {
      running = false;
    }
    return running;
  }
}
