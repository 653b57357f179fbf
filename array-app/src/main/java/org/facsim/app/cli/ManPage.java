/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The page for man(1), made from the commands themselves. The build writes it for a release: {@code
 * ManPage FILE DATE VERSION}.
 */
final class ManPage {
  private final StringBuilder roff = new StringBuilder();

  private ManPage() {}

  public static void main(String[] arguments) throws IOException {
    Files.writeString(Path.of(arguments[0]), of(arguments[1], arguments[2]), UTF_8);
  }

  /**
   * @param date of the page, as in 2026-11-30
   * @param version of the program
   */
  static String of(String date, String version) {
    ManPage page = new ManPage();
    page.write(new CommandLine(new FacsimCommand()), date, version);
    return page.roff.toString();
  }

  private void write(CommandLine facsim, String date, String version) {
    CommandSpec spec = facsim.getCommandSpec();
    line(".TH FACSIM 1 \"" + date + "\" \"facsim " + version + "\" \"User Commands\"");
    line(".SH NAME");
    text("facsim - an NFS storage array to run anywhere");
    line(".SH SYNOPSIS");
    line(".B facsim");
    text("COMMAND [OPTION]...");
    line(".SH DESCRIPTION");
    text(String.join(" ", spec.usageMessage().description()).strip());
    line(".SH COMMANDS");
    for (Map.Entry<String, CommandLine> each : facsim.getSubcommands().entrySet()) {
      command(each.getKey(), each.getValue());
    }
    line(".SH ENVIRONMENT");
    line(".PP");
    text(
        "Each option of 'facsim serve' has a variable: FACSIM_ and the option in capitals, with"
            + " underscores. FACSIM_HTTP says where clients ask. FACSIM_JAVA_OPTS adds options for"
            + " the JVM. FACSIM_LOG_LEVEL=DEBUG shows more on stderr.");
    line(".SH EXIT STATUS");
    line(".PP");
    text("0: done. 1: it failed. 2: the command line is wrong.");
    line(".SH SEE ALSO");
    line(".BR exports (5),");
    line(".BR nfs (5)");
  }

  private void command(String name, CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    if (spec.usageMessage().hidden()) {
      return;
    }
    StringBuilder synopsis = new StringBuilder("facsim ").append(name);
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      synopsis.append(' ').append(parameter.paramLabel());
    }
    line(".SS \"" + escaped(synopsis.toString()) + "\"");
    text(words(spec.usageMessage().description()));
    arguments(spec);
    command
        .getSubcommands()
        .forEach(
            (below, commandBelow) -> {
              if (commandBelow.getCommandSpec().usageMessage().hidden()) {
                return;
              }
              command(name + " " + below, commandBelow);
            });
  }

  private void arguments(CommandSpec spec) {
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      entry(parameter.paramLabel(), described(parameter));
    }
    for (OptionSpec option : spec.options()) {
      if (option.hidden() || option.usageHelp() || option.versionHelp()) {
        continue;
      }
      List<String> names = new ArrayList<>(List.of(option.names()));
      if (option.arity().max() > 0) {
        names.set(names.size() - 1, names.get(names.size() - 1) + "=" + option.paramLabel());
      }
      entry(String.join(", ", names), described(option));
    }
  }

  private void entry(String term, String description) {
    line(".TP");
    line(".B \"" + escaped(term) + "\"");
    text(description);
  }

  private static String described(ArgSpec argument) {
    return words(argument.description())
        .replace("${DEFAULT-VALUE}", String.valueOf(argument.defaultValueString()));
  }

  /** The parts of a description, which end anywhere, as running text. */
  private static String words(String... parts) {
    return String.join(" ", parts).replaceAll("%n", " ").replaceAll("\\s+", " ").strip();
  }

  private void text(String text) {
    if (!text.isEmpty()) {
      String safe = escaped(text);
      line(safe.startsWith(".") || safe.startsWith("'") ? "\\&" + safe : safe);
    }
  }

  private void line(String line) {
    roff.append(line).append('\n');
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\e").replace("-", "\\-").replace("\"", "\\(dq");
  }
}
