/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A part of a YAML document that knows its place, so that an error can name it. */
sealed interface ConfigNode {
  /** The deepest nesting that a configuration may have. */
  int MAX_DEPTH = 8;

  /** Where it begins. */
  Place at();

  /**
   * A place in the file.
   *
   * @param line counted from 1
   * @param column counted from 1
   */
  record Place(int line, int column) {
    static final Place START = new Place(1, 1);

    /** {@code LINE:COLUMN}. */
    @Override
    public String toString() {
      return line + ":" + column;
    }
  }

  /** A scalar as it was written, without its quotes; empty if there is no value. */
  record Text(Place at, String value) implements ConfigNode {}

  /** A list. */
  record Items(Place at, List<ConfigNode> nodes) implements ConfigNode {}

  /** A mapping, in the order of the file. */
  record Fields(Place at, Map<String, Field> fields) implements ConfigNode {}

  /**
   * One field of a mapping.
   *
   * @param at where its key is
   */
  record Field(Place at, ConfigNode value) {}

  /**
   * Reads a document.
   *
   * @param file its name, for messages
   * @throws ConfigException if it is not YAML, or uses a feature of YAML that configurations do not
   *     have
   */
  static ConfigNode parse(String file, String yaml) throws ConfigException {
    try (YAMLParser parser = new YAMLFactory().createParser(yaml)) {
      if (parser.nextToken() == null) {
        return new Fields(Place.START, Map.of());
      }
      ConfigNode root = read(file, parser, 0);
      if (parser.nextToken() != null) {
        throw new ConfigException(file, placeOf(parser), "a second document; allowed: one");
      }
      return root;
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String what = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
      throw new ConfigException(
          file, at == null ? Place.START : placeOf(at), what + "; allowed: YAML");
    } catch (IOException e) {
      throw new IllegalStateException("a text cannot be read", e);
    }
  }

  private static Place placeOf(YAMLParser parser) {
    return placeOf(parser.currentTokenLocation());
  }

  private static Place placeOf(JsonLocation location) {
    return new Place(location.getLineNr(), location.getColumnNr());
  }

  private static ConfigNode read(String file, YAMLParser parser, int depth)
      throws IOException, ConfigException {
    Place at = placeOf(parser);
    if (depth > MAX_DEPTH) {
      throw new ConfigException(file, at, "nested too deep; allowed: " + MAX_DEPTH + " levels");
    }
    if (parser.isCurrentAlias()) {
      throw new ConfigException(file, at, "an alias; allowed: plain values");
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> fields(file, parser, depth);
      case START_ARRAY -> {
        List<ConfigNode> nodes = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          nodes.add(read(file, parser, depth + 1));
        }
        yield new Items(at, nodes);
      }
      case VALUE_NULL -> new Text(at, "");
      default -> new Text(at, parser.getText());
    };
  }

  private static Fields fields(String file, YAMLParser parser, int depth)
      throws IOException, ConfigException {
    Place at = placeOf(parser);
    Map<String, Field> fields = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      Place key = placeOf(parser);
      parser.nextToken();
      if (fields.put(name, new Field(key, read(file, parser, depth + 1))) != null) {
        throw new ConfigException(file, key, name + " is there twice; allowed: once");
      }
    }
    return new Fields(at, fields);
  }
}
