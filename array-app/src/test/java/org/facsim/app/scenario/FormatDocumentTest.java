/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of keys in the document are those of the schemas. */
class FormatDocumentTest {
  private static final Path DOCUMENT = Path.of("../docs/scenarios.md");
  private static final String BEGIN =
      "<!-- keys: made from the schemas, see FormatDocumentTest -->";
  private static final String END = "<!-- end of keys -->";

  private final JsonNode site = FileSchema.load(FileSchema.SITE);
  private final JsonNode scenario = FileSchema.load(ScenarioReader.SCHEMA);

  @Test
  void theDocumentHasTheTablesOfTheSchemas() throws Exception {
    String document = Files.readString(DOCUMENT);
    int begin = document.indexOf(BEGIN);
    int end = document.indexOf(END);
    assertThat(begin).as("the mark '%s'", BEGIN).isPositive();
    assertThat(document.substring(begin + BEGIN.length(), end).strip()).isEqualTo(tables().strip());
  }

  private String tables() {
    List<String> lines = new ArrayList<>();
    table(lines, "A scenario", scenario);
    for (String part : List.of("array", "volume", "host", "mount", "vm", "disk", "configuration")) {
      table(lines, "`" + part + "`", site.at("/$defs/" + part));
    }
    table(lines, "A step", scenario.at("/$defs/step"));
    nested(lines, "Step", scenario.at("/$defs/step/properties"));
    table(lines, "`meanwhile`", scenario.at("/$defs/step/properties/clone/properties/meanwhile"));
    table(lines, "An expectation", scenario.at("/$defs/expectation"));
    nested(lines, "Expectation", scenario.at("/$defs/expectation/properties"));
    return String.join("\n", lines);
  }

  private void nested(List<String> lines, String kind, JsonNode properties) {
    properties
        .properties()
        .forEach(
            entry -> {
              if (entry.getValue().has("properties")) {
                table(lines, kind + " `" + entry.getKey() + "`", entry.getValue());
              }
            });
  }

  private void table(List<String> lines, String title, JsonNode object) {
    lines.add("### " + title);
    lines.add("");
    lines.add("| key | value |");
    lines.add("|---|---|");
    object
        .path("properties")
        .properties()
        .forEach(entry -> lines.add(row(object, entry.getKey(), entry.getValue())));
    lines.add("");
  }

  private String row(JsonNode object, String key, JsonNode value) {
    boolean isRequired = false;
    for (JsonNode each : object.path("required")) {
      isRequired |= each.asText().equals(key);
    }
    JsonNode target = resolve(value);
    String text = value.path("description").asText(target.path("description").asText(""));
    List<String> words = new ArrayList<>();
    target.path("enum").forEach(each -> words.add("`" + each.asText() + "`"));
    String allowed = words.isEmpty() ? "" : ": " + String.join(", ", words);
    return "| `%s`%s | %s%s%s |"
        .formatted(
            key, isRequired ? " (needed)" : "", text.replace("|", "\\|"), allowed, inside(value));
  }

  /** The keys of a mapping, or of each in a list, that has no table of its own. */
  private String inside(JsonNode value) {
    JsonNode mapping = value.has("items") ? value.path("items") : value;
    if (!mapping.has("properties") || hasTable(value)) {
      return "";
    }
    List<String> keys = new ArrayList<>();
    mapping.path("properties").fieldNames().forEachRemaining(key -> keys.add("`" + key + "`"));
    return (value.has("items") ? "; each with " : "; with ") + String.join(", ", keys);
  }

  @SuppressWarnings("ReferenceEquality") // another node that is equal has no table
  private boolean hasTable(JsonNode value) {
    return Stream.of("step", "expectation")
        .flatMap(part -> scenario.at("/$defs/" + part + "/properties").valueStream())
        .anyMatch(own -> own == value);
  }

  private JsonNode resolve(JsonNode value) {
    String reference = value.path("$ref").asText("");
    if (reference.isEmpty()) {
      return value;
    }
    String pointer = reference.substring(reference.indexOf('#') + 1);
    JsonNode own = scenario.at(pointer);
    return own.isMissingNode() ? site.at(pointer) : own;
  }
}
