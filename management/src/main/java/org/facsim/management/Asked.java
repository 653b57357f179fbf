/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The query of a request: each parameter is one that the route knows, and is there once. */
final class Asked {
  private static final Pattern ESCAPED_SLASH = Pattern.compile("%2[fF]");

  private final RoutingContext context;

  private Asked(RoutingContext context) {
    this.context = context;
  }

  /**
   * Checks the names.
   *
   * @throws Problem 400 for a parameter that is unknown or repeated
   */
  static Asked of(RoutingContext context, String... allowed) {
    Set<String> known = new TreeSet<>(List.of(allowed));
    Set<String> met = new TreeSet<>();
    for (Map.Entry<String, String> parameter : context.queryParams()) {
      String name = parameter.getKey();
      if (!known.contains(name)) {
        throw Problem.badRequest(
            "parameter '"
                + name
                + "'; allowed: "
                + (known.isEmpty() ? "none" : String.join(", ", known)));
      }
      if (!met.add(name)) {
        throw Problem.badRequest("parameter '" + name + "' is there twice; allowed: once");
      }
    }
    return new Asked(context);
  }

  Optional<String> text(String name) {
    List<String> given = context.queryParam(name);
    return given.isEmpty() ? Optional.empty() : Optional.of(given.get(0));
  }

  boolean has(String name) {
    return text(name).isPresent();
  }

  /**
   * A number.
   *
   * @throws Problem 400 if it is none, or out of range
   */
  long number(String name, long usual, long least, long most) {
    return text(name).map(text -> number(name, text, least, most)).orElse(usual);
  }

  private static long number(String name, String text, long least, long most) {
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // the same answer as for a number out of range
    }
    throw Problem.badRequest(
        "parameter '" + name + "': '" + text + "'; allowed: " + least + " to " + most);
  }

  /**
   * Whether something is asked for.
   *
   * @throws Problem 400 unless it is true or false
   */
  boolean flag(String name) {
    String text = text(name).orElse("false");
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw Problem.badRequest(
              "parameter '" + name + "': '" + text + "'; allowed: true, false");
    };
  }

  /**
   * Some of the words that are known, separated by commas.
   *
   * @throws Problem 400 for another one
   */
  Set<String> words(String name, Set<String> usual, Set<String> allowed) {
    if (!has(name)) {
      return usual;
    }
    Set<String> words = new TreeSet<>();
    for (String word : text(name).orElse("").split(",", -1)) {
      if (!allowed.contains(word)) {
        throw Problem.badRequest(
            "parameter '"
                + name
                + "': '"
                + word
                + "'; allowed: "
                + String.join(", ", new TreeSet<>(allowed)));
      }
      words.add(word);
    }
    return words;
  }

  /** The part of a list that is asked for: {@code offset} and {@code limit}. */
  <T> List<T> part(List<T> all, int usual, int most) {
    int offset = (int) number("offset", 0, 0, Integer.MAX_VALUE);
    int limit = (int) number("limit", usual, 1, most);
    int from = Math.min(offset, all.size());
    return new ArrayList<>(all.subList(from, (int) Math.min(all.size(), (long) from + limit)));
  }

  /**
   * The rest of the path, where a route ends with {@code *}: names separated by slashes, decoded.
   * Vert.x decodes named parameters only, and gives this one as it was sent.
   *
   * @throws Problem 400 for an escaped slash, because no name of a file has one
   */
  static String rest(RoutingContext context) {
    String rest = context.pathParam("*");
    if (rest == null) {
      return "";
    }
    if (ESCAPED_SLASH.matcher(rest).find()) {
      throw Problem.badRequest(
          "path '" + rest + "': an escaped slash; allowed: names separated by '/'");
    }
    return URLDecoder.decode(trimmed(rest).replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Without slashes at its ends. */
  static String trimmed(String path) {
    int from = 0;
    int to = path.length();
    while (from < to && path.charAt(from) == '/') {
      from++;
    }
    while (to > from && path.charAt(to - 1) == '/') {
      to--;
    }
    return path.substring(from, to);
  }
}
