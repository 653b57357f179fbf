/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.docs;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a page shows of a command's output. {@code ...} within a line stands for any text, alone on
 * a line for any lines, or none. All else must be printed as it is shown, from the first line to
 * the last.
 */
final class ShownOutput {
  private static final String ANYTHING = "...";

  private ShownOutput() {}

  static boolean matches(List<String> shown, String printed) {
    String pattern = shown.stream().map(ShownOutput::pattern).collect(Collectors.joining());
    String lines =
        printed.lines().map(line -> line.stripTrailing() + "\n").collect(Collectors.joining());
    return Pattern.matches(pattern, lines);
  }

  private static String pattern(String shown) {
    String line = shown.stripTrailing();
    if (line.strip().equals(ANYTHING)) {
      return "(?:.*\n)*?";
    }
    return Pattern.compile(ANYTHING, Pattern.LITERAL)
        .splitAsStream(line + "\n")
        .map(Pattern::quote)
        .collect(Collectors.joining("[^\n]*?"));
  }
}
