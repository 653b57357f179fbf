/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.facsim.protocol.vaai.XdrDescription.Count;
import org.facsim.protocol.vaai.XdrDescription.Item;
import org.facsim.protocol.vaai.XdrDescription.Procedure;
import org.facsim.protocol.vaai.XdrDescription.Program;
import org.facsim.protocol.vaai.XdrDescription.Union;
import org.facsim.protocol.vaai.XdrDescription.Version;

/**
 * Makes Wireshark's dissector of a description: its tables come from the description, what reads
 * them comes from a template, in which {@code --@tables} is their place.
 */
final class LuaDissector {
  private static final String PLACE = "--@tables\n";
  private static final String FLAG_PREFIX = "VAAI_CLONE_";

  private final XdrDescription description;
  private final StringBuilder lua = new StringBuilder();

  private LuaDissector(XdrDescription description) {
    this.description = description;
  }

  static String of(XdrDescription description, String template) {
    if (!template.contains(PLACE)) {
      throw new IllegalArgumentException("the template has no place for tables");
    }
    return template.replace(PLACE, new LuaDissector(description).tables());
  }

  private String tables() {
    enums();
    flags();
    types();
    programs();
    return lua.toString();
  }

  private void enums() {
    lua.append("local enums = {\n");
    description.enums.forEach(
        (name, values) -> {
          lua.append("  ").append(name).append(" = {\n");
          values.forEach((word, value) -> line("    [%d] = \"%s\",".formatted(value, word)));
          lua.append("  },\n");
        });
    lua.append("}\n\n");
  }

  /** The bits of clones are constants of their own in the description, and no enumeration. */
  private void flags() {
    lua.append("local flags = {\n");
    description.constants.entrySet().stream()
        .filter(constant -> constant.getKey().startsWith(FLAG_PREFIX))
        .forEach(
            constant ->
                line("  { 0x%x, \"%s\" },".formatted(constant.getValue(), constant.getKey())));
    lua.append("}\n\n");
  }

  private void types() {
    lua.append("local types = {\n");
    description.typedefs.forEach(
        (name, item) -> line("  %s = { alias = %s },".formatted(name, item(item))));
    description.structs.forEach(
        (name, items) ->
            line(
                "  %s = { struct = {\n%s  } },"
                    .formatted(
                        name,
                        items.stream()
                            .map(each -> "    " + item(each) + ",\n")
                            .collect(Collectors.joining()))));
    description.unions.forEach(
        (name, union) ->
            line(
                "  %s = { switch = %s, arms = {\n%s  }%s },"
                    .formatted(name, item(union.discriminant()), arms(union), others(union))));
    lua.append("}\n\n");
  }

  private static String arms(Union union) {
    return union.arms().entrySet().stream()
        .map(
            (Map.Entry<Long, Item> arm) ->
                "    [%d] = %s,\n".formatted(arm.getKey(), item(arm.getValue())))
        .collect(Collectors.joining());
  }

  private static String others(Union union) {
    return union.others().map(item -> ", others = " + item(item)).orElse("");
  }

  private void programs() {
    Program program = description.programs.get(0);
    line("local PROGRAM = 0x%X".formatted(program.number()));
    lua.append("local procedures = {\n");
    for (Version version : program.versions()) {
      line("  [%d] = {".formatted(version.number()));
      for (Procedure each : version.procedures()) {
        line(
            "    [%d] = { name = \"%s\", argument = \"%s\", result = \"%s\" },"
                .formatted(each.number(), each.name(), each.argument(), each.result()));
      }
      lua.append("  },\n");
    }
    lua.append("}\n");
  }

  private static String item(Item item) {
    StringBuilder text = new StringBuilder("{ ");
    text.append("type = \"").append(item.type().replace("unsigned ", "u")).append('"');
    if (!item.name().isEmpty()) {
      text.append(", name = \"").append(item.name()).append('"');
    }
    if (item.count() != Count.ONE) {
      text.append(", ").append(item.count().name().toLowerCase(Locale.ROOT)).append(" = ");
      text.append(item.count() == Count.OPTIONAL ? "true" : Long.toString(item.bound()));
    }
    item.enumeration().ifPresent(name -> text.append(", enum = \"").append(name).append('"'));
    return text.append(" }").toString();
  }

  private void line(String text) {
    lua.append(text).append('\n');
  }
}
