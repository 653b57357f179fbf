/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import org.facsim.services.units.ByteSize;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Saves and restores named states of a running array. */
@Command(
    name = "state",
    aliases = "states",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Saves, restores and lists named states of a running array, each in milliseconds: how tests"
          + " and labs go back to where they began.",
      "A state has all volumes with their profiles and export rules. It has no counters, and a"
          + " restore loses clone jobs that are under way.",
      ""
    },
    footer = {"", "Example: facsim states save clean; run the test; facsim states restore clean"})
final class StatesCommand extends CommandGroup {
  private static final String STATES = "/api/v1/states";
  private static final String NAME = "NAME";
  private static final String SAVED_NAME = "A state's name, as 'facsim states list' shows it.";

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists all states; * is the one that the array comes from.")
  int list(@Mixin HttpAddress http, @Mixin ShownAnswer shown)
      throws CommandFailedException, InterruptedException {
    return shown.show(http.client(), STATES, spec().commandLine().getOut(), StatesCommand::inWords);
  }

  private static void inWords(JsonNode answer, PrintWriter out) {
    JsonNode items = answer.path("items");
    if (items.isEmpty()) {
      out.println("no state is saved");
      return;
    }
    TextTable table = new TextTable(4, " ", "STATE", "CREATED", "AFTER", "ONLY IT KEEPS");
    for (JsonNode state : items) {
      table.add(
          state.path("isCurrent").asBoolean() ? "*" : " ",
          state.path("name").asText(),
          state.path("created").asText(),
          state.path("parent").asText(""),
          ByteSize.format(state.path("keptBytes").asLong()));
    }
    table.print(out);
  }

  @Command(
      name = "save",
      mixinStandardHelpOptions = true,
      description = "Saves the whole array under a name.")
  int save(
      @Mixin HttpAddress http,
      @Option(
              names = "--overwrite",
              description = "Takes the place of the state of this name, if there is one.")
          boolean overwrite,
      @Parameters(paramLabel = NAME, description = "What the state is to be called.") String name)
      throws CommandFailedException, InterruptedException {
    ObjectNode request = JsonNodeFactory.instance.objectNode().put("name", name);
    http.client().post(STATES, overwrite ? request.put("overwrite", true) : request);
    return done("saved state '" + name + "'");
  }

  @Command(
      name = "restore",
      mixinStandardHelpOptions = true,
      description = "Makes the array what it was when the state was saved; later changes are lost.")
  int restore(
      @Mixin HttpAddress http, @Parameters(paramLabel = NAME, description = SAVED_NAME) String name)
      throws CommandFailedException, InterruptedException {
    http.client().post(STATES + "/" + ManagementClient.segment(name) + "/restore", null);
    return done("restored state '" + name + "': the array is what it was then");
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "Forgets a state; space that only it kept comes back.")
  int delete(
      @Mixin HttpAddress http, @Parameters(paramLabel = NAME, description = SAVED_NAME) String name)
      throws CommandFailedException, InterruptedException {
    http.client().delete(STATES + "/" + ManagementClient.segment(name));
    return done("deleted state '" + name + "'");
  }

  private int done(String what) {
    PrintWriter out = spec().commandLine().getOut();
    out.println(what);
    out.flush();
    return ExitCode.OK;
  }
}
