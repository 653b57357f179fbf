/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows and frees what NFS clients hold at a running array. */
@Command(
    name = "locks",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Shows what NFS clients hold: locks, and the opens and delegations of NFSv4.",
      "An NFSv3 host that only falls silent keeps its locks, as the protocol has it; free those of"
          + " a host that is gone for good. NFSv4 clients have leases, and need no help.",
      ""
    },
    footer = {"", "Example: facsim locks hosts; facsim locks release 10.0.0.7 client7"})
final class LocksCommand extends CommandGroup {
  private static final String LOCKS = "/api/v1/locks";
  private static final String HOSTS = LOCKS + "/hosts";
  private static final String CLIENTS = LOCKS + "/clients";

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the ranges that are locked, at most 1000.")
  int list(@Mixin HttpAddress http, @Mixin ShownAnswer shown)
      throws CommandFailedException, InterruptedException {
    return shown.show(
        http.client(), LOCKS, spec().commandLine().getOut(), LocksCommand::listInWords);
  }

  private static void listInWords(JsonNode answer, PrintWriter out) {
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
    end(answer, out, "nothing is locked");
  }

  @Command(
      name = "hosts",
      mixinStandardHelpOptions = true,
      description = "Lists the hosts that have locked something, with what they hold now.")
  int hosts(@Mixin HttpAddress http, @Mixin ShownAnswer shown)
      throws CommandFailedException, InterruptedException {
    return shown.show(
        http.client(), HOSTS, spec().commandLine().getOut(), LocksCommand::hostsInWords);
  }

  private static void hostsInWords(JsonNode answer, PrintWriter out) {
    JsonNode items = answer.path("items");
    for (JsonNode host : items) {
      out.printf(
          "%-40s %-24s %d locks%n",
          host.path("address").asText(), host.path("name").asText(), host.path("locks").asInt());
    }
    if (items.isEmpty()) {
      out.println("no host has locked anything");
    }
  }

  @Command(
      name = "clients",
      mixinStandardHelpOptions = true,
      description = "Lists the clients of NFSv4, with what each holds now, at most 1000.")
  int clients(@Mixin HttpAddress http, @Mixin ShownAnswer shown)
      throws CommandFailedException, InterruptedException {
    return shown.show(
        http.client(), CLIENTS, spec().commandLine().getOut(), LocksCommand::clientsInWords);
  }

  private static void clientsInWords(JsonNode answer, PrintWriter out) {
    for (JsonNode client : answer.path("items")) {
      out.printf(
          "%s  v%s  %-24s %-32s  %d opens, %d locked files, %d delegations;"
              + " %d sessions, %d connections; heard of %d s ago%s%n",
          client.path("id").asText(),
          client.path("version").asText(),
          client.path("address").asText(),
          client.path("name").asText(),
          client.path("opens").asInt(),
          client.path("lockedFiles").asInt(),
          client.path("delegations").asInt(),
          client.path("sessions").asInt(),
          client.path("connections").asInt(),
          client.path("silentSeconds").asLong(),
          client.path("isLapsed").asBoolean() ? ", its lease has run out" : "");
    }
    end(answer, out, "no client of NFSv4 is known");
  }

  @Command(
      name = "opens",
      mixinStandardHelpOptions = true,
      description = "Lists the opens of NFSv4 clients, at most 1000.")
  int opens(@Mixin HttpAddress http, @Mixin ShownAnswer shown)
      throws CommandFailedException, InterruptedException {
    return shown.show(
        http.client(), LOCKS + "/opens", spec().commandLine().getOut(), LocksCommand::opensInWords);
  }

  private static void opensInWords(JsonNode answer, PrintWriter out) {
    for (JsonNode open : answer.path("items")) {
      out.printf(
          "%s  %s file %d  for %s, denies %s  owner %s%n",
          open.path("client").asText(),
          open.path("volume").asText(),
          open.path("fileId").asLong(),
          open.path("access").asText(),
          open.path("deny").asText(),
          open.path("owner").asText());
    }
    end(answer, out, "nothing is open");
  }

  @Command(
      name = "delegations",
      mixinStandardHelpOptions = true,
      description = "Lists the delegations that NFSv4 clients have, at most 1000.")
  int delegations(@Mixin HttpAddress http, @Mixin ShownAnswer shown)
      throws CommandFailedException, InterruptedException {
    return shown.show(
        http.client(),
        LOCKS + "/delegations",
        spec().commandLine().getOut(),
        LocksCommand::delegationsInWords);
  }

  private static void delegationsInWords(JsonNode answer, PrintWriter out) {
    for (JsonNode delegation : answer.path("items")) {
      out.printf(
          "%s  %s file %d  %s%s%n",
          delegation.path("client").asText(),
          delegation.path("volume").asText(),
          delegation.path("fileId").asLong(),
          delegation.path("kind").asText(),
          delegation.path("isRevoked").asBoolean() ? ", revoked" : "");
    }
    end(answer, out, "nothing is delegated");
  }

  private static void end(JsonNode answer, PrintWriter out, String ifNone) {
    int more = answer.path("count").asInt() - answer.path("items").size();
    if (answer.path("items").isEmpty()) {
      out.println(ifNone);
    } else if (more > 0) {
      out.printf("and %d more%n", more);
    }
  }

  @Command(
      name = "forget",
      mixinStandardHelpOptions = true,
      description = {
        "Forgets a client of NFSv4 with everything that it holds.",
        "It is not asked; it finds out with its next call."
      })
  int forget(
      @Mixin HttpAddress http,
      @Parameters(
              paramLabel = "ID",
              description = "The client's id, as 'facsim locks clients' shows it.")
          String id)
      throws CommandFailedException, InterruptedException {
    JsonNode answer = http.client().delete(CLIENTS + "/" + ManagementClient.segment(id));
    PrintWriter out = spec().commandLine().getOut();
    out.printf(
        "forgot the client, which held something of %d files%n", answer.path("files").asInt());
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
