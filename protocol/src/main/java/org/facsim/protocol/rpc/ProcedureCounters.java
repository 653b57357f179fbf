/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The counters of one procedure for one client on one event loop. The loop alone writes, so an
 * addition needs no atomic instruction; opaque access lets readers on other threads see whole
 * values, soon.
 *
 * <p>Reading the clock twice costs more than everything else here. So the first {@link
 * #TIMED_AT_FIRST} calls are all timed, and later one in {@link #STRIDE} on average, at random
 * distances, so that a client's rhythm does not decide which.
 */
final class ProcedureCounters {
  /** What {@link #begin} returns for a call that is not timed. */
  static final long NOT_TIMED = Long.MIN_VALUE;

  static final int TIMED_AT_FIRST = 128;
  static final int STRIDE = 8;

  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int MAX_STATUSES = 24;

  private static final int CALLS = 0;
  private static final int REFUSED = 1;
  private static final int LOST = 2;
  private static final int CALL_BYTES = 3;
  private static final int REPLY_BYTES = 4;
  private static final int SUM_NANOS = 5;
  private static final int MAX_NANOS = 6;
  private static final int FIRST_BUCKET = 7;

  private final long[] counts = new long[FIRST_BUCKET + LatencyHistogram.BUCKETS];
  private final boolean answersWithStatus;
  private final LongSupplier nanoClock;

  /**
   * Status words in the order of their first appearance; the array is replaced when one is added.
   */
  private volatile int[] statuses = {};

  private final long[] statusCounts = new long[MAX_STATUSES + 1];

  private int timedAtFirst;
  private int callsUntilTimed = 1;
  private int random = 0x9e3779b9;

  ProcedureCounters(boolean answersWithStatus, LongSupplier nanoClock) {
    this.answersWithStatus = answersWithStatus;
    this.nanoClock = nanoClock;
  }

  /** Counts a call; returns the time when it began, or {@link #NOT_TIMED}. */
  long begin(int callBytes) {
    add(CALLS, 1);
    add(CALL_BYTES, callBytes);
    if (--callsUntilTimed > 0) {
      return NOT_TIMED;
    }
    callsUntilTimed = distance();
    return nanoClock.getAsLong();
  }

  /** The time when a call began whose answer is put off: now, if it is not timed so far. */
  long putOff(long beginNanos) {
    return beginNanos == NOT_TIMED ? nanoClock.getAsLong() : beginNanos;
  }

  private int distance() {
    if (timedAtFirst < TIMED_AT_FIRST) {
      timedAtFirst++;
      return 1;
    }
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    return 1 + (random & 2 * STRIDE - 1);
  }

  /**
   * Counts the end of a call.
   *
   * @param outcome {@link ServerCall#REFUSED}, {@link ServerCall#LOST}, or otherwise the first word
   *     of the results in its low half
   */
  void end(long beginNanos, int replyBytes, long outcome) {
    add(REPLY_BYTES, replyBytes);
    if (outcome != 0) {
      failed(outcome);
    }
    if (beginNanos != NOT_TIMED) {
      time(nanoClock.getAsLong() - beginNanos);
    }
  }

  /** Counts a part of a call, whose bytes and time are the call's. */
  void part(int status) {
    add(CALLS, 1);
    if (status != 0) {
      addTo(statusCounts, indexOf(status), 1);
    }
  }

  private void failed(long outcome) {
    if (outcome == ServerCall.REFUSED) {
      add(REFUSED, 1);
    } else if (outcome == ServerCall.LOST) {
      add(LOST, 1);
    } else if (answersWithStatus) {
      addTo(statusCounts, indexOf((int) outcome), 1);
    }
  }

  private int indexOf(int status) {
    int[] known = statuses;
    for (int i = 0; i < known.length; i++) {
      if (known[i] == status) {
        return i;
      }
    }
    if (known.length == MAX_STATUSES) {
      return MAX_STATUSES;
    }
    int[] more = Arrays.copyOf(known, known.length + 1);
    more[known.length] = status;
    statuses = more;
    return known.length;
  }

  private void time(long nanos) {
    add(SUM_NANOS, Math.max(0, nanos));
    if (nanos > counts[MAX_NANOS]) {
      LONGS.setOpaque(counts, MAX_NANOS, nanos);
    }
    add(FIRST_BUCKET + LatencyHistogram.bucket(nanos), 1);
  }

  private void add(int index, long amount) {
    addTo(counts, index, amount);
  }

  private static void addTo(long[] counters, int index, long amount) {
    LONGS.setOpaque(counters, index, counters[index] + amount);
  }

  private long get(int index) {
    return (long) LONGS.getOpaque(counts, index);
  }

  /** Reads the counters, on any thread. A call that is under way may be counted in part. */
  CallCounts read(String client, int program, int version, int procedure) {
    long[] buckets = new long[LatencyHistogram.BUCKETS];
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = get(FIRST_BUCKET + i);
    }
    return new CallCounts(
        client,
        program,
        version,
        procedure,
        get(CALLS),
        errors(),
        get(REFUSED),
        get(LOST),
        get(CALL_BYTES),
        get(REPLY_BYTES),
        new LatencyHistogram(buckets, get(SUM_NANOS), get(MAX_NANOS)));
  }

  private Map<Integer, Long> errors() {
    Map<Integer, Long> errors = new HashMap<>();
    int[] known = statuses;
    for (int i = 0; i < known.length; i++) {
      errors.put(known[i], (long) LONGS.getOpaque(statusCounts, i));
    }
    long others = (long) LONGS.getOpaque(statusCounts, MAX_STATUSES);
    if (others > 0) {
      errors.merge(CallStatistics.OTHER_STATUS, others, Long::sum);
    }
    return errors;
  }
}
