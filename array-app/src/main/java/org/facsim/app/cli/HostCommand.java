/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Types a command on a simulated host of a running lab, and waits for its end. Everything behind
 * the host's name is the command's, options included.
 */
@Command(
    name = "host",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    description = {
      "Runs a command on a simulated host of the lab that 'facsim serve --lab' runs, as if it was"
          + " typed there: prints what the host prints, and ends with the command's exit code.",
      "Options of this program come before the host's name.",
      "",
      "Exit code: that of the command; 1 if no lab answers; 2 wrong usage, also if there is no such"
          + " host.",
      ""
    },
    footer = {"", "Example: facsim host esx1 esxcli storage nfs list"})
final class HostCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private HttpAddress http;

  @Parameters(
      index = "0",
      paramLabel = "HOST",
      description = "A host of the lab, as 'facsim lab hosts' shows it.")
  private String host;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "COMMAND",
      description = "What to type there, for example: esxcli storage nfs list")
  private List<String> argv;

  @Override
  public Integer call() throws CommandFailedException, InterruptedException {
    ManagementClient client = http.client();
    if (EsxtopScreens.isWanted(argv)) {
      return new EsxtopScreens(argv, spec.commandLine().getOut())
          .show(screen -> run(client, screen), Terminals.showsStdout());
    }
    JsonNode command = run(client, argv);
    print(spec.commandLine().getOut(), command.path("stdout").asText());
    print(spec.commandLine().getErr(), command.path("stderr").asText());
    return command.path("exitCode").asInt();
  }

  private JsonNode run(ManagementClient client, List<String> words)
      throws CommandFailedException, InterruptedException {
    ArrayNode arguments = JsonNodeFactory.instance.arrayNode();
    words.forEach(arguments::add);
    ObjectNode body = JsonNodeFactory.instance.objectNode().set("argv", arguments);
    String commands = "/api/v1/lab/hosts/" + ManagementClient.segment(host) + "/commands";
    JsonNode command;
    try {
      command = client.post(commands, body);
    } catch (CommandFailedException e) {
      if (e.isBadRequest() || e.isNotFound()) {
        throw new ParameterException(spec.commandLine(), e.getMessage(), e);
      }
      throw e;
    }
    while (command.path("isRunning").asBoolean()) {
      command = client.get(commands + "/" + command.path("id").asText());
    }
    return command;
  }

  private static void print(PrintWriter to, String text) {
    to.print(text);
    to.flush();
  }
}
