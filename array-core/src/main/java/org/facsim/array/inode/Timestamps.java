/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.facsim.array.FileAttributes;

/**
 * The array's clock in nanoseconds since 1970 (until the year 2262).
 *
 * <p>A change time never repeats and never goes back for one file, whatever the clock does: it is
 * at least a nanosecond after the last one. NFSv3 clients notice a change only by the times, so two
 * writes within one tick of a coarse clock must not look alike.
 */
public final class Timestamps {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long ACCESS_TIME_MAX_AGE_NANOS = Duration.ofDays(1).toNanos();

  private final InstantSource clock;

  public Timestamps(InstantSource clock) {
    this.clock = clock;
  }

  public long nowNanos() {
    Instant now = clock.instant();
    return Math.addExact(Math.multiplyExact(now.getEpochSecond(), NANOS_PER_SECOND), now.getNano());
  }

  /** Returns the change time of a mutation that finds these attributes. */
  public long nextChangeTimeNanos(FileAttributes before) {
    return nextChangeTimeNanos(before, nowNanos());
  }

  /** The same for a mutation that has asked for the time. */
  public static long nextChangeTimeNanos(FileAttributes before, long nowNanos) {
    return Math.max(nowNanos, before.changeTimeNanos() + 1);
  }

  /**
   * Whether a read has to be noted, as with Linux's relatime: if the access time is not after the
   * last change, or is a day old.
   */
  public static boolean accessTimeIsDue(FileAttributes attributes, long nowNanos) {
    long accessed = attributes.accessTimeNanos();
    return nowNanos > accessed
        && (accessed <= attributes.modifyTimeNanos()
            || accessed <= attributes.changeTimeNanos()
            || nowNanos - accessed >= ACCESS_TIME_MAX_AGE_NANOS);
  }
}
