/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.facsim.array.SystemFailure;
import org.facsim.services.access.ExportRule;
import org.facsim.services.access.ExportSyntax;
import org.facsim.services.control.VolumeSpec;
import org.facsim.services.units.ByteSize;

/**
 * A configuration file of {@code facsim serve}: the long options without their dashes as fields,
 * and volumes with their exports.
 *
 * <pre>
 * listen: 0.0.0.0
 * nfs-port: 2049
 * volumes:
 *   - name: datastore1
 *     size: 40GiB
 *     exports:
 *       - 10.0.0.0/8(rw)
 *       - "*(ro,root_squash)"
 * </pre>
 *
 * @param options the values of options, by name without dashes
 * @param volumes in the order of the file
 * @param exports rules by volume; a volume whose rules the file does not give is not in the map
 */
record ServeConfiguration(
    Map<String, Value> options, List<VolumeSpec> volumes, Map<String, List<ExportRule>> exports) {
  static final ServeConfiguration NONE = new ServeConfiguration(Map.of(), List.of(), Map.of());

  static final String VOLUMES = "volumes";

  private static final int MAX_BYTES = 1 << 20;
  static final Set<String> VOLUME_FIELDS = new TreeSet<>(Set.of("name", "size", "exports"));

  /**
   * The value of an option.
   *
   * @param origin where it comes from: file, line, column and field; or a variable
   */
  record Value(String text, String origin) {}

  /**
   * Reads a file.
   *
   * @param optionNames the options that may be fields, without dashes
   */
  static ServeConfiguration read(Path file, Set<String> optionNames) throws ConfigException {
    return parse(file.toString(), text(file), optionNames);
  }

  /**
   * Reads a file to find all that is wrong with it.
   *
   * @param mistakes gets what is wrong
   * @return what is right. A volume without a right size has the smallest
   */
  static ServeConfiguration read(
      Path file, Set<String> optionNames, List<ConfigException> mistakes) {
    try {
      return parse(file.toString(), text(file), optionNames, mistakes);
    } catch (ConfigException e) { // nothing can be read
      mistakes.add(e);
      return NONE;
    }
  }

  private static String text(Path file) throws ConfigException {
    String name = file.toString();
    try {
      if (Files.isRegularFile(file) && Files.size(file) > MAX_BYTES) {
        throw new ConfigException(name, "too long; allowed: at most 1MiB");
      }
      return Files.readString(file, UTF_8);
    } catch (IOException e) {
      throw new ConfigException(
          name, "cannot be read: " + reason(e) + "; allowed: a file of YAML in UTF-8");
    }
  }

  private static String reason(IOException e) {
    return e instanceof NoSuchFileException ? "it does not exist" : SystemFailure.inWords(e);
  }

  static ServeConfiguration parse(String file, String yaml, Set<String> optionNames)
      throws ConfigException {
    List<ConfigException> mistakes = new ArrayList<>();
    ServeConfiguration read = parse(file, yaml, optionNames, mistakes);
    if (!mistakes.isEmpty()) {
      throw mistakes.get(0);
    }
    return read;
  }

  /** What is right in a text; what is not is added to the mistakes, in the order of the text. */
  private static ServeConfiguration parse(
      String file, String yaml, Set<String> optionNames, List<ConfigException> mistakes)
      throws ConfigException {
    Reader reader = new Reader(file, optionNames, mistakes);
    ConfigNode root = ConfigNode.parse(file, yaml);
    reader.attempt(() -> reader.root(root));
    return new ServeConfiguration(
        Map.copyOf(reader.options), List.copyOf(reader.volumes), Map.copyOf(reader.exports));
  }

  /** Without the value of an option. */
  ServeConfiguration without(String option) {
    Map<String, Value> others = new HashMap<>(options);
    others.remove(option);
    return new ServeConfiguration(Map.copyOf(others), volumes, exports);
  }

  /** A part of the reading. */
  private interface Part {
    void read() throws ConfigException;
  }

  /** Reads the document in one pass, and goes on behind what is wrong. */
  private static final class Reader {
    private final String file;
    private final Set<String> optionNames;
    private final Map<String, Value> options = new HashMap<>();
    private final List<VolumeSpec> volumes = new ArrayList<>();
    private final Map<String, List<ExportRule>> exports = new LinkedHashMap<>();

    private final List<ConfigException> mistakes;

    Reader(String file, Set<String> optionNames, List<ConfigException> mistakes) {
      this.file = file;
      this.optionNames = optionNames;
      this.mistakes = mistakes;
    }

    void attempt(Part part) {
      try {
        part.read();
      } catch (ConfigException e) {
        mistakes.add(e);
      }
    }

    void root(ConfigNode root) throws ConfigException {
      Set<String> allowed = new TreeSet<>(optionNames);
      allowed.add(VOLUMES);
      for (var entry : fields("", root, allowed).entrySet()) {
        ConfigNode.Field field = entry.getValue();
        attempt(
            () -> {
              if (entry.getKey().equals(VOLUMES)) {
                volumes(field);
              } else {
                option(entry.getKey(), field.value());
              }
            });
      }
    }

    private void option(String name, ConfigNode value) throws ConfigException {
      options.put(name, new Value(text(name, value), file + ":" + value.at() + ": " + name));
    }

    private void volumes(ConfigNode.Field field) throws ConfigException {
      List<ConfigNode> nodes = items(VOLUMES, field.value(), "a list with name and size of each");
      for (int i = 0; i < nodes.size(); i++) {
        String path = VOLUMES + "[" + i + "]";
        ConfigNode node = nodes.get(i);
        attempt(() -> volume(path, node));
      }
    }

    private void volume(String path, ConfigNode node) throws ConfigException {
      Map<String, ConfigNode.Field> fields = fields(path, node, VOLUME_FIELDS);
      ConfigNode.Field nameField = required(path, "name", node, fields);
      String name = text(path + ".name", nameField.value());
      if (volumes.stream().anyMatch(volume -> volume.name().equals(name))) {
        throw new ConfigException(
            file,
            nameField.value().at(),
            path + ".name: volume '" + name + "' is there twice; allowed: each name once");
      }
      // what is said of this volume elsewhere shall not be called wrong, too
      VolumeSpec smallest =
          checked(nameField.value().at(), path, name, text -> new VolumeSpec(text, ByteSize.MIB));
      int index = volumes.size();
      volumes.add(smallest);
      attempt(() -> volumes.set(index, sized(path, name, node, fields)));
      ConfigNode.Field exportsField = fields.get("exports");
      if (exportsField != null) {
        attempt(() -> exports.put(name, rules(path + ".exports", exportsField)));
      }
    }

    private VolumeSpec sized(
        String path, String name, ConfigNode node, Map<String, ConfigNode.Field> fields)
        throws ConfigException {
      ConfigNode.Field sizeField = required(path, "size", node, fields);
      String sizeText = text(path + ".size", sizeField.value());
      long sizeBytes = checked(sizeField.value().at(), path + ".size", sizeText, ByteSize::parse);
      return checked(
          fields.get("name").value().at(), path, name, text -> new VolumeSpec(text, sizeBytes));
    }

    /** One text with all rules, or a list; an empty list exports to nobody. */
    private List<ExportRule> rules(String path, ConfigNode.Field field) throws ConfigException {
      if (field.value() instanceof ConfigNode.Text text) {
        return checked(text.at(), path, text.value(), ExportSyntax::parseRules);
      }
      List<ExportRule> rules = new ArrayList<>();
      List<ConfigNode> nodes = items(path, field.value(), "rules such as 10.0.0.0/8(ro)");
      for (int i = 0; i < nodes.size(); i++) {
        String at = path + "[" + i + "]";
        ConfigNode node = nodes.get(i);
        attempt(
            () -> rules.addAll(checked(node.at(), at, text(at, node), ExportSyntax::parseRules)));
      }
      return rules;
    }

    private <T> T checked(ConfigNode.Place at, String path, String text, Function<String, T> parser)
        throws ConfigException {
      try {
        return parser.apply(text);
      } catch (IllegalArgumentException e) {
        throw new ConfigException(file, at, path + ": " + e.getMessage());
      }
    }

    private ConfigNode.Field required(
        String path, String name, ConfigNode node, Map<String, ConfigNode.Field> fields)
        throws ConfigException {
      ConfigNode.Field field = fields.get(name);
      if (field == null) {
        throw new ConfigException(
            file,
            node.at(),
            path + " has no " + name + "; allowed: " + String.join(", ", VOLUME_FIELDS));
      }
      return field;
    }

    private Map<String, ConfigNode.Field> fields(String path, ConfigNode node, Set<String> allowed)
        throws ConfigException {
      String names = "; allowed: " + String.join(", ", allowed);
      if (!(node instanceof ConfigNode.Fields mapping)) {
        throw new ConfigException(
            file, node.at(), (path.isEmpty() ? "the file" : path) + " has no fields" + names);
      }
      Map<String, ConfigNode.Field> known = new LinkedHashMap<>(mapping.fields());
      for (var entry : mapping.fields().entrySet()) {
        if (!allowed.contains(entry.getKey())) {
          known.remove(entry.getKey());
          String full = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
          mistakes.add(
              new ConfigException(file, entry.getValue().at(), "unknown field " + full + names));
        }
      }
      return known;
    }

    private List<ConfigNode> items(String path, ConfigNode node, String allowed)
        throws ConfigException {
      if (node instanceof ConfigNode.Items items) {
        return items.nodes();
      }
      throw new ConfigException(file, node.at(), path + " is no list; allowed: " + allowed);
    }

    private String text(String path, ConfigNode node) throws ConfigException {
      if (node instanceof ConfigNode.Text text && !text.value().isEmpty()) {
        return text.value();
      }
      throw new ConfigException(file, node.at(), path + " is no value; allowed: one value");
    }
  }
}
