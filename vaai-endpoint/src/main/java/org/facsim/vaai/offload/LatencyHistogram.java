/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.offload;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Latencies in buckets that grow with the value, four to a doubling: a quantile read from it is at
 * most a quarter too high. From 1 us to an hour; fixed memory, about 1 KiB. Thread-safe.
 */
final class LatencyHistogram {
  private static final int SUB_BUCKET_BITS = 2;
  private static final int SUB_BUCKETS = 1 << SUB_BUCKET_BITS;
  private static final int MAX_BITS = 32; // 2^32 us is more than an hour
  private static final long MAX_MICROS = (1L << MAX_BITS) - 1;
  private static final int BUCKETS = bucketOf(MAX_MICROS) + 1;

  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);
  private final AtomicLong maxNanos = new AtomicLong();

  /**
   * What was measured.
   *
   * @param count how many
   * @param p50Nanos half were at most so long; 0 if there were none
   * @param p99Nanos 99 of 100 were at most so long
   * @param maxNanos the longest
   */
  record Reading(long count, long p50Nanos, long p99Nanos, long maxNanos) {}

  void record(long nanos) {
    counts.incrementAndGet(bucketOf(Math.min(MAX_MICROS, Math.max(0, nanos) / 1000)));
    maxNanos.accumulateAndGet(nanos, Math::max);
  }

  Reading read() {
    long[] seen = new long[BUCKETS];
    long total = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen[i] = counts.get(i);
      total += seen[i];
    }
    long max = maxNanos.get();
    return new Reading(total, quantile(seen, total, 50, max), quantile(seen, total, 99, max), max);
  }

  private static long quantile(long[] seen, long total, int percent, long max) {
    long rank = (total * percent + 99) / 100;
    long below = 0;
    for (int i = 0; i < seen.length && rank > 0; i++) {
      below += seen[i];
      if (below >= rank) {
        return Math.min(max, highestMicrosOf(i) * 1000);
      }
    }
    return 0;
  }

  /** Values below {@link #SUB_BUCKETS} have a bucket each, then four share each doubling. */
  private static int bucketOf(long micros) {
    if (micros < SUB_BUCKETS) {
      return (int) micros;
    }
    int shift = 63 - Long.numberOfLeadingZeros(micros) - SUB_BUCKET_BITS;
    return (shift << SUB_BUCKET_BITS) + (int) (micros >>> shift);
  }

  /** The end of a bucket's range: what its highest value is below. */
  private static long highestMicrosOf(int bucket) {
    if (bucket < SUB_BUCKETS) {
      return bucket + 1L;
    }
    int shift = (bucket >>> SUB_BUCKET_BITS) - 1;
    long first = (long) (SUB_BUCKETS + (bucket & SUB_BUCKETS - 1)) << shift;
    return first + (1L << shift);
  }
}
