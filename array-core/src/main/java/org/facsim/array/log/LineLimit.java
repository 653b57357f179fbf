/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Keeps the program's log readable while the same thing goes wrong again and again: one line in ten
 * seconds, which says for how many it stands. Thread-safe.
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
   * @return for how many lines it stands, including itself; 0 if none is to be written
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
