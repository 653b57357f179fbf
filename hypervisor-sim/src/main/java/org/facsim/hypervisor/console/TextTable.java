/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

import java.util.ArrayList;
import java.util.List;

/**
 * A table as esxcli prints it: names of columns, dashes, rows. Columns are as wide as their widest
 * cell and two blanks apart; numbers stand at the right.
 */
final class TextTable {
  private final List<String> names;
  private final List<List<String>> rows = new ArrayList<>();

  TextTable(String... columns) {
    names = List.of(columns);
  }

  /** Adds a row; numbers are right-aligned, all else is printed as it is. */
  TextTable row(Object... cells) {
    if (cells.length != names.size()) {
      throw new IllegalArgumentException(cells.length + " cells in " + names.size() + " columns");
    }
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(cell instanceof Number ? NUMBER + cell : String.valueOf(cell));
    }
    rows.add(row);
    return this;
  }

  /** Marks a cell that is right-aligned; no text of a cell begins with it. */
  private static final String NUMBER = "\u0000";

  @Override
  public String toString() {
    if (rows.isEmpty()) {
      return "";
    }
    int[] widths = new int[names.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = names.get(column).length();
      for (List<String> row : rows) {
        widths[column] = Math.max(widths[column], row.get(column).replace(NUMBER, "").length());
      }
    }
    StringBuilder text = new StringBuilder();
    appendRow(text, aligned(names, rows.get(0)), widths);
    List<String> dashes = new ArrayList<>();
    for (int width : widths) {
      dashes.add("-".repeat(width));
    }
    appendRow(text, dashes, widths);
    rows.forEach(row -> appendRow(text, row, widths));
    return text.toString();
  }

  /** The name of a column stands where its cells stand. */
  private static List<String> aligned(List<String> names, List<String> row) {
    List<String> aligned = new ArrayList<>();
    for (int column = 0; column < names.size(); column++) {
      boolean isNumber = row.get(column).startsWith(NUMBER);
      aligned.add(isNumber ? NUMBER + names.get(column) : names.get(column));
    }
    return aligned;
  }

  private static void appendRow(StringBuilder text, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = cells.get(column);
      String plain = cell.replace(NUMBER, "");
      String padding = " ".repeat(widths[column] - plain.length());
      line.append(column == 0 ? "" : "  ");
      line.append(cell.startsWith(NUMBER) ? padding + plain : plain + padding);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
