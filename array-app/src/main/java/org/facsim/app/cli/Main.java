/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import picocli.CommandLine;

/** Where the program starts. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    ProgramLogging.activate();
    System.exit(
        run(
            new PrintWriter(System.out, true, UTF_8),
            new PrintWriter(System.err, true, UTF_8),
            arguments));
  }

  /** Runs one command line and returns its exit code, for callers that outlive it. */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return configured(new FacsimCommand(), out, err).execute(arguments);
  }

  /** A command that reports errors as all commands do. */
  static CommandLine configured(Object command, PrintWriter out, PrintWriter err) {
    return new CommandLine(command)
        .setOut(out)
        .setErr(err)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(OneLineErrors::wrongUsage)
        .setExecutionExceptionHandler(OneLineErrors::failed);
  }
}
