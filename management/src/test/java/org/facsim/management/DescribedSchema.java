/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** As much of JSON Schema as {@code openapi.yaml} uses; a keyword beyond that is an error. */
final class DescribedSchema {
  private static final List<String> WITHOUT_MEANING_HERE =
      List.of("description", "example", "format", "default");

  private final JsonNode document;
  private final List<String> problems = new ArrayList<>();

  private DescribedSchema(JsonNode document) {
    this.document = document;
  }

  /** Where a value is not as the schema says; empty if it is. */
  static List<String> problemsOf(JsonNode document, JsonNode schema, JsonNode value) {
    DescribedSchema described = new DescribedSchema(document);
    described.check(schema, value, "$");
    return described.problems;
  }

  /** What a reference stands for, or the node itself. */
  static JsonNode resolve(JsonNode document, JsonNode node) {
    JsonNode at = node;
    while (at.has("$ref")) {
      at = document.at(at.path("$ref").asText().substring(1));
    }
    if (at.isMissingNode()) {
      throw new AssertionError(node + " leads nowhere");
    }
    return at;
  }

  private void check(JsonNode reference, JsonNode value, String where) {
    JsonNode schema = resolve(document, reference);
    schema
        .properties()
        .forEach(keyword -> check(schema, keyword.getKey(), keyword.getValue(), value, where));
  }

  private void check(JsonNode schema, String keyword, JsonNode said, JsonNode value, String where) {
    switch (keyword) {
      case "type" -> require(isOfType(said.asText(), value), where, said, value);
      case "enum" -> require(contains(said, value), where, said, value);
      case "pattern" -> require(value.asText().matches(said.asText()), where, said, value);
      case "minimum" -> require(value.asLong() >= said.asLong(), where, said, value);
      case "maximum" -> require(value.asLong() <= said.asLong(), where, said, value);
      case "minLength" -> require(value.asText().length() >= said.asInt(), where, said, value);
      case "maxLength" -> require(value.asText().length() <= said.asInt(), where, said, value);
      case "maxItems" -> require(value.size() <= said.asInt(), where, said, value);
      case "required" ->
          said.forEach(name -> require(value.has(name.asText()), where, said, value));
      case "properties" ->
          said.properties()
              .forEach(
                  property -> {
                    if (value.has(property.getKey())) {
                      check(
                          property.getValue(),
                          value.path(property.getKey()),
                          where + "." + property.getKey());
                    }
                  });
      case "additionalProperties" -> checkOthers(schema, said, value, where);
      case "items" -> value.forEach(item -> check(said, item, where + "[]"));
      case "oneOf" -> require(fitsOne(said, value), where, said, value);
      default ->
          require(
              WITHOUT_MEANING_HERE.contains(keyword), where + " keyword " + keyword, said, value);
    }
  }

  private void checkOthers(JsonNode schema, JsonNode said, JsonNode value, String where) {
    value
        .properties()
        .forEach(
            property -> {
              boolean isDescribed = schema.path("properties").has(property.getKey());
              if (!isDescribed && said.isObject()) {
                check(said, property.getValue(), where + "." + property.getKey());
              } else {
                require(
                    isDescribed || said.asBoolean(), where + "." + property.getKey(), said, value);
              }
            });
  }

  private boolean fitsOne(JsonNode schemas, JsonNode value) {
    int fitting = 0;
    for (JsonNode each : schemas) {
      fitting += problemsOf(document, each, value).isEmpty() ? 1 : 0;
    }
    return fitting == 1;
  }

  private static boolean isOfType(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      default -> throw new AssertionError("type " + type);
    };
  }

  private static boolean contains(JsonNode constants, JsonNode value) {
    for (JsonNode each : constants) {
      if (each.equals(value)) {
        return true;
      }
    }
    return false;
  }

  private void require(boolean fits, String where, JsonNode said, JsonNode value) {
    if (!fits) {
      problems.add(where + ": " + value + " against " + said);
    }
  }
}
