/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/**
 * A line of bounded speed. Bytes queue for it, one after the other, and whoever sends bytes learns
 * how long it takes until the last of them is through. Thread-safe.
 */
public final class Bandwidth implements LongUnaryOperator {
  /** Slower than this, one record of the largest size would take longer than {@link Times#MAX}. */
  public static final long MIN_BYTES_PER_SECOND = 1024;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final long bytesPerSecond;
  private final LongSupplier nanoClock;
  private final Object owner;

  /** When the line is free. */
  private final AtomicLong freeNanos;

  /**
   * @param bytesPerSecond {@link #MIN_BYTES_PER_SECOND} or more
   */
  public Bandwidth(long bytesPerSecond) {
    this(bytesPerSecond, System::nanoTime);
  }

  /**
   * @param nanoClock as {@link System#nanoTime}
   */
  public Bandwidth(long bytesPerSecond, LongSupplier nanoClock) {
    this(bytesPerSecond, nanoClock, null);
  }

  private Bandwidth(long bytesPerSecond, LongSupplier nanoClock, Object owner) {
    this.bytesPerSecond = checked(bytesPerSecond);
    this.nanoClock = Objects.requireNonNull(nanoClock);
    this.owner = owner;
    this.freeNanos = new AtomicLong(nanoClock.getAsLong());
  }

  static long checked(long bytesPerSecond) {
    if (bytesPerSecond < MIN_BYTES_PER_SECOND) {
      throw new IllegalArgumentException(
          "a bandwidth of "
              + bytesPerSecond
              + " bytes per second; at least "
              + MIN_BYTES_PER_SECOND);
    }
    return bytesPerSecond;
  }

  static Bandwidth ofVerdict(ArrivalVerdict owner, long bytesPerSecond) {
    return new Bandwidth(bytesPerSecond, System::nanoTime, owner);
  }

  @SuppressWarnings("ReferenceEquality") // identity is meant
  boolean isOf(ArrivalVerdict verdict) {
    return owner == verdict;
  }

  public long bytesPerSecond() {
    return bytesPerSecond;
  }

  /**
   * Sends bytes.
   *
   * @param bytes 0 or more
   * @return how long it takes from now, in nanoseconds, until the last of them is through
   */
  @Override
  public long applyAsLong(long bytes) {
    long takesNanos = (long) ((double) bytes * NANOS_PER_SECOND / bytesPerSecond);
    long nowNanos = nanoClock.getAsLong();
    while (true) {
      long free = freeNanos.get();
      long startNanos = free - nowNanos > 0 ? free : nowNanos;
      long endNanos = startNanos + takesNanos;
      if (freeNanos.compareAndSet(free, endNanos)) {
        return endNanos - nowNanos;
      }
    }
  }
}
