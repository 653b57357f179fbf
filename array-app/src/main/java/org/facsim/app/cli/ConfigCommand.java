/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Checks and explains the configuration of {@code facsim serve} without starting an array. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Checks and explains the configuration of 'facsim serve', without starting an array.",
      ""
    },
    footer = {
      "",
      "Example: facsim config check facsim.yaml; facsim config show --config facsim.yaml"
    })
final class ConfigCommand extends CommandGroup {
  private static final String CHECK = "check";
  private static final String SHOW = "show";
  private static final String JSON = "--json";

  private Map<String, String> environment = System.getenv();

  /** Sets what the environment says, in place of that of the process. */
  void setEnvironment(Map<String, String> given) {
    environment = Map.copyOf(given);
  }

  @Command(
      name = CHECK,
      mixinStandardHelpOptions = true,
      description = {
        "Reads a configuration file as 'facsim serve --config FILE' does, and starts nothing.",
        "Each mistake is one line with file, line, column, field and what is allowed; exit code 2."
      })
  int check(@Parameters(paramLabel = "FILE", description = "The file to check.") String file) {
    ConfigMistakes mistakes = ConfigMistakes.of(this::serve, file);
    if (!mistakes.lines().isEmpty()) {
      PrintWriter err = spec().commandLine().getErr();
      mistakes.lines().forEach(line -> err.println("facsim config check: " + line));
      err.flush();
      return ExitCode.USAGE;
    }
    ServeConfiguration read = mistakes.configuration();
    return done(
        "%s is right: %d options, %d volumes"
            .formatted(file, read.options().size(), read.volumes().size()));
  }

  @Command(
      name = SHOW,
      mixinStandardHelpOptions = true,
      description = {
        "Shows what 'facsim serve' would use with the same options and the same environment, and"
            + " where each value comes from: flag, environment, file or default.",
        "All options of 'facsim serve' may follow."
      })
  int show(
      @Option(names = JSON, description = "As JSON, for programs.") boolean json,
      @Parameters(
              paramLabel = "OPTION",
              arity = "0..*",
              description = "Any option of 'facsim serve', with its value.")
          String[] options) {
    CommandLine serve = serve();
    List<EffectiveSetting> settings = settings(serve, options == null ? new String[0] : options);
    if (json) {
      return done(json(settings).toPrettyString());
    }
    PrintWriter out = spec().commandLine().getOut();
    for (EffectiveSetting each : settings) {
      String value = each.value().isEmpty() ? "-" : each.value().replace("\n", " ; ");
      String from = (each.source().label() + " " + each.where()).strip();
      out.printf("%-22s %-28s %s%n", each.name(), value, from);
    }
    out.flush();
    return ExitCode.OK;
  }

  @Command(
      name = "schema",
      mixinStandardHelpOptions = true,
      description = "Prints the JSON schema of the file, for editors; docs/ has it, too.")
  int schema() {
    return done(new ServeOptionTable(serve().getCommandSpec()).schema().toPrettyString());
  }

  private List<EffectiveSetting> settings(CommandLine serve, String[] options) {
    ServeDefaults defaults = parse(SHOW, serve, environment, options);
    return EffectiveSettings.of(serve, defaults);
  }

  private static ObjectNode json(List<EffectiveSetting> settings) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode items = answer.putArray("items");
    for (EffectiveSetting each : settings) {
      ObjectNode item = items.addObject().put("name", each.name());
      item.put("value", each.value().isEmpty() ? null : each.value());
      item.put("source", each.source().label());
      item.put("where", each.where().isEmpty() ? null : each.where());
    }
    return answer;
  }

  private CommandLine serve() {
    PrintWriter err = spec().commandLine().getErr();
    return Main.configured(new ServeCommand(), spec().commandLine().getOut(), err);
  }

  /** Reads options as {@code facsim serve} does; whatever is wrong is reported as ours. */
  private ServeDefaults parse(
      String command, CommandLine serve, Map<String, String> given, String... options) {
    try {
      ServeDefaults defaults = ServeDefaults.of(serve, options, given);
      serve.setDefaultValueProvider(defaults);
      serve.parseArgs(options);
      return defaults;
    } catch (ConfigException e) {
      throw new ParameterException(spec().subcommands().get(command), e.getMessage(), e);
    } catch (ParameterException e) {
      throw wrong(command, e);
    }
  }

  private ParameterException wrong(String command, ParameterException e) {
    CommandLine ours = spec().subcommands().get(command);
    return new ParameterException(ours, OneLineErrors.inOneLine(e), e);
  }

  private int done(String text) {
    PrintWriter out = spec().commandLine().getOut();
    out.println(text);
    out.flush();
    return ExitCode.OK;
  }
}
