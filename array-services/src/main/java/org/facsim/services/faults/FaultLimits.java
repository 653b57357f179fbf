/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * To how many of the calls that match a rule applies. All parts must allow it.
 *
 * @param nth only to the nth call that matches, counted from 1; 0 for all
 * @param every to every nth call that matches; 1 for all
 * @param probability above 0, at most 1; the rule's seed decides, not chance
 * @param count how often at most; 0 for without end
 * @param from not before; relative to the adding of the rule or absolute
 * @param length not longer than this after {@code from}, or after the adding of the rule
 */
public record FaultLimits(
    long nth,
    long every,
    double probability,
    long count,
    Optional<From> from,
    Optional<Duration> length) {
  /** All calls that match. */
  public static final FaultLimits NONE =
      new FaultLimits(0, 1, 1, 0, Optional.empty(), Optional.empty());

  private static final Duration MAX_LENGTH = Duration.ofDays(366);

  public FaultLimits {
    Objects.requireNonNull(from);
    Objects.requireNonNull(length);
    require(nth >= 0, "nth " + nth + "; allowed: 1 and greater");
    require(every >= 1, "every " + every + "; allowed: 1 and greater");
    require(
        nth == 0 || every == 1, "nth and every; allowed: one of them, both choose by the count");
    require(
        probability > 0 && probability <= 1,
        "probability " + probability + "; allowed: above 0, at most 1");
    require(count >= 0, "count " + count + "; allowed: 1 and greater");
    require(
        nth == 0 || count <= 1,
        "nth and count " + count + "; allowed: a single call has one count");
    length.ifPresent(
        time ->
            require(
                !time.isNegative() && !time.isZero() && time.compareTo(MAX_LENGTH) <= 0,
                "for " + time + "; allowed: above 0, at most a year"));
  }

  private static void require(boolean isAllowed, String complaint) {
    if (!isAllowed) {
      throw new IllegalArgumentException(complaint);
    }
  }

  /** The beginning of a time window. */
  public sealed interface From {
    /** So long after the rule was added. */
    record Added(Duration time) implements From {
      public Added {
        require(
            !time.isNegative() && time.compareTo(MAX_LENGTH) <= 0,
            "from " + time + "; allowed: 0 to a year after the rule is added");
      }
    }

    /** At this time. */
    record At(Instant time) implements From {
      public At {
        Objects.requireNonNull(time);
      }
    }
  }

  /** Whether the time of a call matters. */
  boolean hasWindow() {
    return from.isPresent() || length.isPresent();
  }

  /** When the rule begins to apply, if it was added then. */
  Instant begin(Instant added) {
    if (from.isEmpty()) {
      return added;
    }
    return from.get() instanceof From.At at
        ? at.time()
        : added.plus(((From.Added) from.get()).time());
  }

  /** When it ceases to; null for never. */
  Instant end(Instant added) {
    return length.map(time -> begin(added).plus(time)).orElse(null);
  }
}
