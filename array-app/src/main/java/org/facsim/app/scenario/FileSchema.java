/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.facsim.services.units.NearestWord;

/**
 * A JSON schema that files are checked against, and what to say of a file that it refuses: what is
 * wrong, where, and what is allowed. Immutable.
 */
public final class FileSchema {
  /** The schema of arrays, hosts and VMs, to whose definitions other schemas refer. */
  public static final String SITE = "/org/facsim/app/scenario/site.schema.json";

  private static final String ID = "$id";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, JsonNode> schemaById = new HashMap<>();
  private final Schema schema;

  private FileSchema(String resource) {
    JsonNode site = load(SITE);
    JsonNode own = load(resource);
    Map<String, String> texts = new HashMap<>();
    for (JsonNode each : List.of(site, own)) {
      schemaById.put(each.get(ID).asText(), each);
      texts.put(each.get(ID).asText(), each.toString());
    }
    SchemaRegistry registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(texts));
    schema = registry.getSchema(SchemaLocation.of(own.get(ID).asText()));
  }

  /**
   * Loads a schema.
   *
   * @param resource its path on the class path; it may refer to {@link #SITE} as {@code
   *     urn:facsim:site#/$defs/...}
   */
  public static FileSchema of(String resource) {
    return new FileSchema(resource);
  }

  /** A schema as a tree. */
  static JsonNode load(String resource) {
    try (InputStream in =
        Objects.requireNonNull(FileSchema.class.getResourceAsStream(resource), resource)) {
      return JSON.readTree(new String(in.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }

  /**
   * Checks a file and notes what the schema refuses as problems of the file. Whoever reads it then
   * asks {@link YamlNode#isSound} before it relies on the schema, and ends with {@link
   * YamlFile#requireFlawless}: so everything that is wrong is told at once.
   */
  public void check(YamlFile file) {
    for (Error error : schema.validate(file.json())) {
      note(file, error);
    }
    file.schemaIsDone();
  }

  private void note(YamlFile file, Error error) {
    String at = error.getInstanceLocation().toString();
    String keyword = error.getKeyword();
    JsonNode around = around(error);
    switch (keyword) {
      case "additionalProperties" -> {
        String key = error.getProperty();
        List<String> known = keys(around.path("properties"));
        file.refuseKey(
            at + "/" + YamlFile.escape(key),
            "'" + key + "' is no key here" + NearestWord.didYouMean(key, known) + allowed(known));
      }
      case "required" -> {
        String key = error.getProperty();
        String what = around.path("properties").path(key).path("description").asText("a value");
        file.refuse(at, "'" + key + "' is missing; allowed: " + key + ": " + what);
      }
      case "type" ->
          file.refuse(
              at, "this is " + kindOf(error.getInstanceNode()) + "; allowed: " + types(around));
      case "enum" -> {
        List<String> known = new ArrayList<>();
        around.path("enum").forEach(each -> known.add(each.asText()));
        String word = error.getInstanceNode().asText();
        file.refuse(at, "'" + word + "'" + NearestWord.didYouMean(word, known) + allowed(known));
      }
      case "pattern" ->
          file.refuse(
              at,
              "'"
                  + error.getInstanceNode().asText()
                  + "'; allowed: "
                  + around.path("description").asText("as the pattern " + around.path("pattern")));
      case "propertyNames" -> file.refuse(at, error.getMessage());
      default -> file.refuse(at, error.getMessage() + bounds(around));
    }
  }

  private static String allowed(List<String> known) {
    return "; allowed: " + String.join(", ", known);
  }

  private static List<String> keys(JsonNode properties) {
    List<String> keys = new ArrayList<>();
    properties.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** The part of the schema that has the keyword. */
  private JsonNode around(Error error) {
    String location = error.getSchemaLocation().toString();
    int hash = location.indexOf('#');
    JsonNode root = schemaById.get(location.substring(0, hash));
    String pointer = location.substring(hash + 1);
    int last = pointer.lastIndexOf('/');
    return last < 0 ? root : root.at(pointer.substring(0, last));
  }

  private static String kindOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "a mapping";
      case ARRAY -> "a list";
      case STRING -> "the text '" + value.asText() + "'";
      case NUMBER -> "the number " + value.asText();
      case BOOLEAN -> value.asText();
      case NULL, MISSING, BINARY, POJO -> "nothing";
    };
  }

  private static String types(JsonNode around) {
    List<String> types = new ArrayList<>();
    JsonNode type = around.path("type");
    (type.isArray() ? type : List.of(type)).forEach(each -> types.add(inWords(each.asText())));
    String words = String.join(" or ", types);
    JsonNode text = around.path("description");
    return text.isMissingNode() ? words : words + ": " + text.asText();
  }

  private static String inWords(String type) {
    return switch (type) {
      case "object" -> "a mapping";
      case "array" -> "a list";
      case "string" -> "a text";
      case "integer" -> "a whole number";
      case "number" -> "a number";
      case "boolean" -> "true or false";
      default -> "nothing";
    };
  }

  /** The limits beside the keyword that was not met. */
  private static String bounds(JsonNode around) {
    List<String> bounds = new ArrayList<>();
    add(bounds, around, "minimum", "%s and more");
    add(bounds, around, "maximum", "at most %s");
    add(bounds, around, "minItems", "%s elements and more");
    add(bounds, around, "maxItems", "at most %s elements");
    add(bounds, around, "minProperties", "%s keys and more");
    add(bounds, around, "maxProperties", "at most %s keys");
    return bounds.isEmpty() ? "" : "; allowed: " + String.join(", ", bounds);
  }

  private static void add(List<String> bounds, JsonNode around, String keyword, String words) {
    if (around.has(keyword)) {
      bounds.add(words.formatted(around.get(keyword).asText()));
    }
  }
}
