/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import java.util.List;

/**
 * What a journal can say of a {@link Verification}.
 *
 * @param explanation what was found, in a sentence
 * @param count the calls that were found in the window; of an order: the kinds found in it
 * @param nearest if it does not hold: the calls that should not be there, or those that come
 *     nearest to what is missing, the nearest first
 */
public record VerificationResult(
    Outcome outcome, String explanation, long count, List<Near> nearest) {
  /** Whether it is so. */
  public enum Outcome {
    HOLDS,
    DOES_NOT_HOLD,

    /** The journal does not have all calls of the window any more, so it cannot tell. */
    UNKNOWN
  }

  /**
   * A call, and how far it is from what was expected.
   *
   * @param misses each condition that it does not meet; empty if it meets all
   */
  public record Near(JournalEntry call, List<String> misses) {
    public Near {
      misses = List.copyOf(misses);
    }

    @Override
    public String toString() {
      return misses.isEmpty() ? call.toString() : call + "\n    but " + String.join("; ", misses);
    }
  }

  public VerificationResult {
    nearest = List.copyOf(nearest);
  }

  public boolean holds() {
    return outcome == Outcome.HOLDS;
  }

  /** The explanation, and the nearest calls in lines of their own. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(explanation);
    for (Near near : nearest) {
      text.append("\n  ").append(near);
    }
    return text.toString();
  }
}
