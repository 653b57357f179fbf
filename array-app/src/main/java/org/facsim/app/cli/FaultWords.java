/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.StringJoiner;

/** A fault rule on one line, with what it has done so far. */
final class FaultWords {
  private FaultWords() {}

  static String of(JsonNode installed) {
    JsonNode rule = installed.path("rule");
    StringJoiner line = new StringJoiner("  ");
    line.add(installed.path("id").asText());
    if (rule.has("name")) {
      line.add("'" + rule.path("name").asText() + "'");
    }
    line.add(rule.has("match") ? fields(rule.path("match")) : "all calls but those of http");
    line.add("-> " + fields(rule.path("act")));
    if (rule.has("limits")) {
      line.add(fields(rule.path("limits")));
    }
    if (rule.has("seed")) {
      line.add("seed=" + rule.path("seed").asText());
    }
    line.add(
        "matched "
            + installed.path("matched").asText()
            + ", applied "
            + installed.path("hits").asText());
    if (installed.has("lastHit")) {
      line.add("last " + lastHit(installed.path("lastHit")));
    }
    return line.toString();
  }

  private static String lastHit(JsonNode hit) {
    StringJoiner words = new StringJoiner(" ");
    for (String field : new String[] {"at", "client", "door", "procedure", "path"}) {
      if (hit.has(field)) {
        words.add(hit.path(field).asText());
      }
    }
    return words.toString();
  }

  private static String fields(JsonNode object) {
    StringJoiner words = new StringJoiner(" ");
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      words.add(inWords(field.getKey(), field.getValue()));
    }
    return words.toString();
  }

  private static String inWords(String name, JsonNode value) {
    if (value.isBoolean()) {
      return name;
    } else if (value.isArray()) {
      StringJoiner items = new StringJoiner(",");
      value.forEach(item -> items.add(item.asText()));
      return name + "=" + items;
    }
    return value.isObject() ? name + "(" + fields(value) + ")" : name + "=" + value.asText();
  }
}
