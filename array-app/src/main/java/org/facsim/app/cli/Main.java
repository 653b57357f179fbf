/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import org.facsim.protocol.rpc.EarlyLoading;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;

/** The entry point of the program. */
public final class Main {
  private Main() {}

  /**
   * Of a start, what takes longest beside the network: the JVM's own figures, and the HTTP door.
   */
  private static final String[] EARLY = {
    "org.facsim.array.block.memory.SlabSource", "org.facsim.management.EarlyHttp"
  };

  public static void main(String[] arguments) {
    begin(arguments);
    System.exit(
        run(
            new PrintWriter(System.out, true, UTF_8),
            new PrintWriter(System.err, true, UTF_8),
            arguments));
  }

  /** What comes before any command. */
  static void begin(String... arguments) {
    CollectorWatch.start(LastLine.install());
    ProgramLogging.activate();
    NettyIdentity.choose();
    if (arguments.length > 0 && arguments[0].equals("serve")) {
      EarlyLoading.begin(EARLY); // while the options are read
    }
  }

  /** Runs one command line and returns its exit code, for callers that go on afterwards. */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return run(System.getenv(), out, err, arguments);
  }

  static int run(
      Map<String, String> environment, PrintWriter out, PrintWriter err, String... arguments) {
    Optional<CommandLine> alone = OneCommand.of(arguments);
    if (alone.isPresent()) {
      CommandLine line = configured(alone.get(), out, err);
      CommandLine serve = line.getSubcommands().get("serve");
      return serve == null
          ? line.execute(arguments)
          : serve(line, serve, environment, err, arguments);
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
    return facsim.execute(arguments);
  }

  private static int serve(
      CommandLine line,
      CommandLine serve,
      Map<String, String> environment,
      PrintWriter err,
      String... arguments) {
    UnknownVariables.in(environment, serve).forEach(said -> err.println("facsim serve: " + said));
    try {
      serve.setDefaultValueProvider(ServeDefaults.of(serve, arguments, environment));
    } catch (ConfigException e) {
      err.println("facsim serve: " + e.getMessage());
      return ExitCode.USAGE;
    }
    return line.execute(arguments);
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
