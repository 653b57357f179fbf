/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.explain;

import java.util.Objects;

/**
 * How one precondition was judged.
 *
 * @param evidence what was looked at, in words
 */
public record Finding(Precondition precondition, Judgement judgement, String evidence) {
  public Finding {
    Objects.requireNonNull(precondition);
    Objects.requireNonNull(judgement);
    Objects.requireNonNull(evidence);
  }

  /** Whether it holds. */
  public enum Judgement {
    HOLDS("holds"),
    /** It decided: nothing before it failed. */
    FAILED("failed"),
    /** It was behind the decision, and would have failed, too. */
    WOULD_ALSO_FAIL("would also fail"),
    NOT_EVALUATED("not evaluated");

    private final String words;

    Judgement(String words) {
      this.words = words;
    }

    /** For people and JSON. */
    public String words() {
      return words;
    }
  }
}
