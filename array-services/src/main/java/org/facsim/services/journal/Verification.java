/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import java.util.List;
import java.util.Objects;

/** What a journal is asked to prove. */
public sealed interface Verification {
  /** The most filters of {@link InOrder}. */
  int MAX_IN_ORDER = 64;

  /**
   * That so many calls came.
   *
   * @param after the first call of this kind begins the window; null for no such bound. It is not
   *     in the window itself
   * @param before the first call of this kind, after the window's beginning, ends the window, and
   *     is not in it; null for no such bound
   */
  record Count(CallFilter calls, CallCount count, CallFilter after, CallFilter before)
      implements Verification {
    public Count {
      Objects.requireNonNull(calls);
      Objects.requireNonNull(count);
    }

    @Override
    public String toString() {
      String window = after == null ? "" : ", after the first of " + after;
      return count
          + " "
          + calls
          + window
          + (before == null ? "" : ", before the first of " + before);
    }
  }

  /** That the first calls of several kinds arrived one after the other. */
  record InOrder(List<CallFilter> calls) implements Verification {
    public InOrder {
      calls = List.copyOf(calls);
      if (calls.size() < 2 || calls.size() > MAX_IN_ORDER) {
        throw new IllegalArgumentException(
            calls.size() + " kinds of calls in an order; allowed: 2 to " + MAX_IN_ORDER);
      }
    }

    @Override
    public String toString() {
      return String.join(", then ", calls.stream().map(CallFilter::toString).toList());
    }
  }

  /** That so many calls came since the journal began. */
  static Verification of(CallFilter calls, CallCount count) {
    return new Count(calls, count, null, null);
  }
}
