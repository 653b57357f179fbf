/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The I/O of one host on one datastore since it was mounted, for a view such as {@code esxtop}: two
 * snapshots make an interval.
 *
 * @param at by the host's time
 * @param total of all files
 * @param byVm of the files in a directory of the datastore, by its name, which is that of the VM
 */
public record IoSnapshot(Instant at, IoSample total, SortedMap<String, IoSample> byVm) {
  public IoSnapshot {
    byVm = Collections.unmodifiableSortedMap(new TreeMap<>(byVm));
  }

  /** What happened since {@code earlier}, an earlier snapshot of the same datastore. */
  public Interval since(IoSnapshot earlier) {
    TreeMap<String, IoSample> changes = new TreeMap<>();
    for (Map.Entry<String, IoSample> each : byVm.entrySet()) {
      IoSample before = earlier.byVm.getOrDefault(each.getKey(), IoSample.ZERO);
      changes.put(each.getKey(), each.getValue().since(before));
    }
    return new Interval(Duration.between(earlier.at, at), total.since(earlier.total), changes);
  }

  /**
   * The I/O between two snapshots.
   *
   * @param length by the host's time
   * @param total of all files
   * @param byVm also of VMs that did nothing
   */
  public record Interval(Duration length, IoSample total, SortedMap<String, IoSample> byVm) {
    public Interval {
      byVm = Collections.unmodifiableSortedMap(new TreeMap<>(byVm));
    }

    /** How many of something there were per second; zero for an interval without length. */
    public double perSecond(long count) {
      return length.isZero() ? 0 : count * 1e9 / length.toNanos();
    }
  }
}
