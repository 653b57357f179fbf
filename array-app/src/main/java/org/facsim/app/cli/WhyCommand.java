/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Explains one clone of a running array. */
@Command(
    name = "why",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    description = {
      "Explains whether a file was cloned by the array, and if not, why not: what had to hold and"
          + " what the array saw, what went over the wire, what it cost in space, and what to"
          + " change.",
      "Explains files that were copied over NFS, too, as far as the array saw the WRITEs. A restart"
          + " of the array forgets all of this.",
      "",
      "Exit code: 0 explained, whatever became of the clone; 1 there is no such file or job, or"
          + " nothing is remembered of it, or the array does not answer; 2 wrong usage.",
      ""
    },
    footer = {"", "Example: facsim why /datastore1/vm/clone-flat.vmdk"})
final class WhyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private HttpAddress http;

  @Mixin private ShownAnswer shown;

  @Parameters(
      paramLabel = "CLONE",
      description = "A client's path such as /datastore1/vm/clone-flat.vmdk, or a job's number.")
  private String clone;

  @Override
  public Integer call() throws CommandFailedException, InterruptedException {
    boolean isJob = clone.matches("[0-9]+");
    if (!isJob && !clone.startsWith("/")) {
      throw new ParameterException(
          spec.commandLine(),
          "'"
              + clone
              + "'; allowed: a path such as /datastore1/vm/clone-flat.vmdk, or the number"
              + " of a job");
    }
    return shown.show(
        http.client(),
        "/api/v1/explanation?"
            + (isJob ? "job=" : "path=")
            + URLEncoder.encode(clone, StandardCharsets.UTF_8),
        spec.commandLine().getOut(),
        WhyCommand::inWords);
  }

  private static void inWords(JsonNode answer, PrintWriter out) {
    answer.path("text").forEach(line -> out.println(line.asText()));
  }
}
