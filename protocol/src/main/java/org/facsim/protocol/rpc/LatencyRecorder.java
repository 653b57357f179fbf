/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/**
 * Collects how long something took, from any thread, for a {@link LatencyHistogram}; 2 KiB. What is
 * counted on one event loop only has {@link ProcedureCounters} instead, which need no atomics.
 */
public final class LatencyRecorder {
  private final AtomicLongArray counts = new AtomicLongArray(LatencyHistogram.BUCKETS);
  private final LongAdder sumNanos = new LongAdder();
  private final LongAccumulator maxNanos = new LongAccumulator(Math::max, 0);

  /**
   * Adds one duration.
   *
   * @param nanos a negative one counts as none: clocks differ between cores
   */
  public void record(long nanos) {
    counts.incrementAndGet(LatencyHistogram.bucket(nanos));
    sumNanos.add(Math.max(0, nanos));
    maxNanos.accumulate(nanos);
  }

  /** Everything so far; what is recorded meanwhile may be in it in part. */
  public LatencyHistogram read() {
    long[] seen = new long[LatencyHistogram.BUCKETS];
    for (int i = 0; i < seen.length; i++) {
      seen[i] = counts.get(i);
    }
    return new LatencyHistogram(seen, sumNanos.sum(), maxNanos.get());
  }
}
