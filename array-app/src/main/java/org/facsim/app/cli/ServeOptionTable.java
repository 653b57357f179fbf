/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * All options of {@code facsim serve}, as the documentation and the schema of the file have them.
 */
final class ServeOptionTable {
  private static final String DEFAULT_SENTENCE =
      "\\s*(?:Default|Default of the value): [^.]*(?:\\.\\d[^ ]*)*\\.?$";

  private final List<OptionSpec> options;

  ServeOptionTable(CommandSpec serve) {
    options =
        serve.options().stream()
            .filter(option -> !option.usageHelp() && !option.versionHelp() && !option.hidden())
            .sorted(Comparator.comparing(OptionSpec::longestName))
            .toList();
  }

  List<OptionSpec> options() {
    return options;
  }

  /** The table of docs/configuration.md. */
  String markdown() {
    StringBuilder table = new StringBuilder();
    table.append("| flag | environment | in the file | default | allowed | meaning |\n");
    table.append("|---|---|---|---|---|---|\n");
    for (OptionSpec option : options) {
      String name = ServeDefaults.nameOf(option);
      table.append(
          "| `%s` | `%s` | %s | %s | %s | %s |\n"
              .formatted(
                  option.longestName(),
                  ServeDefaults.variable(name),
                  fileKey(name),
                  standard(option).isEmpty() ? "" : "`" + standard(option) + "`",
                  escaped(allowed(option)),
                  escaped(meaning(option))));
    }
    return table.toString();
  }

  /** The schema of the file, JSON Schema 2020-12. */
  ObjectNode schema() {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "The configuration file of 'facsim serve'");
    schema.put("type", "object").put("additionalProperties", false);
    ObjectNode properties = schema.putObject("properties");
    for (OptionSpec option : options) {
      String name = ServeDefaults.nameOf(option);
      if (ServeDefaults.isInFile(name)) {
        ObjectNode property = form(option) == null ? plain(option) : form(option).schema();
        property.put("description", meaning(option) + " Allowed: " + allowed(option));
        if (!standard(option).isEmpty()) {
          property.put("default", standard(option));
        }
        properties.set(name, property);
      }
    }
    properties.set(ServeConfiguration.VOLUMES, volumes());
    return schema;
  }

  private static ObjectNode volumes() {
    ObjectNode list = JsonNodeFactory.instance.objectNode().put("type", "array");
    list.put("description", "The volumes, each exported as /NAME; --volume replaces all of them");
    ObjectNode volume = list.putObject("items").put("type", "object");
    volume.put("additionalProperties", false);
    volume.putArray("required").add("name").add("size");
    ObjectNode fields = volume.putObject("properties");
    ServeConfiguration.VOLUME_FIELDS.forEach(fields::putObject);
    fields
        .withObject("/name")
        .put(
            "description",
            "1 to 64 letters, digits, '.', '_' and '-', not starting with '.' or '-'")
        .put("type", "string")
        .put("pattern", "^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$");
    fields
        .withObject("/size")
        .put("description", "At least 1MiB: a number and KiB, MiB, GiB or TiB, such as 16.5GiB")
        .put("type", "string");
    ObjectNode exports = fields.withObject("/exports");
    exports.put("description", "Rules as in exports(5); an empty list admits nobody");
    exports.putArray("anyOf").addObject().put("type", "string");
    ObjectNode rules = exports.withArray("anyOf").addObject().put("type", "array");
    rules.putObject("items").put("type", "string").put("minLength", 1);
    return list;
  }

  /** The value without any setting; empty if there is none. */
  static String standard(OptionSpec option) {
    return Objects.requireNonNullElse(option.defaultValue(), "");
  }

  private static String fileKey(String name) {
    if (ServeDefaults.isInFile(name)) {
      return "`" + name + "`";
    }
    return name.equals("volume") || name.equals("export") ? "`volumes`" : "";
  }

  private static String allowed(OptionSpec option) {
    ValueForm form = form(option);
    if (form != null) {
      return form.allowed();
    }
    if (option.type() == Path.class) {
      return "a path";
    }
    if (option.type() == boolean.class) {
      return "true or false";
    }
    return option.type() == Long.class ? "a whole number" : option.paramLabel();
  }

  private static ObjectNode plain(OptionSpec option) {
    if (option.type() == boolean.class) {
      return JsonNodeFactory.instance.objectNode().put("type", "boolean");
    }
    return option.type() == Long.class ? ValueForm.pattern("^-?[0-9]{1,19}$") : ValueForm.text();
  }

  private static ValueForm form(OptionSpec option) {
    return Arrays.stream(option.converters())
        .filter(ValueForm.class::isInstance)
        .map(ValueForm.class::cast)
        .findFirst()
        .orElse(null);
  }

  private static String meaning(OptionSpec option) {
    return String.join(" ", option.description())
        .replace("${DEFAULT-VALUE}", standard(option))
        .replaceFirst(DEFAULT_SENTENCE, "");
  }

  private static String escaped(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }
}
