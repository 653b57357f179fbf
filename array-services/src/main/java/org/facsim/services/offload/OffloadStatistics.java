/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * What every client did to every volume by offloads. Retransmissions and dry runs are not counted.
 * Counting costs a few uncontended additions for each offload, and nothing for reads and writes of
 * files.
 *
 * <p>It is not a link of the call chain ({@link org.facsim.services.calls.Calls}), because it is
 * always on, and counts outcomes of the offload (bytes shared and copied, jobs) that no answer
 * contains.
 */
public final class OffloadStatistics {
  /**
   * The number of pairs of volume and client that are told apart; further clients are counted as
   * one.
   */
  static final int MAX_PAIRS = 1024;

  /** The client that stands for all clients beyond {@link #MAX_PAIRS}. */
  static final String OTHERS = "others";

  private final Map<Pair, Counters> countersByPair = new ConcurrentHashMap<>();

  private final Supplier<LatencyMeter> meters;

  OffloadStatistics(Supplier<LatencyMeter> meters) {
    this.meters = meters;
  }

  /** The kinds of calls whose latency is measured, from a call's arrival to the end of its work. */
  public enum Timed {
    FULL_CLONE("fullClone"),
    FAST_CLONE("fastClone"),
    NFS_CLONE("nfsClone"),
    EXT_STATS("extStats"),
    RESERVE_SPACE("reserveSpace"),
    UNMAP("unmap");

    private final String label;

    Timed(String label) {
      this.label = label;
    }

    /** The name for people, JSON and metrics. */
    public String label() {
      return label;
    }
  }

  /**
   * The latencies of the calls that succeeded.
   *
   * @param count how many
   * @param p50Nanos the median, at most an eighth above the true value; 0 if there were no calls
   * @param p99Nanos the 99th percentile, at most an eighth above the true value
   * @param maxNanos the longest
   */
  public record Latency(long count, long p50Nanos, long p99Nanos, long maxNanos) {}

  /**
   * One client's counters on one volume.
   *
   * @param volume the volume's name
   * @param client the host's address
   * @param values all counters; 0 for those that nothing was added to
   * @param latencies the latencies of every kind of call that is timed
   */
  public record Reading(
      String volume,
      String client,
      Map<OffloadCounter, Long> values,
      Map<Timed, Latency> latencies) {
    public Reading {
      values = Map.copyOf(values);
      latencies = Map.copyOf(latencies);
    }

    public long value(OffloadCounter counter) {
      return values.get(counter);
    }

    public Latency latency(Timed timed) {
      return latencies.get(timed);
    }
  }

  /** All counters now, by volume and client. */
  public List<Reading> read() {
    return countersByPair.entrySet().stream()
        .map(
            e ->
                new Reading(
                    e.getKey().volume,
                    e.getKey().client,
                    e.getValue().values(),
                    e.getValue().latencies()))
        .sorted(Comparator.comparing(Reading::volume).thenComparing(Reading::client))
        .toList();
  }

  /** The sum of one counter over all clients of a volume. */
  public long total(String volume, OffloadCounter counter) {
    return countersByPair.entrySet().stream()
        .filter(e -> e.getKey().volume.equals(volume))
        .mapToLong(e -> e.getValue().adders.get(counter).sum())
        .sum();
  }

  /** Forgets all counters. What is under way now may be counted before or after that. */
  public void reset() {
    countersByPair.clear();
  }

  Counters of(String volume, String client) {
    Pair pair = new Pair(volume, client);
    Counters known = countersByPair.get(pair);
    if (known != null) {
      return known;
    }
    boolean room = countersByPair.size() < MAX_PAIRS;
    return countersByPair.computeIfAbsent(
        room ? pair : new Pair(volume, OTHERS), key -> new Counters(meters));
  }

  private record Pair(String volume, String client) {}

  /** The counters of one pair. */
  static final class Counters {
    private final EnumMap<OffloadCounter, LongAdder> adders = new EnumMap<>(OffloadCounter.class);
    private final EnumMap<Timed, LatencyMeter> latencies = new EnumMap<>(Timed.class);

    private Counters(Supplier<LatencyMeter> meters) {
      for (OffloadCounter counter : OffloadCounter.values()) {
        adders.put(counter, new LongAdder());
      }
      for (Timed timed : Timed.values()) {
        latencies.put(timed, meters.get());
      }
    }

    void count(OffloadCounter counter) {
      add(counter, 1);
    }

    void add(OffloadCounter counter, long amount) {
      adders.get(counter).add(amount);
    }

    void took(Timed timed, long nanos) {
      latencies.get(timed).record(nanos);
    }

    private Map<OffloadCounter, Long> values() {
      Map<OffloadCounter, Long> values = new EnumMap<>(OffloadCounter.class);
      adders.forEach((counter, adder) -> values.put(counter, adder.sum()));
      return values;
    }

    private Map<Timed, Latency> latencies() {
      Map<Timed, Latency> now = new EnumMap<>(Timed.class);
      latencies.forEach((timed, meter) -> now.put(timed, meter.read()));
      return now;
    }
  }
}
