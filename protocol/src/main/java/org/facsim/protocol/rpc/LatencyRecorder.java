/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/**
 * Collects durations from any thread for a {@link LatencyHistogram}; takes 2 KiB. What is counted
 * on one event loop only uses {@link ProcedureCounters} instead, which need no atomics.
 */
public final class LatencyRecorder {
  private final AtomicLongArray counts = new AtomicLongArray(LatencyHistogram.BUCKETS);
  private final LongAdder sumNanos = new LongAdder();
  private final LongAccumulator maxNanos = new LongAccumulator(Math::max, 0);

  /**
   * Adds one duration.
   *
   * @param nanos the duration; a negative one counts as 0, because clocks differ between cores
   */
  public void record(long nanos) {
    counts.incrementAndGet(LatencyHistogram.bucket(nanos));
    sumNanos.add(Math.max(0, nanos));
    maxNanos.accumulate(nanos);
  }

  /** The histogram so far. It may contain a part of what is recorded at the same time. */
  public LatencyHistogram read() {
    long[] seen = new long[LatencyHistogram.BUCKETS];
    for (int i = 0; i < seen.length; i++) {
      seen[i] = counts.get(i);
    }
    return new LatencyHistogram(seen, sumNanos.sum(), maxNanos.get());
  }
}
