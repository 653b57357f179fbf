/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.facsim.array.SystemFailure;

/**
 * A YAML file as a tree in which every value knows its line and column, and where problems are
 * collected. The tree is that of JSON: anchors, aliases and several documents in one file are
 * refused. Not thread-safe.
 */
public final class YamlFile {
  /** The largest file that is read. */
  public static final int MAX_BYTES = 1 << 20;

  /** Problems that are reported at most. */
  private static final int MAX_PROBLEMS = 50;

  private static final int MAX_DEPTH = 32;

  /** Where something is, in a message of the parser. */
  private static final Pattern PLACE =
      Pattern.compile(" in '[^']*', line ([0-9]{1,9}), column ([0-9]{1,9})");

  /** The most memory for the places of values: each has the keys above it in its pointer. */
  private static final int MAX_POINTER_CHARACTERS = 8 << 20;

  private final String name;
  private final Map<String, Place> placeByPointer = new HashMap<>();
  private final List<FileProblem> problems = new ArrayList<>();

  /** The pointers of what the schema refused; nothing more is said of these values. */
  private final Set<String> refused = new HashSet<>();

  private final Set<String> refusedLater = new HashSet<>();

  private JsonNode root;
  private long pointerCharacters;

  /** Where a key and its value begin; for an element of a list both are the same. */
  private record Place(int keyLine, int keyColumn, int line, int column) {}

  private YamlFile(String name) {
    this.name = name;
  }

