/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.engine.ArrayCheck;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code facsim check}: audits an array that no process uses. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    description = {
      "Recounts everything in a data directory that no server uses: references, space, names,"
          + " checksums.",
      "Prints one line for each difference.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing differs",
      "1:something differs, or the directory cannot be read",
      "2:wrong usage: no data directory, of another version, or in use"
    })
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-d", "--data-dir"},
      paramLabel = "DIR",
      required = true,
      description = "The data directory of facsim serve.")
  private Path dataDirectory;

  @Override
  public Integer call() throws CommandFailedException {
    List<String> differences;
    try {
      differences = ArrayCheck.of(dataDirectory);
    } catch (ArrayException e) {
      if (isUsage(e.error())) {
        throw new ParameterException(
            spec.commandLine(),
            e.getMessage() + "; allowed: a data directory of this version that no server uses",
            e);
      }
      throw new CommandFailedException(e.getMessage(), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    differences.forEach(out::println);
    out.flush();
    return differences.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private static boolean isUsage(ArrayError error) {
    return error == ArrayError.INVALID_ARGUMENT
        || error == ArrayError.NOT_SUPPORTED
        || error == ArrayError.BUSY;
  }
}
