/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.facsim.services.access.NfsVersion;

/**
 * Plays histories on two sides. It stops at the first difference that nothing allows, and where an
 * allowed one lets the two servers' files part ways, because everything after it would differ.
 */
final class Play {
  private static final String FOLDER = "facsim-compare-";

  private final NfsVersion version;
  private final Side here;
  private final Side there;
  private final AllowedDifferences allowed;
  private final String run;
  private int folders;

  /**
   * Makes one.
   *
   * @param run names this run's folders, so that two runs do not meet
   */
  Play(NfsVersion version, Side here, Side there, AllowedDifferences allowed, String run) {
    this.version = version;
    this.here = here;
    this.there = there;
    this.allowed = allowed;
    this.run = run;
  }

  /**
   * What came of a history.
   *
   * @param calls that were sent to both
   * @param differences of the last call that was sent; empty if none was without permission
   * @param allowedCounts how often each allowed difference was met, by its id
   */
  record Outcome(int calls, List<Difference> differences, Map<String, Integer> allowedCounts) {
    boolean isSame() {
      return differences.isEmpty();
    }
  }

  Outcome play(List<Step> history) {
    String folder = FOLDER + run + "-" + folders++;
    // two folders, because both sides may be one server
    here.begin(folder + "-here");
    try {
      there.begin(folder + "-there");
      try {
        return steps(history);
      } finally {
        there.end();
      }
    } finally {
      here.end(); // also if the other server let nobody begin
    }
  }

  private Outcome steps(List<Step> history) {
    Map<String, Integer> counts = new TreeMap<>();
    int calls = 0;
    for (Step step : history) {
      Facts one = here.play(step);
      Facts other = there.play(step);
      calls += one.status().equals(Facts.NOT_SENT) ? 0 : 1;
      boolean partWays = false;
      List<Difference> left = new ArrayList<>();
      for (Difference difference : Comparison.of(step, one, other)) {
        Optional<AllowedDifference> permission = allowed.of(version, difference);
        if (permission.isPresent()) {
          counts.merge(permission.get().id(), 1, Integer::sum);
          partWays |= difference.fact().equals(Facts.STATUS) && one.isOk() != other.isOk();
        } else {
          left.add(difference);
        }
      }
      if (!left.isEmpty() || partWays) {
        return new Outcome(calls, left, counts);
      }
    }
    return new Outcome(calls, List.of(), counts);
  }
}
