/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A result for people. */
final class CompareText {
  private CompareText() {}

  static void result(CompareResult result, CompareOptions options, PrintWriter out) {
    out.printf(
        "NFS %-3s  %d histories, %d calls: %s%n",
        result.version(),
        result.histories(),
        result.calls(),
        result.isSame() ? "the same" : result.failures().size() + " differ");
    for (CompareResult.Failure failure : result.failures()) {
      out.printf(
          "%n  --vers %s --seed %d --histories 1 --calls %d differs; in short:%n",
          result.version(), failure.seed(), options.calls());
      failure.history().forEach(step -> out.printf("    %s%n", step));
      for (Difference each : failure.differences()) {
        out.printf("  %s: here %s, there %s%n", each.fact(), each.here(), each.there());
      }
    }
  }

  static void sum(List<CompareResult> results, AllowedDifferences allowed, PrintWriter out) {
    Map<String, Integer> counts = new TreeMap<>();
    results.forEach(
        each -> each.allowed().forEach((id, count) -> counts.merge(id, count, Integer::sum)));
    if (!counts.isEmpty()) {
      out.println();
      out.println("Allowed differences:");
    }
    for (AllowedDifference each : allowed.all()) {
      Integer count = counts.get(each.id());
      if (count != null) {
        out.printf("  %6d  %s (%s): %s%n", count, each.id(), each.source(), each.why());
      }
    }
  }

  static void allowed(AllowedDifferences allowed, PrintWriter out) {
    for (AllowedDifference each : allowed.all()) {
      out.printf("%s%n  %s%n  %s: \"%s\"%n", each.id(), each.why(), each.source(), each.sentence());
    }
    out.flush();
  }
}
