/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows and frees the locks that NFSv3 clients hold at a running array. */
@Command(
    name = "locks",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Shows the locks of NFSv3 clients, and frees those of a host that is gone for good.",
      "A host that only falls silent keeps its locks, as the protocol has it.",
      ""
    },
    footer = {"", "Example: facsim locks hosts; facsim locks release 10.0.0.7 client7"})
final class LocksCommand extends CommandGroup {
  private static final String LOCKS = "/api/v1/locks";
  private static final String HOSTS = LOCKS + "/hosts";

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the ranges that are locked, at most 1000.")
  int list(@Mixin HttpAddress http) throws CommandFailedException, InterruptedException {
    JsonNode answer = http.client().get(LOCKS);
    PrintWriter out = spec().commandLine().getOut();
    for (JsonNode lock : answer.path("items")) {
      out.printf(
          "%-32s %s file %d  %s  bytes %d to %s%n",
          lock.path("client").asText(),
          lock.path("volume").asText(),
          lock.path("fileId").asLong(),
          lock.path("mode").asText(),
          lock.path("firstByte").asLong(),
          lock.hasNonNull("lastByte") ? lock.path("lastByte").asText() : "end");
    }
    int more = answer.path("count").asInt() - answer.path("items").size();
    if (answer.path("items").isEmpty()) {
      out.println("nothing is locked");
    } else if (more > 0) {
      out.printf("and %d more%n", more);
    }
    out.flush();
    return ExitCode.OK;
  }

  @Command(
      name = "hosts",
      mixinStandardHelpOptions = true,
      description = "Lists the hosts that have locked something, with what they hold now.")
  int hosts(@Mixin HttpAddress http) throws CommandFailedException, InterruptedException {
    JsonNode items = http.client().get(HOSTS).path("items");
    PrintWriter out = spec().commandLine().getOut();
    for (JsonNode host : items) {
      out.printf(
          "%-40s %-24s %d locks%n",
          host.path("address").asText(), host.path("name").asText(), host.path("locks").asInt());
    }
    if (items.isEmpty()) {
      out.println("no host has locked anything");
    }
    out.flush();
    return ExitCode.OK;
  }

  @Command(
      name = "release",
      mixinStandardHelpOptions = true,
      description = {
        "Frees all locks of a host that will not come back.",
        "It is not asked: if it is alive, it goes on as if it had them."
      })
  int release(
      @Mixin HttpAddress http,
      @Parameters(
              paramLabel = "ADDRESS",
              description = "The host's address, as 'facsim locks hosts' shows it.")
          String address,
      @Parameters(
              paramLabel = "NAME",
              description = "The name that the host gave itself, as 'facsim locks hosts' shows it.")
          String name)
      throws CommandFailedException, InterruptedException {
    JsonNode answer =
        http.client()
            .delete(
                HOSTS
                    + "/"
                    + ManagementClient.segment(address)
                    + "/"
                    + ManagementClient.segment(name));
    PrintWriter out = spec().commandLine().getOut();
    out.printf("released the locks on %d files%n", answer.path("files").asInt());
    out.flush();
    return ExitCode.OK;
  }
}
