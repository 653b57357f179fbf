/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.catalog;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A value in a YAML text, with where it stands, so that an error can say so. Anchors and aliases
 * are refused: no file of ours needs them.
 */
final class YamlEntry {
  private static final int MAX_CHARACTERS = 1 << 20;
  private static final int MAX_DEPTH = 8;
  private static final int MAX_TEXT = 200;

  private final String file;
  private final String path;
  private final String pointer;
  private final String key;
  private final Mark where;
  private final Node value;

  private YamlEntry(String file, String path, String pointer, String key, Mark where, Node value) {
    this.file = file;
    this.path = path;
    this.pointer = pointer;
    this.key = key;
    this.where = where;
    this.value = value;
  }

  /**
   * The text as a whole, which must be a mapping. An empty text is an empty mapping.
   *
   * @param file what errors call it
   */
  static YamlEntry read(String file, String yaml) {
    LoaderOptions limits = new LoaderOptions();
    limits.setCodePointLimit(MAX_CHARACTERS);
    limits.setNestingDepthLimit(MAX_DEPTH);
    limits.setMaxAliasesForCollections(0);
    Node root;
    try {
      root = new Yaml(limits).compose(new StringReader(yaml));
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      throw new GuestFileException(
          "%s:%d:%d: %s; allowed: YAML"
              .formatted(file, mark.getLine() + 1, mark.getColumn() + 1, e.getProblem()));
    } catch (YAMLException e) {
      throw new GuestFileException(
          "%s: %s; allowed: YAML of at most %d characters"
              .formatted(file, e.getMessage().lines().findFirst().orElse(""), MAX_CHARACTERS));
    }
    YamlEntry top =
        new YamlEntry(file, "", "", "", root == null ? null : root.getStartMark(), root);
    top.mapping();
    return top;
  }

  String key() {
    return key;
  }

  /** An error about this value. */
  GuestFileException wrong(String what) {
    String place =
        where == null
            ? file
            : "%s:%d:%d".formatted(file, where.getLine() + 1, where.getColumn() + 1);
    String words = path.isEmpty() ? what : path + ": " + what;
    return new GuestFileException(place + ": " + words, pointer, words);
  }

  void allowOnly(List<String> keys) {
    for (Map.Entry<String, YamlEntry> each : mapping().entrySet()) {
      if (!keys.contains(each.getKey())) {
        throw each.getValue().wrong("no such key; allowed: " + String.join(", ", keys));
      }
    }
  }

  void need(String... keys) {
    for (String each : keys) {
      if (get(each).isEmpty()) {
        throw wrong("'%s' is missing; needed: %s".formatted(each, String.join(", ", keys)));
      }
    }
  }

  Optional<YamlEntry> get(String name) {
    return Optional.ofNullable(mapping().get(name));
  }

  List<YamlEntry> entries() {
    return List.copyOf(mapping().values());
  }

  List<YamlEntry> items(int most) {
    if (!(value instanceof SequenceNode list) || list.getValue().size() > most) {
      throw wrong("allowed: a list of at most " + most);
    }
    List<YamlEntry> items = new ArrayList<>();
    for (Node item : list.getValue()) {
      String at = pointer + "/" + items.size();
      items.add(new YamlEntry(file, path, at, key, item.getStartMark(), item));
    }
    return items;
  }

  String text() {
    if (!(value instanceof ScalarNode scalar)
        || scalar.getValue().isBlank()
        || scalar.getValue().length() > MAX_TEXT
        || scalar.getValue().chars().anyMatch(Character::isISOControl)) {
      throw wrong("allowed: a text of 1 to " + MAX_TEXT + " characters");
    }
    return scalar.getValue();
  }

  Optional<String> text(String name) {
    return get(name).map(YamlEntry::text);
  }

  Optional<List<String>> texts(String name, int most) {
    return get(name).map(list -> list.items(most).stream().map(YamlEntry::text).toList());
  }

  Optional<Integer> number(String name, int least, int most) {
    return get(name).map(entry -> entry.number(least, most));
  }

  private int number(int least, int most) {
    String text = text();
    if (text.matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw wrong("'%s'; allowed: %d to %d".formatted(text, least, most));
  }

  private Map<String, YamlEntry> mapping() {
    Map<String, YamlEntry> entries = new LinkedHashMap<>();
    if (value == null) {
      return entries;
    }
    if (!(value instanceof MappingNode mapping)) {
      throw wrong("allowed: a mapping");
    }
    for (NodeTuple each : mapping.getValue()) {
      Mark at = each.getKeyNode().getStartMark();
      if (!(each.getKeyNode() instanceof ScalarNode name)) {
        throw new YamlEntry(file, path, pointer, "", at, null)
            .wrong("allowed: a key that is a text");
      }
      String below = path.isEmpty() ? name.getValue() : path + "." + name.getValue();
      String pointerBelow = pointer + "/" + name.getValue().replace("~", "~0").replace("/", "~1");
      YamlEntry entry =
          new YamlEntry(file, below, pointerBelow, name.getValue(), at, each.getValueNode());
      if (entries.put(name.getValue(), entry) != null) {
        throw entry.wrong("the key stands here twice; allowed: once");
      }
    }
    return entries;
  }
}
