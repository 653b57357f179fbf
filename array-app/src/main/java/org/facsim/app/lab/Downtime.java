/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How long virtual machines were off that ran at the start. Told after every command of a host, so
 * that no change of power between two moments is missed. Thread-safe.
 */
final class Downtime {
  private final Map<String, Duration> before = new HashMap<>();
  private final Map<String, Instant> offSince = new HashMap<>();
  private Set<String> watched = Set.of();

  /** Begins to count anew, with the VMs that run now. */
  synchronized void restart(Set<String> running) {
    watched = Set.copyOf(running);
    before.clear();
    offSince.clear();
  }

  /**
   * Notes which VMs run.
   *
   * @param running all VMs that run now, wherever
   */
  synchronized void note(Set<String> running, Instant now) {
    for (String vm : watched) {
      if (!running.contains(vm)) {
        offSince.putIfAbsent(vm, now);
      } else if (offSince.containsKey(vm)) {
        before.merge(vm, Duration.between(offSince.remove(vm), now), Duration::plus);
      }
    }
  }

  /** How long each was off, until now; VMs that were never off are not in it. */
  synchronized Map<String, Duration> byVm(Instant now) {
    Map<String, Duration> all = new HashMap<>(before);
    offSince.forEach((vm, since) -> all.merge(vm, Duration.between(since, now), Duration::plus));
    return all;
  }
}
