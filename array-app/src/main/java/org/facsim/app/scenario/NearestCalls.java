/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.facsim.services.journal.CallFilter;
import org.facsim.services.journal.JournalEntry;

/**
 * The calls that are most like those that an expectation looks for and did not find in the wanted
 * number: they meet most of what is asked of a call, and not all.
 */
final class NearestCalls {
  private static final int MAX_SHOWN = 3;

  private NearestCalls() {}

  /**
   * Lines that show them.
   *
   * @param calls all that came in the window
   * @param parts what is asked of a call, one thing each
   */
  static List<String> of(List<JournalEntry> calls, List<CallFilter> parts) {
    TreeMap<Long, List<JournalEntry>> byMet =
        calls.stream()
            .collect(
                Collectors.groupingBy(call -> met(call, parts), TreeMap::new, Collectors.toList()));
    byMet.remove((long) parts.size());
    byMet.remove(0L);
    if (byMet.isEmpty()) {
      return calls.isEmpty() && !parts.isEmpty() ? List.of("no call came at all") : List.of();
    }
    List<JournalEntry> nearest = byMet.lastEntry().getValue();
    Map<String, Long> kinds =
        nearest.stream()
            .collect(
                Collectors.groupingBy(WireQuestions::show, TreeMap::new, Collectors.counting()));
    return kinds.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(MAX_SHOWN)
        .map(kind -> "nearest: " + kind.getValue() + " " + kind.getKey())
        .toList();
  }

  private static long met(JournalEntry call, List<CallFilter> parts) {
    return parts.stream().filter(part -> part.matches(call)).count();
  }
}
