/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.Objects;

/**
 * Something in a file that cannot be used, for the file's author.
 *
 * @param file as the user named it
 * @param line from 1; 0 if the problem is about the whole file
 * @param column from 1; 0 likewise
 * @param words what is wrong and, after {@code allowed:}, what would be right
 */
public record FileProblem(String file, int line, int column, String words) {
  public FileProblem {
    Objects.requireNonNull(file);
    Objects.requireNonNull(words);
  }

  /** {@code FILE:LINE:COLUMN: what is wrong; allowed: what would be right}. */
  @Override
  public String toString() {
    return line == 0 ? file + ": " + words : file + ":" + line + ":" + column + ": " + words;
  }
}
