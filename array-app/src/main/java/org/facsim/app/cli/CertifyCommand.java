/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.facsim.app.certify.Certification;
import org.facsim.array.SystemFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a plugin's test command against the array, once for each case. */
@Command(
    name = "certify",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    description = {
      "Runs a plugin's test command once for each case, each time against an array of its own: each"
          + " status of the clone call, lost replies, stalls, cancels, full disks, restarts.",
      "Judges by what went over the wire and by the array's ledger, not by the command's word. The"
          + " command gets its case in environment variables; docs/certify.md is the contract.",
      "",
      "Exit code: 0 all cases passed; 1 some failed, or the command cannot be run; 2 wrong usage.",
      ""
    },
    footer = {"", "Example: facsim certify -- ./run-my-plugin-test.sh"})
final class CertifyCommand implements Callable<Integer> {
  private static final int MAX_TIMEOUT_SECONDS = 3600;
  private static final int MAX_PARALLEL = 16;

  /** What the Java runtime says of a command that it cannot start. */
  private static final String CANNOT_RUN =
      "^Cannot run program \"(.*?)\".*: (?:error=\\d+, )?(.*)$";

  @Spec private CommandSpec spec;

  @Option(
      names = "--case",
      paramLabel = "NAME",
      description = "Only this case; may be given several times.")
  private List<String> cases = List.of();

  @Option(names = "--list", description = "Lists all cases and runs none.")
  private boolean list;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long the command may take in one case; 60 if it is left out.")
  private int timeoutSeconds;

  @Option(
      names = "--parallel",
      paramLabel = "COUNT",
      defaultValue = "4",
      description = "How many cases run at a time, each with an array of its own; 4 if left out.")
  private int parallel;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      defaultValue = "facsim-certify",
      description =
          "Where each failed case leaves its journal, its packets and what the command printed;"
              + " facsim-certify if it is left out.")
  private Path reports;

  @Option(names = "--json", description = "The result as JSON, for programs.")
  private boolean json;

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Writes the result as JUnit XML, too.")
  private Path junit;

  @Parameters(
      arity = "0..*",
      paramLabel = "COMMAND",
      description = "The command and its arguments, behind '--'.")
  private List<String> command = List.of();

  @Override
  public Integer call() throws CommandFailedException, InterruptedException {
    if (timeoutSeconds < 1 || timeoutSeconds > MAX_TIMEOUT_SECONDS) {
      throw wrong(
          "--timeout: " + timeoutSeconds + "; allowed: 1 to " + MAX_TIMEOUT_SECONDS + " seconds");
    }
    if (parallel < 1 || parallel > MAX_PARALLEL) {
      throw wrong("--parallel: " + parallel + "; allowed: 1 to " + MAX_PARALLEL + " cases");
    }
    Optional<String> unknown = Certification.unknown(cases);
    if (unknown.isPresent()) {
      throw wrong(
          "--case: '"
              + unknown.get()
              + "' is no case; allowed: "
              + String.join(", ", Certification.names()));
    }
    PrintWriter out = spec.commandLine().getOut();
    if (list) {
      if (json) {
        out.println(Certification.listed());
      } else {
        Certification.list(out);
      }
      out.flush();
      return ExitCode.OK;
    }
    if (command.isEmpty()) {
      throw wrong("the command is missing; allowed: facsim certify [OPTION]... -- COMMAND");
    }
    requireWritable("--report", reports);
    if (junit != null) {
      requireWritable("--junit", junit.toAbsolutePath().getParent());
    }
    try {
      return new Certification(command, timeoutSeconds, parallel, reports)
              .run(cases, out, json, Optional.ofNullable(junit))
          ? ExitCode.OK
          : ExitCode.SOFTWARE;
    } catch (FileSystemException e) {
      throw new CommandFailedException(
          "cannot write " + e.getFile() + ": " + SystemFailure.inWords(e), e);
    } catch (IOException e) {
      throw new CommandFailedException(
          String.valueOf(e.getMessage()).replaceFirst(CANNOT_RUN, "cannot run '$1': $2"), e);
    }
  }

  /** Looks before the cases run, because they take a minute. */
  private void requireWritable(String option, Path directory) {
    Path there = directory.toAbsolutePath();
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    if (there == null || !Files.isDirectory(there) || !Files.isWritable(there)) {
      throw wrong(
          option
              + ": "
              + there
              + " is no directory that may be written; allowed: a path in one that is");
    }
  }

  private ParameterException wrong(String words) {
    return new ParameterException(spec.commandLine(), words);
  }
}
