/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** A host's VAAI-NAS counters of one datastore since it was mounted. Thread-safe. */
public final class VaaiCounters {
  private final Map<VaaiCounter, LongAdder> adders;

  VaaiCounters() {
    EnumMap<VaaiCounter, LongAdder> zero = new EnumMap<>(VaaiCounter.class);
    for (VaaiCounter counter : VaaiCounter.values()) {
      zero.put(counter, new LongAdder());
    }
    adders = Collections.unmodifiableMap(zero);
  }

  void count(VaaiCounter counter) {
    adders.get(counter).increment();
  }

  void count(VaaiCounter counter, long times) {
    adders.get(counter).add(times);
  }

  public long of(VaaiCounter counter) {
    return adders.get(counter).sum();
  }

  /** All of them, in the order in which a host prints them. */
  public Map<VaaiCounter, Long> read() {
    EnumMap<VaaiCounter, Long> now = new EnumMap<>(VaaiCounter.class);
    adders.forEach((counter, adder) -> now.put(counter, adder.sum()));
    return now;
  }
}
