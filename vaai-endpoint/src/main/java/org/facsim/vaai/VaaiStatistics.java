/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What every client did to every volume through this door. Retransmissions and dry runs are not
 * counted. Counting costs one uncontended add.
 */
public final class VaaiStatistics {
  /** Pairs of volume and client that are told apart; what comes later is summed as one client. */
  static final int MAX_PAIRS = 4096;

  /** The client that stands for all beyond {@link #MAX_PAIRS}. */
  static final String OTHERS = "others";

  private final Map<Pair, Counters> countersByPair = new ConcurrentHashMap<>();

  VaaiStatistics() {}

  /**
   * One client's counters on one volume.
   *
   * @param volume the volume's name
   * @param client the host's address
   * @param values every counter; those never touched are 0
   */
  public record Reading(String volume, String client, Map<VaaiCounter, Long> values) {
    public Reading {
      values = Map.copyOf(values);
    }

    public long value(VaaiCounter counter) {
      return values.get(counter);
    }
  }

  /** All counters now, by volume and client. */
  public List<Reading> read() {
    return countersByPair.entrySet().stream()
        .map(e -> new Reading(e.getKey().volume, e.getKey().client, e.getValue().values()))
        .sorted(Comparator.comparing(Reading::volume).thenComparing(Reading::client))
        .toList();
  }

  /** The sum of one counter over all clients of a volume. */
  public long total(String volume, VaaiCounter counter) {
    return countersByPair.entrySet().stream()
        .filter(e -> e.getKey().volume.equals(volume))
        .mapToLong(e -> e.getValue().adders.get(counter).sum())
        .sum();
  }

  Counters of(String volume, String client) {
    Pair pair = new Pair(volume, client);
    Counters known = countersByPair.get(pair);
    if (known != null) {
      return known;
    }
    boolean room = countersByPair.size() < MAX_PAIRS;
    return countersByPair.computeIfAbsent(
        room ? pair : new Pair(volume, OTHERS), key -> new Counters());
  }

  private record Pair(String volume, String client) {}

  /** The counters of one pair. */
  static final class Counters {
    private final EnumMap<VaaiCounter, LongAdder> adders = new EnumMap<>(VaaiCounter.class);

    private Counters() {
      for (VaaiCounter counter : VaaiCounter.values()) {
        adders.put(counter, new LongAdder());
      }
    }

    void count(VaaiCounter counter) {
      add(counter, 1);
    }

    void add(VaaiCounter counter, long amount) {
      adders.get(counter).add(amount);
    }

    private Map<VaaiCounter, Long> values() {
      Map<VaaiCounter, Long> values = new EnumMap<>(VaaiCounter.class);
      adders.forEach((counter, adder) -> values.put(counter, adder.sum()));
      return values;
    }
  }
}
