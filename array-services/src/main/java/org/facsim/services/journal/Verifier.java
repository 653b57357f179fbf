/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.facsim.services.journal.VerificationResult.Near;
import org.facsim.services.journal.VerificationResult.Outcome;

/**
 * Judges a {@link Verification} by the calls of a journal, one after the other in the order of
 * their arrival.
 *
 * <p>If calls are missing from the journal, it says that something holds or does not hold only if
 * the missing ones could not change that.
 */
final class Verifier {
  /** Calls that a failure shows. */
  static final int MAX_NEAREST = 5;

  /** Hears every call; says whether it wants more. */
  @FunctionalInterface
  interface Sink {
    boolean call(JournalEntry call);
  }

  /** Where the calls come from. */
  interface Source {
    /** Hands out all calls in their order, without their arguments. */
    void forEach(Sink sink);

    /** Whether every call since the journal began was handed out. */
    boolean isComplete();

    /** The same call with its arguments, or as it was if it is overwritten by now. */
    JournalEntry whole(JournalEntry call);
  }

  private final Source source;

  Verifier(Source source) {
    this.source = source;
  }

  VerificationResult verify(Verification wanted) {
    if (wanted instanceof Verification.Count count) {
      return new Counting(count).result();
    }
    return inOrder((Verification.InOrder) wanted);
  }

  /** The calls that come nearest to a filter. */
  private final class Nearest {
    private final CallFilter filter;
    private final List<Near> best = new ArrayList<>();

    Nearest(CallFilter filter) {
      this.filter = filter;
    }

    void add(JournalEntry call) {
      List<String> misses = filter.misses(call);
      boolean meetsOne = misses.size() < filter.conditions().size();
      int worst = best.size() < MAX_NEAREST ? Integer.MAX_VALUE : best.get(0).misses().size();
      // of equally near ones the latest
      if (meetsOne && misses.size() <= worst) {
        best.add(new Near(call, misses));
        best.sort(
            Comparator.<Near>comparingInt(near -> near.misses().size())
                .reversed()
                .thenComparingLong(near -> near.call().sequence()));
        if (best.size() > MAX_NEAREST) {
          best.remove(0);
        }
      }
    }

    /** The nearest first. */
    List<Near> list() {
      List<Near> found = new ArrayList<>();
      for (int i = best.size() - 1; i >= 0; i--) {
        Near near = best.get(i);
        found.add(new Near(source.whole(near.call()), near.misses()));
      }
      return found;
    }
  }

  /** Counts the calls of one kind in a window. */
  private final class Counting {
    private final Verification.Count wanted;
    private final Deque<JournalEntry> found = new ArrayDeque<>();
    private final Nearest nearest;
    private final Nearest nearestAnchor;
    private long count;
    private boolean hasBegun;
    private boolean hasEnded;

    Counting(Verification.Count wanted) {
      this.wanted = wanted;
      nearest = new Nearest(wanted.calls());
      nearestAnchor = new Nearest(wanted.after() == null ? wanted.before() : wanted.after());
    }

    VerificationResult result() {
      hasBegun = wanted.after() == null;
      source.forEach(this::see);
      boolean isComplete = source.isComplete();
      if (!hasBegun) {
        return noWindow("after", wanted.after(), isComplete);
      } else if (wanted.before() != null && !hasEnded) {
        return noWindow("before", wanted.before(), isComplete);
      }
      Outcome outcome = outcome(isComplete);
      return new VerificationResult(outcome, explanation(outcome), count, near(outcome));
    }

    private boolean see(JournalEntry call) {
      if (!hasBegun) {
        hasBegun = wanted.after().matches(call);
        if (!hasBegun) {
          nearestAnchor.add(call);
        }
        return true;
      }
      if (wanted.before() != null) {
        hasEnded = wanted.before().matches(call);
        if (hasEnded) {
          return false;
        }
        if (wanted.after() == null) {
          nearestAnchor.add(call);
        }
      }
      if (wanted.calls().matches(call)) {
        count++;
        if (found.size() < MAX_NEAREST) {
          found.add(call);
        }
      } else {
        nearest.add(call);
      }
      return true;
    }

    private VerificationResult noWindow(String bound, CallFilter anchor, boolean isComplete) {
      return new VerificationResult(
          isComplete ? Outcome.DOES_NOT_HOLD : Outcome.UNKNOWN,
          "no call is one of "
              + anchor
              + ", so nothing is "
              + bound
              + " it"
              + (isComplete ? "" : "; but the journal lacks earlier calls"),
          count,
          anchor == nearestAnchor.filter ? nearestAnchor.list() : List.of());
    }

    private Outcome outcome(boolean isComplete) {
      boolean admits = wanted.count().admits(count);
      if (isComplete) {
        return admits ? Outcome.HOLDS : Outcome.DOES_NOT_HOLD;
      } else if (wanted.before() != null) {
        return Outcome.UNKNOWN; // an earlier call may have ended the window
      } else if (count > wanted.count().most()) {
        return Outcome.DOES_NOT_HOLD;
      }
      return admits && wanted.count().most() == Long.MAX_VALUE ? Outcome.HOLDS : Outcome.UNKNOWN;
    }

    private String explanation(Outcome outcome) {
      String calls = "expected " + wanted + "; found " + count;
      if (count > wanted.count().most() && count > MAX_NEAREST) {
        calls += "; the first " + MAX_NEAREST + " are";
      }
      return outcome == Outcome.UNKNOWN
          ? calls + ", but the journal does not have all calls of that time, so it cannot tell"
          : calls;
    }

    private List<Near> near(Outcome outcome) {
      if (outcome == Outcome.HOLDS) {
        return List.of();
      } else if (count > wanted.count().most()) {
        return found.stream().map(call -> new Near(source.whole(call), List.of())).toList();
      }
      return nearest.list();
    }
  }

  private VerificationResult inOrder(Verification.InOrder wanted) {
    List<CallFilter> kinds = wanted.calls();
    JournalEntry[] first = new JournalEntry[kinds.size()];
    Nearest[] nearest = new Nearest[kinds.size()];
    Arrays.setAll(nearest, i -> new Nearest(kinds.get(i)));
    source.forEach(
        call -> {
          for (int i = 0; i < first.length; i++) {
            if (first[i] == null && kinds.get(i).matches(call)) {
              first[i] = call;
            } else if (first[i] == null) {
              nearest[i].add(call);
            }
          }
          return true;
        });
    if (!source.isComplete()) {
      return new VerificationResult(
          Outcome.UNKNOWN,
          "expected " + wanted + "; the journal does not have all calls, so it cannot tell",
          0,
          List.of());
    }
    for (int i = 0; i < first.length; i++) {
      if (first[i] == null) {
        return new VerificationResult(
            Outcome.DOES_NOT_HOLD,
            "expected " + wanted + "; there is none of " + kinds.get(i),
            i,
            nearest[i].list());
      }
      if (i > 0 && first[i].sequence() <= first[i - 1].sequence()) {
        return new VerificationResult(
            Outcome.DOES_NOT_HOLD,
            "expected "
                + wanted
                + "; the first of "
                + kinds.get(i)
                + " is not after the first of "
                + kinds.get(i - 1),
            i,
            List.of(
                new Near(source.whole(first[i]), List.of()),
                new Near(source.whole(first[i - 1]), List.of())));
      }
    }
    return new VerificationResult(Outcome.HOLDS, "found " + wanted, first.length, List.of());
  }
}
