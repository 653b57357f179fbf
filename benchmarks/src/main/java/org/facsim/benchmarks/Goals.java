/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table of goals: what was wanted, what was measured, whether that meets it. */
final class Goals {
  /**
   * One line.
   *
   * @param met whether the measured figure meets the goal; null for a line without a goal
   */
  record Row(String what, String goal, String measured, Boolean met) {}

  private final List<Row> rows = new ArrayList<>();

  void add(String what, String goal, String measured, boolean met) {
    rows.add(new Row(what, goal, measured, met));
  }

  /** Something to know that has no goal of its own. */
  void note(String what, String measured) {
    rows.add(new Row(what, "", measured, null));
  }

  List<Row> rows() {
    return List.copyOf(rows);
  }

  boolean allMet() {
    return rows.stream().noneMatch(row -> Boolean.FALSE.equals(row.met()));
  }

  void print(PrintStream out) {
    int what = width("what", rows.stream().map(Row::what).toList());
    int goal = width("goal", rows.stream().map(Row::goal).toList());
    int measured = width("measured", rows.stream().map(Row::measured).toList());
    String line = "| %-" + what + "s | %-" + goal + "s | %-" + measured + "s | %-3s |%n";
    out.printf(line, "what", "goal", "measured", "met");
    out.printf(
        "|%s|%s|%s|%s|%n",
        "-".repeat(what + 2), "-".repeat(goal + 2), "-".repeat(measured + 2), "-".repeat(5));
    for (Row row : rows) {
      String met = row.met() == null ? "" : row.met() ? "yes" : "NO";
      out.printf(line, row.what(), row.goal(), row.measured(), met);
    }
    out.flush();
  }

  private static int width(String head, List<String> cells) {
    return Math.max(head.length(), cells.stream().mapToInt(String::length).max().orElse(0));
  }

  static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** A duration in the unit that reads best. */
  static String duration(double nanos) {
    if (nanos < 1_000) {
      return text("%.0f ns", nanos);
    }
    if (nanos < 1_000_000) {
      return text("%.2f µs", nanos / 1e3);
    }
    return nanos < 1e9 ? text("%.2f ms", nanos / 1e6) : text("%.2f s", nanos / 1e9);
  }

  static String duration(long nanos) {
    return duration((double) nanos);
  }

  static String size(int mib) {
    if (mib >= 1 << 20) {
      return text("%d TiB", mib >> 20);
    }
    return mib >= 1024 ? text("%.3g GiB", mib / 1024.0) : text("%d MiB", mib);
  }
}
