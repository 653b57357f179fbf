/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what matches a rule, and decides by the count alone whether the rule applies: no order of
 * threads, and no clock unless the rule has a time window. Thread-safe.
 */
final class RuleCounter {
  private final FaultLimits limits;
  private final long most;
  private final long seed;
  private final InstantSource clock;
  private final Instant begin;

  /** Null for never. */
  private final Instant end;

  private final AtomicLong matched = new AtomicLong();
  private final AtomicLong hits = new AtomicLong();
  private volatile RuleStatus.Hit lastHit;

  /**
   * @param most how often the rule applies at most; 0 for without end
   */
  RuleCounter(FaultLimits limits, long most, long seed, InstantSource clock, Instant added) {
    this.limits = limits;
    this.most = most;
    this.seed = seed;
    this.clock = clock;
    this.begin = limits.begin(added);
    this.end = limits.end(added);
  }

  /** Counts a match. Returns its number, from 1, if the rule applies to it; otherwise 0. */
  long count() {
    if (limits.hasWindow() && !isInWindow(clock.instant())) {
      return 0;
    }
    long number = matched.incrementAndGet();
    boolean isChosen =
        (limits.nth() == 0 || number == limits.nth())
            && number % limits.every() == 0
            && (limits.probability() == 1
                || Draw.fraction(seed, number, Draw.Purpose.PROBABILITY) < limits.probability());
    return isChosen && take() ? number : 0;
  }

  private boolean isInWindow(Instant now) {
    return !now.isBefore(begin) && (end == null || now.isBefore(end));
  }

  private boolean take() {
    if (most == 0) {
      hits.incrementAndGet();
      return true;
    }
    long before = hits.get();
    while (before < most) {
      if (hits.compareAndSet(before, before + 1)) {
        return true;
      }
      before = hits.get();
    }
    return false;
  }

  void note(RuleStatus.Hit hit) {
    lastHit = hit;
  }

  /** Null for never. */
  Instant end() {
    return end;
  }

  long matched() {
    return matched.get();
  }

  long hits() {
    return hits.get();
  }

  /** Null if there was none. */
  RuleStatus.Hit lastHit() {
    return lastHit;
  }
}
