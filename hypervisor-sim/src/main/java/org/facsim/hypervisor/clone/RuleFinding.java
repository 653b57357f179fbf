/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

import java.util.Locale;
import java.util.Objects;

/**
 * How a host judged one rule.
 *
 * @param evidence what the host saw, or why the rule does not apply
 */
public record RuleFinding(CloneRule rule, Judgement judgement, String evidence) {
  public RuleFinding {
    Objects.requireNonNull(rule);
    Objects.requireNonNull(judgement);
    Objects.requireNonNull(evidence);
  }

  /** How a rule can stand. */
  public enum Judgement {
    HOLDS,
    FAILS,
    NOT_APPLICABLE;

    /** {@code holds}, {@code fails} or {@code does not apply}. */
    public String words() {
      return this == NOT_APPLICABLE ? "does not apply" : name().toLowerCase(Locale.ROOT);
    }
  }

  public boolean isFailed() {
    return judgement == Judgement.FAILS;
  }
}
