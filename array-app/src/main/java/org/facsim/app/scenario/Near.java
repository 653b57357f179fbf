/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the word that somebody probably meant. */
final class Near {
  private Near() {}

  /** {@code ; did you mean 'x'?}, or nothing. */
  static String didYouMean(String word, List<String> known) {
    return to(word, known).map(found -> "; did you mean '" + found + "'?").orElse("");
  }

  /** The known word that needs the fewest changes, if they are few. */
  static Optional<String> to(String word, List<String> known) {
    int most = Math.max(1, word.length() / 3);
    return known.stream()
        .filter(each -> distance(word, each) <= most || isPart(word, each))
        .min(Comparator.comparingInt(each -> distance(word, each)));
  }

  private static boolean isPart(String word, String known) {
    return word.length() >= 3 && known.contains(word);
  }

  /** How many letters must be put in, left out or replaced. */
  private static int distance(String a, String b) {
    int[] before = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      before[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] now = new int[b.length() + 1];
      now[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        now[j] = Math.min(change, Math.min(before[j], now[j - 1]) + 1);
      }
      before = now;
    }
    return before[b.length()];
  }
}
