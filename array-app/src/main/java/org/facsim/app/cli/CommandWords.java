/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says what an array refuses in the words of the command line: the array names fields of JSON and
 * routes of HTTP, of which whoever typed a command has seen none.
 */
final class CommandWords {
  private static final Pattern FIELD = Pattern.compile("field '([A-Za-z.]+)(?:\\[(\\d+)\\])?'");
  private static final Pattern PARAMETER = Pattern.compile("parameter '([A-Za-z]+)'");

  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("name", "NAME"),
          Map.entry("sizeBytes", "SIZE"),
          Map.entry("rules", "RULE"),
          Map.entry("profile", "--profile"),
          Map.entry("profile.profile", "--profile"),
          Map.entry("path", "PATH"),
          Map.entry("source", "VOLUME/PATH"),
          Map.entry("source.volume", "VOLUME/PATH"),
          Map.entry("source.path", "VOLUME/PATH"),
          Map.entry("destination", "PATH"),
          Map.entry("destination.path", "PATH"),
          Map.entry("destination.volume", "--to-volume"),
          Map.entry("diskSizeBytes", "--disk-size"),
          Map.entry("entries", "CALLS"));

  private static final Map<String, String> ROUTES =
      Map.of(
          "GET /api/v1/volumes", "'facsim volume list'",
          "GET /api/v1/profiles", "'facsim profiles'",
          "GET /api/v1/states", "'facsim state list'",
          "/api/v1/lab/causes", "'facsim lab answer --help'");

  private CommandWords() {}

  /** A refusal without names of fields and routes, as far as they have another name here. */
  static String of(String refusal) {
    String said = FIELD.matcher(refusal).replaceAll(CommandWords::field);
    said =
        PARAMETER
            .matcher(said)
            .replaceAll(found -> Matcher.quoteReplacement("--" + found.group(1)));
    for (Map.Entry<String, String> route : ROUTES.entrySet()) {
      said = said.replace(route.getKey() + " ", route.getValue() + " ");
    }
    return said;
  }

  private static String field(MatchResult found) {
    String word = WORDS.get(found.group(1));
    String number = found.group(2);
    String said =
        word == null
            ? found.group()
            : number == null ? word : word + " " + (Integer.parseInt(number) + 1);
    return Matcher.quoteReplacement(said);
  }
}
