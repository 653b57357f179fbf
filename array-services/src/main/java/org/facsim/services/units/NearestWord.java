/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.units;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Guesses which of the allowed words somebody meant who wrote another one. */
public final class NearestWord {
  /** Letters of a word that counts as a part of another one. */
  private static final int LEAST_PART = 3;

  private NearestWord() {}

  /** {@code ; did you mean 'x'?}, or nothing. */
  public static String didYouMean(String written, Collection<String> allowed) {
    return to(written, allowed).map(word -> "; did you mean '" + word + "'?").orElse("");
  }

  /**
   * The one with the fewest changes, if they are at most half of its letters, or if it contains
   * what was written.
   */
  public static Optional<String> to(String written, Collection<String> allowed) {
    String word = written.toLowerCase(Locale.ROOT);
    String nearest = null;
    int fewest = Integer.MAX_VALUE;
    for (String each : allowed) {
      String known = each.toLowerCase(Locale.ROOT);
      int changes = changes(word, known);
      boolean isNear = changes <= Math.max(1, known.length() / 2) || isPart(word, known);
      if (isNear && changes < fewest) {
        nearest = each;
        fewest = changes;
      }
    }
    return Optional.ofNullable(nearest);
  }

  private static boolean isPart(String word, String known) {
    return word.length() >= LEAST_PART && known.contains(word);
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
