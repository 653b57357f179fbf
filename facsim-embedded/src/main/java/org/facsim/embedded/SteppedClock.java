/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that moves only when it is read, by one millisecond each time, or when {@link #advance}
 * is called. An array that goes by it stamps the same times whenever the same calls come in the
 * same order, so two runs are equal byte for byte. Each change still has a later time than the one
 * before it, as clients expect that cache by times.
 *
 * <p>Thread-safe.
 */
public final class SteppedClock implements InstantSource {
  /** How far each reading moves the clock. */
  public static final Duration STEP = Duration.ofMillis(1);

  private static final long FIRST_SECOND = Instant.parse("2026-01-01T00:00:00Z").getEpochSecond();
  private static final int SECONDS_OF_YEAR = 365 * 24 * 60 * 60;

  private final AtomicLong millis;

  private SteppedClock(Instant start) {
    millis = new AtomicLong(start.toEpochMilli());
  }

  /**
   * Makes a clock.
   *
   * @param start what the first reading returns, in whole milliseconds
   */
  public static SteppedClock startingAt(Instant start) {
    return new SteppedClock(start);
  }

  /** Makes the clock that belongs to a seed: it begins at some second of the year 2026 (UTC). */
  public static SteppedClock ofSeed(long seed) {
    return new SteppedClock(
        Instant.ofEpochSecond(FIRST_SECOND + Math.floorMod(seed, SECONDS_OF_YEAR)));
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis.getAndAdd(STEP.toMillis()));
  }

  /**
   * Moves the clock.
   *
   * @param time not negative, in whole milliseconds
   * @throws IllegalArgumentException if it is negative, because times never go back
   */
  public void advance(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("a clock does not go back: " + time);
    }
    millis.addAndGet(time.toMillis());
  }
}
