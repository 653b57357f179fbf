/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A fault on demand: which calls meet it, what it is, and how often. Immutable.
 *
 * @param name for people, up to {@value #MAX_NAME} characters; may be empty
 * @param match which calls
 * @param action what happens to them; empty if they are only delayed
 * @param delay of the reply; with an action, only if that leaves a reply to be delayed
 * @param limits how often
 * @param seed of what looks like chance; empty for one that follows from the rule's id
 */
public record FaultRule(
    String name,
    FaultMatch match,
    Optional<FaultAction> action,
    Optional<FaultAction.Delay> delay,
    FaultLimits limits,
    OptionalLong seed) {
  /** The longest name, in characters. */
  public static final int MAX_NAME = 128;

  public FaultRule {
    Objects.requireNonNull(match);
    Objects.requireNonNull(action);
    Objects.requireNonNull(delay);
    Objects.requireNonNull(limits);
    Objects.requireNonNull(seed);
    if (name.length() > MAX_NAME || !name.chars().allMatch(c -> c >= ' ' && c != 0x7f)) {
      throw new IllegalArgumentException(
          "a name of "
              + name.length()
              + " characters; allowed: at most "
              + MAX_NAME
              + ", no control characters");
    }
    if (action.isEmpty() && delay.isEmpty()) {
      throw new IllegalArgumentException(
          "no action: nothing would happen; allowed: one action, or a delay");
    }
    if (delay.isPresent() && action.isPresent() && !mayBeDelayed(action.get())) {
      throw new IllegalArgumentException(
          "a delay and "
              + action.get().getClass().getSimpleName()
              + "; allowed: a delay alone, or with a status, a short read or write, wrong"
              + " attributes, a mistake");
    }
  }

  private static boolean mayBeDelayed(FaultAction action) {
    return action instanceof FaultAction.Status
        || action instanceof FaultAction.ShortTransfer
        || action instanceof FaultAction.Lie
        || action instanceof FaultAction.Corrupt;
  }

  /** A rule of which more is said. */
  public static FaultRuleBuilder of(FaultAction action) {
    return new FaultRuleBuilder(Optional.of(action));
  }

  /** A rule that delays replies, of which more is said. */
  public static FaultRuleBuilder delayed(FaultAction.Delay delay) {
    return new FaultRuleBuilder(Optional.empty()).delay(delay);
  }

  /** Whether it is for clone jobs, not for calls. */
  boolean isForJobs() {
    return action.isPresent() && action.get() instanceof FaultAction.CloneJob;
  }
}
