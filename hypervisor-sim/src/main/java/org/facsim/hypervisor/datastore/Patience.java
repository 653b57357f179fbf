/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.time.Duration;

/**
 * How patient a host is with an array, by the host's time. Tests whose hosts go by the machine's
 * time shorten it.
 *
 * @param callTimeout after which a call without an answer counts as silence, and is sent again
 * @param poll the time between two queries of a clone job, and before a busy array is asked again
 * @param stall the time without progress after which a clone job is aborted
 * @param busyRetries how often a busy array is asked again, 0 or more
 */
public record Patience(Duration callTimeout, Duration poll, Duration stall, int busyRetries) {
  /**
   * Ten heartbeats and five seconds for a call. The other values are those of the public plugin: a
   * query every second, 300 s without progress, and three more attempts if the array is busy.
   */
  public static final Patience ESXI =
      new Patience(Duration.ofSeconds(125), Duration.ofSeconds(1), Duration.ofSeconds(300), 3);

  public Patience {
    requirePositive("call timeout", callTimeout);
    requirePositive("poll", poll);
    requirePositive("stall", stall);
    if (busyRetries < 0) {
      throw new IllegalArgumentException(busyRetries + " retries; allowed: 0 and more");
    }
  }

  private static void requirePositive(String what, Duration time) {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException(what + " of " + time + "; allowed: above 0");
    }
  }

  /** The same with other times to wait: for tests, which need not wait as long as hosts do. */
  public Patience waiting(Duration newCallTimeout, Duration newPoll) {
    return new Patience(newCallTimeout, newPoll, stall, busyRetries);
  }
}
