/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.facsim.hypervisor.time.HostTime;

/** The I/O of one host on one datastore, in all and by file. Thread-safe. */
final class IoTallies {
  private final HostTime time;
  private final IoTally total = new IoTally();

  // Keeps one small entry for each path that was ever opened, as long as the mount exists: tasks
  // compare figures before and after, even of files that were deleted in between.
  private final ConcurrentMap<String, IoTally> byPath = new ConcurrentHashMap<>();

  IoTallies(HostTime time) {
    this.time = time;
  }

  IoTally total() {
    return total;
  }

  IoTally of(String path) {
    return byPath.computeIfAbsent(path, key -> new IoTally());
  }

  /** Zero if there were no READs and WRITEs. */
  IoCounters counters(String path) {
    IoTally one = byPath.get(path);
    return one == null ? IoCounters.ZERO : one.snapshot();
  }

  IoSnapshot snapshot() {
    SortedMap<String, IoSample> byVm = new TreeMap<>();
    byPath.forEach(
        (path, each) -> {
          String directory = Datastore.parentOf(path);
          if (!directory.isEmpty()) {
            byVm.merge(directory, each.sample(), IoSample::plus);
          }
        });
    return new IoSnapshot(time.now(), total.sample(), byVm);
  }
}
