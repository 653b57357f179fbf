/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Rows for people, in columns as wide as their widest cell. Numbers stand at the right. */
final class TextTable {
  private final List<String[]> rows = new ArrayList<>();

  /** How many columns stand at the left; all others stand at the right. */
  private final int leftColumns;

  TextTable(int leftColumns, String... head) {
    this.leftColumns = leftColumns;
    rows.add(head);
  }

  void add(String... cells) {
    rows.add(cells);
  }

  void print(PrintWriter out) {
    int[] widths = new int[rows.get(0).length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        String pad = " ".repeat(widths[i] - row[i].length());
        line.append(i == 0 ? "" : "  ").append(i < leftColumns ? row[i] + pad : pad + row[i]);
      }
      out.println(line.toString().stripTrailing());
    }
  }
}
