/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.facsim.services.units.ByteSize;
import org.facsim.services.units.NearestWord;

/**
 * A value of a {@link YamlFile}. It is read after the schema has been checked, so that types are
 * right; what a schema cannot say becomes a problem of the file at the value's place.
 */
public final class YamlNode {
  private final YamlFile file;
  private final String pointer;
  private final JsonNode json;

  YamlNode(YamlFile file, String pointer, JsonNode json) {
    this.file = file;
    this.pointer = pointer;
    this.json = json;
  }

  /** The line of its key, from 1. */
  public int line() {
    return file.lineOf(pointer);
  }

  JsonNode json() {
    return json;
  }

  boolean isMapping() {
    return json.isObject();
  }

  /** The value of a key; empty if there is none. */
  public Optional<YamlNode> get(String key) {
    JsonNode value = json.get(key);
    return value == null
        ? Optional.empty()
        : Optional.of(new YamlNode(file, pointer + "/" + YamlFile.escape(key), value));
  }

  /** The values of a mapping by key, in the order of the file. */
  public Map<String, YamlNode> entries() {
    Map<String, YamlNode> entries = new LinkedHashMap<>();
    json.fieldNames().forEachRemaining(key -> entries.put(key, get(key).orElseThrow()));
    return entries;
  }

  /** The elements of a list; a single value counts as a list of one. */
  public List<YamlNode> elements() {
    if (!json.isArray()) {
      return List.of(this);
    }
    List<YamlNode> elements = new ArrayList<>();
    for (int i = 0; i < json.size(); i++) {
      elements.add(new YamlNode(file, pointer + "/" + i, json.get(i)));
    }
    return elements;
  }

  /** A scalar as text. */
  public String text() {
    return json.asText();
  }

  /** A value of a key as text. */
  public Optional<String> text(String key) {
    return get(key).map(YamlNode::text);
  }

  /** Whether a key is true. */
  public boolean flag(String key, boolean standard) {
    return get(key).map(value -> value.json.asBoolean()).orElse(standard);
  }

  /** A value of a key as a whole number. */
  public long number(String key, long standard) {
    return get(key).map(value -> value.json.asLong()).orElse(standard);
  }

  /** A size in bytes; notes a problem and returns 0 if it is none. */
  public long bytes() {
    return json.isIntegralNumber() ? json.asLong() : parsed(ByteSize::parse, 0L);
  }

  /**
   * Parses the text.
   *
   * @param otherwise the result if the parser throws {@link IllegalArgumentException}, whose
   *     message is then noted as a problem
   */
  public <T> T parsed(Function<String, T> parser, T otherwise) {
    try {
      return parser.apply(text());
    } catch (IllegalArgumentException e) {
      wrong(e.getMessage());
      return otherwise;
    }
  }

  /** Whether the schema accepts this value with everything in it. */
  public boolean isSound() {
    return file.isSound(pointer);
  }

  /** The file that this text names, which may be relative to the file that it stands in. */
  Path path() {
    return file.resolve(text());
  }

  /**
   * Notes a problem with a value below this one.
   *
   * @param below a JSON pointer from here, empty for this value itself
   */
  void wrongBelow(String below, String words) {
    file.problem(pointer + below, words);
  }

  /** Notes a problem with this value. */
  public void wrong(String words) {
    file.problem(pointer, words);
  }

  /** Notes a problem with this value's key. */
  public void wrongKey(String words) {
    file.problemAtKey(pointer, words);
  }

  /**
   * Checks that a name is declared.
   *
   * @param what is named, for example {@code host}
   * @return whether it is; if not, a problem is noted
   */
  public boolean declared(String what, Iterable<String> declared) {
    List<String> names = new ArrayList<>();
    declared.forEach(names::add);
    if (names.contains(text())) {
      return true;
    }
    wrong(
        what
            + " '"
            + text()
            + "' is not declared"
            + NearestWord.didYouMean(text(), names)
            + "; declared: "
            + (names.isEmpty() ? "none" : names.stream().collect(Collectors.joining(", "))));
    return false;
  }

  @Override
  public String toString() {
    return file.name() + pointer;
  }
}
