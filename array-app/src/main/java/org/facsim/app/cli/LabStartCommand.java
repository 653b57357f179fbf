/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code facsim lab start NAME}: the same as {@code facsim serve --lab NAME}. */
@Command(
    name = "start",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    description = {
      "Serves an array with a lab beside it, until SIGTERM or SIGINT: short for"
          + " 'facsim serve --lab NAME'.",
      "All options of 'facsim serve' may follow the name.",
      ""
    },
    footer = {"", "Example: facsim lab start slow-clone --lab-seed 7"})
final class LabStartCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "NAME|FILE",
      description = "A lab that ships, as 'facsim lab list' shows it, or a file.")
  private String lab;

  @Unmatched private List<String> options = new ArrayList<>();

  @Override
  public Integer call() {
    List<String> arguments = new ArrayList<>(List.of("serve", "--lab", lab));
    arguments.addAll(options);
    return Main.run(
        spec.commandLine().getOut(), spec.commandLine().getErr(), arguments.toArray(String[]::new));
  }
}
