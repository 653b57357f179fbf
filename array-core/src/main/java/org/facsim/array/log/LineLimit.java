/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Keeps the log readable while one and the same thing goes wrong all the time: one line in ten
 * seconds, which says how many it stands for. Thread-safe.
 */
public final class LineLimit {
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final LongSupplier nanoTime;
  private final AtomicLong next;
  private final AtomicLong unsaid = new AtomicLong();

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  public LineLimit(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    next = new AtomicLong(nanoTime.getAsLong());
  }

  /**
   * Whether to write a line now.
   *
   * @return how many lines it stands for, itself included; 0 to write none
   */
  public long take() {
    long now = nanoTime.getAsLong();
    long due = next.get();
    long count = unsaid.incrementAndGet();
    if (now - due < 0 || !next.compareAndSet(due, now + PERIOD_NANOS)) {
      return 0;
    }
    unsaid.addAndGet(-count);
    return count;
  }
}
