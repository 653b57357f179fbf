/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/**
 * How long calls took, in log-linear buckets: eight per power of two, so a value read from here is
 * at most an eighth too large. The buckets reach from 32 ns to 73 min, because an array may copy
 * for a long time; of longer durations only the maximum is known. Immutable.
 */
public final class LatencyHistogram {
  static final int BUCKETS = 280;

  private static final int UNIT_BITS = 5;
  private static final int SUB_BITS = 3;
  private static final int SUB_BUCKETS = 1 << SUB_BITS;
  private static final long MAX_UNITS = (1L << 37) - 1;

  private final long[] counts;
  private final long count;
  private final long sumNanos;
  private final long maxNanos;

  /**
   * @param counts calls in each of the {@value #BUCKETS} buckets; the histogram takes over the
   *     array
   */
  LatencyHistogram(long[] counts, long sumNanos, long maxNanos) {
    this.counts = counts;
    this.sumNanos = sumNanos;
    this.maxNanos = maxNanos;
    long sum = 0;
    for (long each : counts) {
      sum += each;
    }
    this.count = sum;
  }

  /** The bucket of a duration; a negative one counts as 0. */
  static int bucket(long nanos) {
    long units = Math.min(Math.max(0, nanos) >>> UNIT_BITS, MAX_UNITS);
    if (units < SUB_BUCKETS) {
      return (int) units;
    }
    int exponent = 63 - Long.numberOfLeadingZeros(units);
    int within = (int) (units >>> (exponent - SUB_BITS)) & SUB_BUCKETS - 1;
    return (exponent - SUB_BITS + 1) * SUB_BUCKETS + within;
  }

  /** The longest duration that belongs to a bucket, in nanoseconds. */
  static long upperBoundNanos(int bucket) {
    long nextUnits;
    if (bucket < SUB_BUCKETS) {
      nextUnits = bucket + 1L;
    } else {
      int exponent = bucket / SUB_BUCKETS + SUB_BITS - 1;
      nextUnits = (long) (SUB_BUCKETS + bucket % SUB_BUCKETS + 1) << (exponent - SUB_BITS);
    }
    return (nextUnits << UNIT_BITS) - 1;
  }

  /** How many calls were timed. */
  public long count() {
    return count;
  }

  /** The sum of their durations. */
  public long sumNanos() {
    return sumNanos;
  }

  /** The longest of them, exactly. */
  public long maxNanos() {
    return maxNanos;
  }

  /**
   * The duration that the given share of the calls did not exceed; 0 if no call was timed.
   *
   * @param share above 0, at most 1: 0.5 for the median, 0.99 for p99
   */
  public long quantileNanos(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share " + share + ", above 0, at most 1");
    }
    long wanted = (long) Math.ceil(share * count);
    long seen = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      seen += counts[bucket];
      if (seen >= wanted && seen > 0) {
        return bucket == BUCKETS - 1 ? maxNanos : Math.min(upperBoundNanos(bucket), maxNanos);
      }
    }
    return maxNanos;
  }

  /**
   * How many calls took at most this long; calls in buckets that reach beyond it are not counted.
   */
  public long countAtMost(long nanos) {
    long sum = 0;
    for (int bucket = 0; bucket < BUCKETS && upperBoundNanos(bucket) <= nanos; bucket++) {
      sum += counts[bucket];
    }
    return sum;
  }

  /** The sum of both histograms. */
  LatencyHistogram plus(LatencyHistogram other) {
    long[] sum = counts.clone();
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      sum[bucket] += other.counts[bucket];
    }
    return new LatencyHistogram(sum, sumNanos + other.sumNanos, Math.max(maxNanos, other.maxNanos));
  }
}
