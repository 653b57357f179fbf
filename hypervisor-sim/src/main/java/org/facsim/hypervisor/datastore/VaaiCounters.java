/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** The VAAI-NAS counters of one datastore of one host, from its mount on. Thread-safe. */
public final class VaaiCounters {
  /** Complete from the start, so that it is only read. */
  private final Map<VaaiCounter, LongAdder> counts = new EnumMap<>(VaaiCounter.class);

  VaaiCounters() {
    for (VaaiCounter each : VaaiCounter.values()) {
      counts.put(each, new LongAdder());
    }
  }

  /** Counts one. */
  void count(VaaiCounter counter) {
    counts.get(counter).increment();
  }

  public long get(VaaiCounter counter) {
    return counts.get(counter).sum();
  }

  /** All of them, in the order in which a host prints them. */
  public Map<VaaiCounter, Long> all() {
    Map<VaaiCounter, Long> all = new EnumMap<>(VaaiCounter.class);
    for (VaaiCounter each : VaaiCounter.values()) {
      all.put(each, get(each));
    }
    return all;
  }
}
