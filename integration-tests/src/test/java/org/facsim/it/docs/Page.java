/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of the documents and its fenced blocks.
 *
 * <p>Blocks of the language {@code sh} are commands, blocks of {@code console} are commands behind
 * {@code $ } with what they print. A line in italics right above a block can say that the block is
 * not run from here, to a reader as well as to this test:
 *
 * <ul>
 *   <li>{@code *Not tried: REASON*}: our tests cannot run it.
 *   <li>{@code *Tried by `NAME`…*}: a test or a script of the project runs it.
 * </ul>
 *
 * @param path of the page, from the root of the project
 */
record Page(Path path, List<Block> blocks) {
  private static final Pattern NOT_TRIED = Pattern.compile("\\*Not tried: (.+)\\*");
  private static final Pattern TRIED_BY = Pattern.compile("\\*Tried by `([^`]+)`.*\\*");
  private static final String FENCE = "```";

  /**
   * One fenced block.
   *
   * @param line of its first line in the page, from 1
   * @param notTried why our tests cannot run it
   * @param triedBy the test class or the file of the project that runs it
   */
  record Block(
      int line,
      String language,
      List<String> lines,
      Optional<String> notTried,
      Optional<String> triedBy) {
    boolean isOfCommands() {
      return language.equals("sh") || language.equals("console");
    }

    boolean isRunFromHere() {
      return isOfCommands() && notTried.isEmpty() && triedBy.isEmpty();
    }
  }

  static Page read(Path root, Path path) {
    List<String> lines;
    try {
      lines = Files.readAllLines(root.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Page(path, blocks(lines));
  }

  private static List<Block> blocks(List<String> lines) {
    List<Block> blocks = new ArrayList<>();
    int at = 0;
    while (at < lines.size()) {
      String begin = lines.get(at);
      if (!begin.startsWith(FENCE)) {
        at++;
        continue;
      }
      int end = at + 1;
      while (end < lines.size() && !lines.get(end).equals(FENCE)) {
        end++;
      }
      String marker = paragraphAbove(lines, at);
      blocks.add(
          new Block(
              at + 2,
              begin.substring(FENCE.length()).strip(),
              List.copyOf(lines.subList(at + 1, end)),
              group(NOT_TRIED, marker),
              group(TRIED_BY, marker)));
      at = end + 1;
    }
    return blocks;
  }

  /** The paragraph that ends above a line, as one line. */
  private static String paragraphAbove(List<String> lines, int fence) {
    int line = fence - 1;
    while (line >= 0 && lines.get(line).isBlank()) {
      line--;
    }
    List<String> paragraph = new ArrayList<>();
    while (line >= 0 && !lines.get(line).isBlank()) {
      paragraph.add(lines.get(line));
      line--;
    }
    Collections.reverse(paragraph);
    return String.join(" ", paragraph);
  }

  private static Optional<String> group(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
