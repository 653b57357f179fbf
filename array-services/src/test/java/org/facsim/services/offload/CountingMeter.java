/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Keeps every duration. */
public final class CountingMeter implements LatencyMeter {
  private final List<Long> durations = new ArrayList<>();

  @Override
  public synchronized void record(long nanos) {
    durations.add(nanos);
  }

  @Override
  public synchronized OffloadStatistics.Latency read() {
    if (durations.isEmpty()) {
      return new OffloadStatistics.Latency(0, 0, 0, 0);
    }
    List<Long> sorted = new ArrayList<>(durations);
    Collections.sort(sorted);
    long longest = sorted.get(sorted.size() - 1);
    return new OffloadStatistics.Latency(
        sorted.size(), sorted.get((sorted.size() - 1) / 2), longest, longest);
  }
}
