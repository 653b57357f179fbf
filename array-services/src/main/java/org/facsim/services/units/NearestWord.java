/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.units;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Guesses which of the allowed words somebody meant who wrote another one. */
public final class NearestWord {
  private NearestWord() {}

  /** The one with the fewest changes, if they are fewer than half of its letters. */
  public static Optional<String> to(String written, Collection<String> allowed) {
    String nearest = null;
    int fewest = Integer.MAX_VALUE;
    for (String each : allowed) {
      int changes = changes(written.toLowerCase(Locale.ROOT), each.toLowerCase(Locale.ROOT));
      if (changes < fewest) {
        nearest = each;
        fewest = changes;
      }
    }
    return nearest != null && fewest <= Math.max(1, nearest.length() / 2)
        ? Optional.of(nearest)
        : Optional.empty();
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
