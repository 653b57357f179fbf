/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import java.util.Collection;
import java.util.List;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.services.state.Grace;

/** The grace period of the array, in terms of NLM. Thread-safe. */
final class GracePeriod {
  private final Grace grace;

  GracePeriod(Grace grace) {
    this.grace = grace;
  }

  /** The one that all doors share. */
  Grace shared() {
    return grace;
  }

  /**
   * Begins the grace period.
   *
   * @param hosts the hosts that had locks before the restart
   */
  void begin(Collection<NlmHost> hosts) {
    grace.begin(List.copyOf(hosts));
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
    if (reclaim && !grace.mayReclaim(host)) {
      return NlmStatus.DENIED;
    }
    if (reclaim) {
      grace.goesOn();
    }
    return null;
  }

  boolean isRunning() {
    return grace.isRunning();
  }
}
