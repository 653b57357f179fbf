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

/** A part of a YAML document that knows its line, so that an error can name it. */
sealed interface ConfigNode {
  /** The deepest nesting that a configuration may have. */
  int MAX_DEPTH = 8;

  /** Counted from 1. */
  int line();

  /** A scalar as it was written, without its quotes; empty if there is no value. */
  record Text(int line, String value) implements ConfigNode {}

  /** A list. */
  record Items(int line, List<ConfigNode> nodes) implements ConfigNode {}

  /** A mapping, in the order of the file; the line of a field is that of its key. */
  record Fields(int line, Map<String, Field> fields) implements ConfigNode {}

  /** One field of a mapping. */
  record Field(int line, ConfigNode value) {}

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
        return new Fields(1, Map.of());
      }
      ConfigNode root = read(file, parser, 0);
      if (parser.nextToken() != null) {
        throw new ConfigException(file, lineOf(parser), "a second document; allowed: one");
      }
      return root;
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String what = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
      throw new ConfigException(file, at == null ? 1 : at.getLineNr(), what + "; allowed: YAML");
    } catch (IOException e) {
      throw new IllegalStateException("a text cannot be read", e);
    }
  }

  private static int lineOf(YAMLParser parser) {
    return parser.currentTokenLocation().getLineNr();
  }

  private static ConfigNode read(String file, YAMLParser parser, int depth)
      throws IOException, ConfigException {
    int line = lineOf(parser);
    if (depth > MAX_DEPTH) {
      throw new ConfigException(file, line, "nested too deep; allowed: " + MAX_DEPTH + " levels");
    }
    if (parser.isCurrentAlias()) {
      throw new ConfigException(file, line, "an alias; allowed: plain values");
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> fields(file, parser, depth);
      case START_ARRAY -> {
        List<ConfigNode> nodes = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          nodes.add(read(file, parser, depth + 1));
        }
        yield new Items(line, nodes);
      }
      case VALUE_NULL -> new Text(line, "");
      default -> new Text(line, parser.getText());
    };
  }

  private static Fields fields(String file, YAMLParser parser, int depth)
      throws IOException, ConfigException {
    int line = lineOf(parser);
    Map<String, Field> fields = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      int keyLine = lineOf(parser);
      parser.nextToken();
      if (fields.put(name, new Field(keyLine, read(file, parser, depth + 1))) != null) {
        throw new ConfigException(file, keyLine, name + " is there twice; allowed: once");
      }
    }
    return new Fields(line, fields);
  }
}
