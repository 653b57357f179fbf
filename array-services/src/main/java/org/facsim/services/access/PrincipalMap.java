/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.access;

import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.facsim.array.Caller;

/**
 * Whom the array knows a Kerberos principal as. Text with a line for each: {@code PRINCIPAL UID GID
 * [GROUP...]}. A star in a principal stands for any characters. The first line that matches counts;
 * a principal without a line is nobody. Empty lines, and lines that begin with {@code #}, are
 * ignored.
 */
public final class PrincipalMap {
  /** The most lines. */
  public static final int MAX_LINES = 10_000;

  private static final Splitter BLANKS =
      Splitter.onPattern("\\s+").omitEmptyStrings().trimResults();

  private static final int MIN_WORDS = 3;
  private static final int MAX_DIGITS = 10;
  private static final long MAX_ID = 0xffff_ffffL;

  private record Line(String before, String after, boolean hasStar, Caller caller) {
    boolean matches(String principal) {
      return hasStar
          ? principal.length() >= before.length() + after.length()
              && principal.startsWith(before)
              && principal.endsWith(after)
          : principal.equals(before);
    }
  }

  /** Everybody is nobody. */
  public static final PrincipalMap NONE = new PrincipalMap(List.of());

  private final List<Line> lines;

  private PrincipalMap(List<Line> lines) {
    this.lines = List.copyOf(lines);
  }

  /**
   * Reads a map.
   *
   * @throws IllegalArgumentException whose message says which line is wrong and what is allowed
   */
  public static PrincipalMap parse(List<String> text) {
    if (text.size() > MAX_LINES) {
      throw new IllegalArgumentException(text.size() + " lines, at most " + MAX_LINES);
    }
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < text.size(); i++) {
      String line = text.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        lines.add(lineOf(line, i + 1));
      }
    }
    return new PrincipalMap(lines);
  }

  private static Line lineOf(String text, int number) {
    List<String> words = BLANKS.splitToList(text);
    String principal = words.get(0);
    int star = principal.indexOf('*');
    boolean hasOneStar = star >= 0 && principal.indexOf('*', star + 1) < 0;
    if (words.size() < MIN_WORDS || (star >= 0 && !hasOneStar)) {
      throw wrong(number, text);
    }
    List<Long> ids = new ArrayList<>();
    for (String word : words.subList(1, words.size())) {
      ids.add(idOf(word, number, text));
    }
    Caller caller = new Caller(ids.get(0), ids.get(1), ids.subList(2, ids.size()));
    return star < 0
        ? new Line(principal, "", false, caller)
        : new Line(principal.substring(0, star), principal.substring(star + 1), true, caller);
  }

  private static long idOf(String word, int number, String text) {
    boolean isNumber =
        word.length() <= MAX_DIGITS && word.chars().allMatch(each -> each >= '0' && each <= '9');
    long id = isNumber ? Long.parseLong(word) : -1;
    if (id < 0 || id > MAX_ID) {
      throw wrong(number, text);
    }
    return id;
  }

  private static IllegalArgumentException wrong(int number, String text) {
    return new IllegalArgumentException(
        "line %d: '%s'; allowed: PRINCIPAL UID GID [GROUP...] with at most one * in the principal"
            .formatted(number, text));
  }

  /** Whom a principal is known as; empty for nobody. */
  public Optional<Caller> find(String principal) {
    return lines.stream().filter(line -> line.matches(principal)).map(Line::caller).findFirst();
  }
}
