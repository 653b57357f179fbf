/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What must be so when an incident is mended.
 *
 * @param fact a name of {@link Facts}, or a glob of names, all of which must be so
 * @param kind how the value is compared
 * @param value to compare with
 * @param words what it means, for the trainee
 */
record Wanted(String fact, Kind kind, String value, String words) {
  /** How a value is compared. */
  enum Kind {
    /** Equal, as text. */
    IS,
    /** Not equal; also if there is no such fact. */
    IS_NOT,
    /** A number, at least so large. */
    AT_LEAST,
    /** A number, at most so large. */
    AT_MOST,
    /** There is no such fact. */
    GONE;

    /** The key in a lab file. */
    String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  boolean holds(Facts now) {
    List<Map.Entry<String, String>> found = now.matching(fact);
    return switch (kind) {
      case GONE -> found.isEmpty();
      case IS -> !found.isEmpty() && found.stream().allMatch(each -> each.getValue().equals(value));
      case IS_NOT -> found.stream().noneMatch(each -> each.getValue().equals(value));
      case AT_LEAST ->
          !found.isEmpty()
              && found.stream().allMatch(each -> number(each.getValue()) >= number(value));
      case AT_MOST ->
          !found.isEmpty()
              && found.stream().allMatch(each -> number(each.getValue()) <= number(value));
    };
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN; // compares as false
    }
  }

  /** What is there now, as evidence. */
  String evidence(Facts now) {
    List<Map.Entry<String, String>> found = now.matching(fact);
    return found.isEmpty()
        ? fact + ": (nothing)"
        : String.join(
            ", ",
            found.stream().limit(4).map(each -> each.getKey() + ": " + each.getValue()).toList());
  }
}
