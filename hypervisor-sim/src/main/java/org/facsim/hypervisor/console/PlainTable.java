/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

import java.util.ArrayList;
import java.util.List;

/** A table as vim-cmd prints it: names of columns and rows, three blanks apart, without dashes. */
final class PlainTable {
  private final List<List<String>> rows = new ArrayList<>();

  PlainTable(String... columns) {
    rows.add(List.of(columns));
  }

  void row(String... cells) {
    rows.add(List.of(cells));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        line.append(row.get(column));
        line.append(" ".repeat(widthOf(column) - row.get(column).length()));
        line.append(column == row.size() - 1 ? "" : "   ");
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private int widthOf(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
