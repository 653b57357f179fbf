/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.util.Collection;
import java.util.Locale;

/** What somebody may have meant who wrote something else. */
final class Suggestion {
  /** Names that are listed; more are counted. */
  private static final int MAX_LISTED = 40;

  private Suggestion() {}

  /** {@code ; did you mean X? Allowed: ...}, as far as there is something to say. */
  static String of(String written, Collection<String> allowed) {
    String nearest = nearest(written, allowed);
    String list =
        String.join(", ", allowed.stream().limit(MAX_LISTED).toList())
            + (allowed.size() > MAX_LISTED
                ? ", and " + (allowed.size() - MAX_LISTED) + " more"
                : "");
    return (nearest == null ? "" : "; did you mean '" + nearest + "'?")
        + "; allowed: "
        + (list.isEmpty() ? "none" : list);
  }

  /** The one with the fewest changes, if they are fewer than half of its letters. */
  static String nearest(String written, Collection<String> allowed) {
    String nearest = null;
    int fewest = Integer.MAX_VALUE;
    for (String each : allowed) {
      int changes = changes(written.toLowerCase(Locale.ROOT), each.toLowerCase(Locale.ROOT));
      if (changes < fewest) {
        nearest = each;
        fewest = changes;
      }
    }
    return nearest != null && fewest <= Math.max(1, nearest.length() / 2) ? nearest : null;
  }

  /** Letters to insert, delete or replace. */
  private static int changes(String from, String to) {
    int[] before = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      before[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] now = new int[to.length() + 1];
      now[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = before[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        now[j] = Math.min(replaced, Math.min(before[j], now[j - 1]) + 1);
      }
      before = now;
    }
    return before[to.length()];
  }
}
