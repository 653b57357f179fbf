/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** Tells the time of day of a monotonic time, by what both clocks showed at the beginning. */
final class WallClock {
  private final long offsetNanos;

  WallClock(InstantSource clock, LongSupplier nanoClock) {
    Instant now = clock.instant();
    offsetNanos = now.getEpochSecond() * 1_000_000_000L + now.getNano() - nanoClock.getAsLong();
  }

  long nanosSince1970(long monotonicNanos) {
    return monotonicNanos + offsetNanos;
  }

  long monotonicNanos(Instant time) {
    return time.getEpochSecond() * 1_000_000_000L + time.getNano() - offsetNanos;
  }
}
