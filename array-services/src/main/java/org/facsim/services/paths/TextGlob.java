/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.paths;

/** Patterns of requests over HTTP, in which {@code *} stands for any text. */
public final class TextGlob {
  private TextGlob() {}

  /** Whether a text matches. */
  public static boolean matches(String pattern, String text) {
    return matches(pattern, text, 0, text.length(), false);
  }

  /**
   * Whether a part of a text matches.
   *
   * @param from where the part begins
   * @param to where it ends, exclusive
   * @param knowsAnyChar whether {@code ?} stands for any one character, or for itself
   */
  static boolean matches(String pattern, String text, int from, int to, boolean knowsAnyChar) {
    int p = 0;
    int t = from;
    int lastStar = -1;
    int afterLastStar = from;
    while (t < to) {
      char wanted = p < pattern.length() ? pattern.charAt(p) : 0;
      if (wanted == '*') {
        lastStar = p++;
        afterLastStar = t;
      } else if (p < pattern.length()
          && (wanted == text.charAt(t) || (knowsAnyChar && wanted == '?'))) {
        p++;
        t++;
      } else if (lastStar >= 0) {
        t = ++afterLastStar;
        p = lastStar + 1;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /** Whether some text matches both patterns. */
  public static boolean meet(String one, String other) {
    boolean[] row = new boolean[other.length() + 1]; // from the end backwards
    for (int i = one.length(); i >= 0; i--) {
      boolean[] below = row;
      row = new boolean[other.length() + 1];
      for (int j = other.length(); j >= 0; j--) {
        row[j] = meet(one, i, other, j, row, below);
      }
    }
    return row[0];
  }

  private static boolean meet(
      String one, int i, String other, int j, boolean[] row, boolean[] below) {
    boolean isOneOver = i == one.length();
    boolean isOtherOver = j == other.length();
    if (isOneOver && isOtherOver) {
      return true;
    }
    boolean isOneStar = !isOneOver && one.charAt(i) == '*';
    boolean isOtherStar = !isOtherOver && other.charAt(j) == '*';
    if (isOneStar) {
      return below[j] || (!isOtherOver && row[j + 1]);
    } else if (isOtherStar) {
      return row[j + 1] || (!isOneOver && below[j]);
    }
    return !isOneOver && !isOtherOver && one.charAt(i) == other.charAt(j) && below[j + 1];
  }
}