  /**
   * Reads a file.
   *
   * @throws WrongFileException if it cannot be read, is too large or is no YAML
   */
  public static YamlFile read(Path file) throws WrongFileException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw whole(file.toString(), Files.size(file) + " bytes; allowed: " + MAX_BYTES);
      }
      return parse(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw whole(file.toString(), "cannot be read: " + SystemFailure.inWords(e));
    }
  }

  /**
   * Parses a text.
   *
   * @param name by which problems name the file
   * @throws WrongFileException if it is no YAML, no mapping, or has too many values
   */
  public static YamlFile parse(String yaml, String name) throws WrongFileException {
    YamlFile file = new YamlFile(name);
    try (YAMLParser parser = new YAMLFactory().createParser(yaml)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw whole(name, "no mapping; allowed: lines of 'key: value'");
      }
      file.root = file.value(parser, "", parser.currentTokenLocation(), 0);
      if (parser.nextToken() != null) {
        file.problemAt(parser.currentTokenLocation(), "a second document; allowed: one in a file");
      }
    } catch (JsonProcessingException e) {
      throw new WrongFileException(List.of(notYaml(name, e)));
    } catch (IOException e) {
      throw whole(name, "cannot be read: " + e.getMessage());
    }
    file.requireFlawless();
    return file;
  }

  /**
   * What is wrong, and where, as the parser's message says it. Before it may stand what was being
   * read; the parser's own place is that of the last value that it could read.
   */
  private static FileProblem notYaml(String name, JsonProcessingException e) {
    List<String> lines = String.valueOf(e.getOriginalMessage()).lines().toList();
    for (int i = lines.size() - 1; i > 0; i--) {
      Matcher place = PLACE.matcher(lines.get(i));
      if (place.lookingAt()) {
        return new FileProblem(
            name,
            Integer.parseInt(place.group(1)),
            Integer.parseInt(place.group(2)),
            "no YAML: " + lines.get(i - 1));
      }
    }
    JsonLocation at = e.getLocation();
    return new FileProblem(
        name,
        at == null ? 0 : at.getLineNr(),
        at == null ? 0 : at.getColumnNr(),
        "no YAML: " + lines.stream().findFirst().orElse(""));
  }

  private static WrongFileException whole(String name, String words) {
    return new WrongFileException(List.of(new FileProblem(name, 0, 0, words)));
  }

  private JsonNode value(YAMLParser parser, String pointer, JsonLocation key, int depth)
      throws IOException, WrongFileException {
    JsonLocation at = parser.currentTokenLocation();
    pointerCharacters += pointer.length();
    if (pointerCharacters > MAX_POINTER_CHARACTERS) {
      throw new WrongFileException(
          List.of(
              new FileProblem(
                  name,
                  at.getLineNr(),
                  at.getColumnNr(),
                  "too many values, or too long keys above them; allowed: %d characters of keys"
                          .formatted(MAX_POINTER_CHARACTERS)
                      + ", those above a value counted with it")));
    }
    placeByPointer.put(
        pointer, new Place(key.getLineNr(), key.getColumnNr(), at.getLineNr(), at.getColumnNr()));
    if (parser.isCurrentAlias() || (parser.hasCurrentToken() && parser.getObjectId() != null)) {
      problemAt(at, "an anchor or alias; allowed: values written out");
    }
    if (depth > MAX_DEPTH) {
      problemAt(at, "more than " + MAX_DEPTH + " levels");
      parser.skipChildren();
      return JsonNodeFactory.instance.nullNode();
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> mapping(parser, pointer, depth);
      case START_ARRAY -> list(parser, pointer, depth);
      case VALUE_TRUE, VALUE_FALSE ->
          JsonNodeFactory.instance.booleanNode(parser.getBooleanValue());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser);
      case VALUE_NULL -> JsonNodeFactory.instance.nullNode();
      default -> JsonNodeFactory.instance.textNode(parser.getText());
    };
  }

  /** A number that JSON has; YAML's {@code .inf} and numbers beyond 64 bits stay texts. */
  private static JsonNode number(YAMLParser parser) throws IOException {
    return switch (parser.getNumberType()) {
      case INT, LONG -> JsonNodeFactory.instance.numberNode(parser.getLongValue());
      case FLOAT, DOUBLE -> {
        double value = parser.getDoubleValue();
        yield Double.isFinite(value)
            ? JsonNodeFactory.instance.numberNode(value)
            : JsonNodeFactory.instance.textNode(parser.getText());
      }
      case BIG_INTEGER, BIG_DECIMAL -> JsonNodeFactory.instance.textNode(parser.getText());
    };
  }

  private JsonNode mapping(YAMLParser parser, String pointer, int depth)
      throws IOException, WrongFileException {
    ObjectNode mapping = JsonNodeFactory.instance.objectNode();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      JsonLocation at = parser.currentTokenLocation();
      parser.nextToken();
      JsonNode value = value(parser, pointer + "/" + escape(key), at, depth + 1);
      if (mapping.replace(key, value) != null) {
        problemAt(at, "'" + key + "' is there twice; allowed: once");
      }
    }
    return mapping;
  }

  private JsonNode list(YAMLParser parser, String pointer, int depth)
      throws IOException, WrongFileException {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(
          value(parser, pointer + "/" + list.size(), parser.currentTokenLocation(), depth + 1));
    }
    return list;
  }

  /** A name in a JSON pointer. */
  static String escape(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }

  private void problemAt(JsonLocation at, String words) {
    add(new FileProblem(name, at.getLineNr(), at.getColumnNr(), words));
  }

  private void add(FileProblem problem) {
    if (problems.size() < MAX_PROBLEMS && !problems.contains(problem)) {
      problems.add(problem);
    }
  }

  /** The file as the user named it. */
  public String name() {
    return name;
  }

  /** The whole tree. */
  public YamlNode root() {
    return new YamlNode(this, "", root);
  }

  JsonNode json() {
    return root;
  }

  /** The file that a path in this one means. */
  Path resolve(String path) {
    return Path.of(name).resolveSibling(path);
  }

  /**
   * Notes a problem at the value that a JSON pointer leads to, or the nearest one around it. If the
   * schema has refused that value, nothing is noted, because its author knows already.
   */
  void problem(String pointer, String words) {
    if (!refused.contains(pointer)) {
      Place place = place(pointer);
      add(new FileProblem(name, place.line, place.column, words));
    }
  }

  /** Notes a problem at a key. */
  void problemAtKey(String pointer, String words) {
    Place place = place(pointer);
    add(new FileProblem(name, place.keyLine, place.keyColumn, words));
  }

  /** Notes that the schema refuses a value; later problems of it are not noted. */
  void refuse(String pointer, String words) {
    problem(pointer, words);
    refusedLater.add(pointer);
  }

  /** The same of a key. */
  void refuseKey(String pointer, String words) {
    problemAtKey(pointer, words);
    refusedLater.add(pointer);
  }

  /** The schema has said all that it has to say. */
  void schemaIsDone() {
    refused.addAll(refusedLater);
  }

  /** Whether the schema accepts a value with everything in it. */
  boolean isSound(String pointer) {
    return refused.stream().noneMatch(bad -> bad.equals(pointer) || bad.startsWith(pointer + "/"));
  }

  private Place place(String pointer) {
    String at = pointer;
    while (!placeByPointer.containsKey(at)) {
      at = at.substring(0, at.lastIndexOf('/'));
    }
    return placeByPointer.get(at);
  }

  int lineOf(String pointer) {
    return place(pointer).keyLine;
  }

  /**
   * Ends the reading.
   *
   * @throws WrongFileException with all problems that were noted, if there are any
   */
  public void requireFlawless() throws WrongFileException {
    if (!problems.isEmpty()) {
      throw new WrongFileException(
          problems.stream()
              .sorted(
                  Comparator.comparingInt(FileProblem::line).thenComparingInt(FileProblem::column))
              .toList());
    }
  }
}
