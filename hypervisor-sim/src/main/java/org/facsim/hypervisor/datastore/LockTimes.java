/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.time.Clock;
import java.time.Duration;

/**
 * The time that a host's locks go by.
 *
 * @param clock stamps them
 * @param staleAfter a lock that was not rewritten for longer than this is dead
 * @param rewriteWithin a right to a dead lock is used within this time, long before another host
 *     may think that its holder is dead
 */
record LockTimes(Clock clock, Duration staleAfter, Duration rewriteWithin) {
  private static final Duration TOLERANCE = Duration.ofSeconds(5);

  /** By the settings that the host has now. */
  static LockTimes of(HostSide host) {
    return new LockTimes(
        host.time().clock(),
        host.settings().lockStaleAfter(),
        host.settings().seconds(AdvancedSetting.DISK_FILE_LOCK_UPDATE_FREQ));
  }

  /** By the default settings: rewritten every 10 s, dead after 35 s. */
  static LockTimes byDefault(Clock clock) {
    AdvancedSettings settings = new AdvancedSettings();
    return new LockTimes(
        clock,
        settings.lockStaleAfter(),
        settings.seconds(AdvancedSetting.DISK_FILE_LOCK_UPDATE_FREQ));
  }

  /** A holder that was silent for longer than this takes the right to its own lock first. */
  Duration sureFor() {
    Duration sure = staleAfter.minus(TOLERANCE);
    return sure.isNegative() ? Duration.ZERO : sure;
  }

  boolean isStale(long stampMillis) {
    return clock.millis() - stampMillis > staleAfter.toMillis();
  }

  boolean isFresh(long stampMillis, Duration within) {
    return clock.millis() - stampMillis <= within.toMillis();
  }
}
