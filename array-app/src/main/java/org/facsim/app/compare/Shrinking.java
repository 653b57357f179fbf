/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Shortens a history that ends with a difference: takes away ever smaller pieces, and keeps what
 * still ends with a difference of the same kind. Bounded by a number of plays.
 */
final class Shrinking {
  private final Function<List<Step>, Play.Outcome> play;
  private int playsLeft;

  Shrinking(Function<List<Step>, Play.Outcome> play, int maxPlays) {
    this.play = play;
    this.playsLeft = maxPlays;
  }

  /** A shorter history and what came of it. */
  record Shortened(List<Step> history, Play.Outcome outcome) {}

  Shortened shrink(List<Step> history, Play.Outcome outcome) {
    Difference wanted = outcome.differences().get(0);
    // what follows the difference was never sent
    List<Step> current = upTo(history, wanted.step());
    Play.Outcome best = outcome;
    for (int piece = Math.max(1, current.size() / 2); ; piece /= 2) {
      for (int end = current.size() - 1; end > 0 && playsLeft > 0; end -= piece) {
        List<Step> candidate = new ArrayList<>(current);
        candidate.subList(Math.max(0, end - piece), end).clear();
        playsLeft--;
        Play.Outcome tried = play.apply(candidate);
        if (!tried.isSame() && tried.differences().get(0).isLike(wanted)) {
          current = upTo(candidate, tried.differences().get(0).step());
          best = tried;
          end = Math.min(end, current.size() - 1 + piece);
        }
      }
      if (piece == 1 || playsLeft == 0) {
        return new Shortened(List.copyOf(current), best);
      }
    }
  }

  private static List<Step> upTo(List<Step> history, Step last) {
    List<Step> kept = new ArrayList<>();
    for (Step step : history) {
      kept.add(step);
      if (step.number() == last.number()) {
        break;
      }
    }
    return kept;
  }
}
