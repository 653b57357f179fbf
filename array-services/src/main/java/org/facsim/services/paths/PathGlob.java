/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.paths;

import com.google.common.base.Splitter;
import java.util.List;

/**
 * A pattern of paths: {@code *} is any text within a name, {@code ?} one character, {@code **} as a
 * whole name any number of names, none included. {@code /ds/**} is everything in a volume, its root
 * included.
 *
 * <p>Matching takes at most the product of both lengths, whatever the pattern is: each of the two
 * loops goes back to its last wildcard only. Immutable.
 */
public final class PathGlob {
  /** The longest pattern, in characters. */
  public static final int MAX_LENGTH = 1024;

  /** What {@link #parse} takes, for messages. */
  public static final String SYNTAX =
      "an export's path and the path in its volume, with * for any text in a name, ? for one"
          + " character, ** for any number of names, for example /datastore1/**/*-flat.vmdk";

  private static final String ANY_NAMES = "**";
  private static final Splitter NAMES = Splitter.on('/').omitEmptyStrings();

  private final String text;
  private final List<String> names;
  private final boolean isLiteral;

  private PathGlob(String text, List<String> names) {
    this.text = text;
    this.names = names;
    this.isLiteral = text.indexOf('*') < 0 && text.indexOf('?') < 0;
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException if it is none; the message says what is allowed
   */
  public static PathGlob parse(String text) {
    if (!text.startsWith("/") || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("'" + text + "' is no path; allowed: " + SYNTAX);
    }
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a path of " + text.length() + " characters; allowed: at most " + MAX_LENGTH);
    }
    List<String> names = NAMES.splitToList(text);
    for (String name : names) {
      if (name.contains(ANY_NAMES) && !name.equals(ANY_NAMES)) {
        throw new IllegalArgumentException(
            "'" + name + "' in '" + text + "'; allowed: ** as a whole name, * within one");
      }
    }
    return new PathGlob("/" + String.join("/", names), names);
  }

  /** Whether it has no wildcard: it is the path of one file. */
  public boolean isLiteral() {
    return isLiteral;
  }

  /** Whether paths of the volume with this export path, {@code /NAME}, can match. */
  public boolean mayBeIn(String exportPath) {
    if (names.isEmpty()) {
      return false;
    }
    String first = names.get(0);
    return first.equals(ANY_NAMES) || matchesName(first, exportPath, 1, exportPath.length());
  }

  /** Whether a path matches: {@code /} and names with a slash between two of them. */
  public boolean matches(String path) {
    if (isLiteral) {
      return path.equals(text);
    }
    int name = 0;
    int at = path.equals("/") ? path.length() : 0; // of the slash before the next name
    int lastAny = -1;
    int afterLastAny = 0;
    while (at < path.length()) {
      int end = path.indexOf('/', at + 1);
      end = end < 0 ? path.length() : end;
      if (name < names.size() && names.get(name).equals(ANY_NAMES)) {
        lastAny = name++;
        afterLastAny = at;
      } else if (name < names.size() && matchesName(names.get(name), path, at + 1, end)) {
        name++;
        at = end;
      } else if (lastAny >= 0) {
        int next = path.indexOf('/', afterLastAny + 1);
        afterLastAny = next < 0 ? path.length() : next;
        at = afterLastAny;
        name = lastAny + 1;
      } else {
        return false;
      }
    }
    while (name < names.size() && names.get(name).equals(ANY_NAMES)) {
      name++;
    }
    return name == names.size();
  }

  private static boolean matchesName(String pattern, String text, int from, int to) {
    return TextGlob.matches(pattern, text, from, to, true);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PathGlob glob && text.equals(glob.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The pattern, without slashes that mean nothing. */
  @Override
  public String toString() {
    return text;
  }
}
