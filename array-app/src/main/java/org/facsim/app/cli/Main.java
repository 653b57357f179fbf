/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;

/** The entry point of the program. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    CollectorWatch.start(LastLine.install());
    ProgramLogging.activate();
    NettyIdentity.choose();
    System.exit(
        run(
            new PrintWriter(System.out, true, UTF_8),
            new PrintWriter(System.err, true, UTF_8),
            arguments));
  }

  /** Runs one command line and returns its exit code, for callers that go on afterwards. */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return run(System.getenv(), out, err, arguments);
  }

  static int run(
      Map<String, String> environment, PrintWriter out, PrintWriter err, String... arguments) {
    Optional<CommandLine> client = OneCommand.of(arguments);
    if (client.isPresent()) {
      return configured(client.get(), out, err).execute(arguments);
    }
    CommandLine facsim = configured(new FacsimCommand(), out, err);
    // what follows the name of a host belongs to the command that runs there
    facsim.getSubcommands().get("host").setStopAtPositional(true);
    facsim.getSubcommands().get("lab").getSubcommands().get("start").setStopAtUnmatched(true);
    ConfigCommand config = facsim.getSubcommands().get("config").getCommand();
    config.setEnvironment(environment);
    facsim
        .getSubcommands()
        .get("config")
        .getSubcommands()
        .get("show")
        .setUnmatchedOptionsArePositionalParams(true);
    if (arguments.length > 0 && arguments[0].equals("serve")) {
      CommandLine serve = facsim.getSubcommands().get("serve");
      try {
        serve.setDefaultValueProvider(ServeDefaults.of(serve, arguments, environment));
      } catch (ConfigException e) {
        err.println("facsim serve: " + e.getMessage());
        return ExitCode.USAGE;
      }
    }
    return facsim.execute(arguments);
  }

  /** Makes a command line that reports errors in the way of all commands. */
  static CommandLine configured(Object command, PrintWriter out, PrintWriter err) {
    return configured(new CommandLine(command), out, err);
  }

  private static CommandLine configured(CommandLine line, PrintWriter out, PrintWriter err) {
    return line.setOut(out)
        .setErr(err)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(OneLineErrors::wrongUsage)
        .setExecutionExceptionHandler(OneLineErrors::failed);
  }
}
