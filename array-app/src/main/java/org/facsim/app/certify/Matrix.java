/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.certify;

import java.io.PrintWriter;
import java.util.List;

/** Results for people: a line for each case, and more for each failure. */
final class Matrix {
  private static final int EXCERPT_LINES = 12;
  private static final double MILLIS = 1000;
  private static final String INDENT = "         ";

  private Matrix() {}

  static void print(CaseResult result, PrintWriter out) {
    out.printf(
        "%s%6.1f s  exit %3d  %s%n",
        head(result),
        result.facts().took().toMillis() / MILLIS,
        result.facts().exitCode(),
        result.isLeftOut()
            ? result.leftOut()
            : result.deeds().isEmpty() ? "no call" : String.join(", ", result.deeds()));
    if (result.isFailed()) {
      printFailure(result, out);
    }
  }

  /** 35 characters, so that what follows stands below each other. */
  private static String head(CaseResult result) {
    String name = result.of().name();
    return result.isLeftOut()
        ? "left out %-26s".formatted(name)
        : "%s  %-27s".formatted(result.isPassed() ? "passed" : "FAILED", name);
  }

  private static void printFailure(CaseResult result, PrintWriter out) {
    out.println(INDENT + "the case: " + result.of().title());
    result.problems().forEach(problem -> out.println(INDENT + "wrong: " + problem));
    out.println(INDENT + "the journal of the VAAI calls:");
    List<?> calls = result.facts().calls();
    if (calls.size() > EXCERPT_LINES) {
      out.println(INDENT + "  ... " + (calls.size() - EXCERPT_LINES) + " calls before");
    }
    calls.stream()
        .skip(Math.max(0, calls.size() - EXCERPT_LINES))
        .forEach(call -> out.println(INDENT + "  " + call));
    if (!result.facts().output().isEmpty()) {
      out.println(INDENT + "the command printed:");
      result.facts().output().forEach(line -> out.println(INDENT + "  " + line));
    }
    result.evidence().forEach(file -> out.println(INDENT + "see " + file));
  }

  static void printSum(List<CaseResult> results, PrintWriter out) {
    long passed = results.stream().filter(CaseResult::isPassed).count();
    out.println();
    List<String> leftOut =
        results.stream().filter(CaseResult::isLeftOut).map(result -> result.of().name()).toList();
    out.printf("%d of %d cases passed%n", passed, results.size() - leftOut.size());
    if (!leftOut.isEmpty()) {
      out.printf(
          "%d left out, because the plugin's dialect cannot say the status: %s%n",
          leftOut.size(), String.join(", ", leftOut));
    }
  }
}
