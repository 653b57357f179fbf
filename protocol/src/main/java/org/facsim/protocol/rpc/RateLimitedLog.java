/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Logs warnings that a hostile peer can cause, at most {@value #BURST} per second. The next warning
 * says how many were left out.
 */
final class RateLimitedLog {
  static final int BURST = 10;

  private static final long WINDOW_NANOS = 1_000_000_000L;

  private final Logger log;
  private final LongSupplier nanoClock;
  private final AtomicLong leftOut = new AtomicLong();
  private long windowStartNanos;
  private int inWindow;

  RateLimitedLog(Logger log, LongSupplier nanoClock) {
    this.log = log;
    this.nanoClock = nanoClock;
    this.windowStartNanos = nanoClock.getAsLong();
  }

  void warn(String message, Throwable cause) {
    if (!admit()) {
      leftOut.incrementAndGet();
      return;
    }
    long silent = leftOut.getAndSet(0);
    String line = silent == 0 ? message : message + " (and " + silent + " more left out)";
    log.warn(line, cause);
  }

  private synchronized boolean admit() {
    long now = nanoClock.getAsLong();
    if (now - windowStartNanos >= WINDOW_NANOS) {
      windowStartNanos = now;
      inWindow = 0;
    }
    return inWindow++ < BURST;
  }
}
