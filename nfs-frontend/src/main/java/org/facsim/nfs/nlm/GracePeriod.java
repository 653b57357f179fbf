/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.function.LongSupplier;
import org.facsim.protocol.nlm.NlmStatus;

/**
 * The time after a restart in which only locks of before are taken, so that nobody gets what was
 * somebody else's; and only from hosts that had some. Over from the start, until {@link #begin}.
 * Thread-safe.
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
   * Begins.
   *
   * @param hosts that had locks before
   */
  void begin(Collection<NlmHost> hosts) {
    reclaimers = Set.copyOf(hosts);
    startNanos = nanoClock.getAsLong();
    running = true;
  }

  /**
   * Why a host gets no lock now: because only those of before are taken, or because nothing is to
   * be reclaimed, in general or by this host.
   *
   * @param reclaim whether the host says that it had the lock before
   * @return null for no reason
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
