/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/http.md has every call that openapi.yaml describes, and no other. */
class DocumentedCallsTest {
  private static final Path PAGE = Path.of("..", "docs", "http.md");
  private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");

  /** A path in the text, up to its query. */
  private static final Pattern MENTIONED = Pattern.compile("/(?:api|vaai)/v1/[A-Za-z0-9/_-]+");

  /** A part of a path that stands for something else: {@code VOLUME}, or an example of it. */
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\w+\\}|[A-Z]+");

  private final JsonNode paths = paths();
  private final String page = page();

  private static JsonNode paths() {
    try (InputStream in = HttpDoor.class.getResourceAsStream("openapi.yaml")) {
      return new YAMLMapper().readTree(in).path("paths");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String page() {
    try {
      return Files.readString(PAGE, UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theTableHasEveryCallWithItsSummary() {
    List<String> rows = new ArrayList<>();
    paths
        .properties()
        .forEach(
            path ->
                METHODS.stream()
                    .filter(path.getValue()::has)
                    .forEach(
                        method ->
                            rows.add(
                                "| `%s %s` | %s |"
                                    .formatted(
                                        method.toUpperCase(Locale.ROOT),
                                        inDocument(path.getKey()),
                                        path.getValue()
                                            .path(method)
                                            .path("summary")
                                            .asText()
                                            .replace("|", "\\|")))));
    String table = page.substring(page.indexOf("\n## Every call\n"));
    assertThat(table.lines().filter(line -> line.startsWith("| `")))
        .containsExactlyElementsOf(rows)
        .hasSizeGreaterThan(80);
  }

  private static String inDocument(String path) {
    Matcher parameter = Pattern.compile("\\{(\\w+)\\}").matcher(path);
    return parameter.replaceAll(found -> found.group(1).toUpperCase(Locale.ROOT));
  }

  @Test
  void whatTheTextMentionsIsThere() {
    Set<String> described = new TreeSet<>();
    paths.fieldNames().forEachRemaining(path -> described.add(shape(path)));
    Set<String> mentioned = new TreeSet<>();
    Matcher found = MENTIONED.matcher(page);
    while (found.find()) {
      mentioned.add(shape(found.group().replaceAll("/$", "")));
    }
    assertThat(mentioned).hasSizeGreaterThan(60);
    for (String each : mentioned) {
      Pattern beginning =
          Pattern.compile(Pattern.quote(each).replace("*", "\\E[^/]+\\Q") + "(/.*)?");
      assertThat(described)
          .as("%s is a path, or its beginning", each)
          .anyMatch(
              path -> path.equals(each) || beginning.matcher(path).matches() || fits(path, each));
    }
  }

  /** Whether a path that a person may type is of a shape. */
  private static boolean fits(String shape, String typed) {
    return typed.matches("\\Q" + shape.replace("*", "\\E[^/]+(/.*)?\\Q") + "\\E");
  }

  private static String shape(String path) {
    return PLACEHOLDER.matcher(path).replaceAll("*");
  }
}
