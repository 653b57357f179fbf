/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.function.LongSupplier;
import org.facsim.protocol.nlm.NlmStatus;

/**
 * The time after a restart in which only locks held before may be taken, and only by hosts that had
 * some, so that no host gets a lock that another host held. It has not begun until {@link #begin}
 * is called. Thread-safe.
 */
final class GracePeriod {
  private final LongSupplier nanoClock;
  private final long lengthNanos;
  private volatile boolean running;
  private volatile long startNanos;
  private volatile Set<NlmHost> reclaimers = Set.of();

  GracePeriod(Duration length, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.lengthNanos = length.toNanos();
  }

  /**
   * Begins the grace period.
   *
   * @param hosts the hosts that had locks before the restart
   */
  void begin(Collection<NlmHost> hosts) {
    reclaimers = Set.copyOf(hosts);
    startNanos = nanoClock.getAsLong();
    running = true;
  }

  /**
   * The reason why a host gets no lock now: only locks held before the restart may be taken, or
   * nothing may be reclaimed, in general or by this host.
   *
   * @param reclaim whether the host says that it had the lock before
   * @return null if there is no such reason
   */
  NlmStatus refusal(NlmHost host, boolean reclaim) {
    if (isRunning() != reclaim) {
      return NlmStatus.DENIED_GRACE_PERIOD;
    }
    return reclaim && !reclaimers.contains(host) ? NlmStatus.DENIED : null;
  }

  boolean isRunning() {
    if (running && nanoClock.getAsLong() - startNanos >= lengthNanos) {
      running = false;
    }
    return running;
  }
}
