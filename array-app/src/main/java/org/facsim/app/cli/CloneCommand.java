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

/** Has a running array clone files and virtual machines, without a host. */
@Command(
    name = "clone",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Has a running array clone a file, or a virtual machine's directory, without a host.",
      "Clones that hosts asked for are jobs: 'facsim why' explains them.",
      ""
    },
    footer = {"", "Example: facsim clone create datastore1/sql01 datastore1/sql02"})
final class CloneCommand extends CommandGroup {
  private static final String CLONES = "/api/v1/clones";
  private static final int ASK_MILLIS = 200;

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the last ones.")
  int list(@Mixin HttpAddress http, @Mixin ShownAnswer shown)
      throws CommandFailedException, InterruptedException {
    return shown.show(http.client(), CLONES, spec().commandLine().getOut(), CloneCommand::table);
  }

  @Command(
      name = "create",
      aliases = "make",
      mixinStandardHelpOptions = true,
      description = {
        "Makes one, and waits for its end.",
        "Exit code: 0 it is made; 1 it failed or was cancelled; 2 wrong usage."
      })
  int create(
      @Mixin HttpAddress http,
      @Parameters(
              index = "0",
              paramLabel = "VOLUME/PATH",
              description = "A file, or a directory with everything below it.")
          String source,
      @Parameters(
              index = "1",
              paramLabel = "PATH",
              description = {
                "What it is to become: a path below the source's volume, or VOLUME/PATH if its first"
                    + " part names a volume of the array. With --to-volume a path below that one."
              })
          String destination,
      @Option(names = "--to-volume", paramLabel = "NAME", description = "Another volume.")
          String volume,
      @Option(
              names = "--profile",
              paramLabel = "NAME",
              description = "How it is made, as 'facsim profiles' lists them.")
          String profile,
      @Option(names = "--no-wait", description = "Shows its number and does not wait.")
          boolean isNotAwaited,
      @Option(names = "--json", description = "The answer as it came, for programs.")
          boolean isJson)
      throws CommandFailedException, InterruptedException {
    ManagementClient client = http.client();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("source").put("volume", volumeOf(source)).put("path", pathOf(source));
    String into = volume == null ? volumeNamedIn(destination, client) : volume;
    boolean isNamedInPath = volume == null && into != null;
    ObjectNode to =
        body.putObject("destination")
            .put("path", isNamedInPath ? pathOf(destination) : destination);
    if (into != null) {
      to.put("volume", into);
    }
    if (profile != null) {
      body.put("profile", profile);
    }
    JsonNode clone = client.post(CLONES, body);
    while (!isNotAwaited && !clone.path("done").asBoolean()) {
      Thread.sleep(ASK_MILLIS);
      clone = client.get(CLONES + "/" + clone.path("id").asText());
    }
    PrintWriter out = spec().commandLine().getOut();
    out.println(isJson ? clone.toString() : inWords(clone));
    out.flush();
    boolean isMade = isNotAwaited || clone.path("state").asText().equals("SUCCEEDED");
    return isMade ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  @Command(
      name = "cancel",
      mixinStandardHelpOptions = true,
      description = "Cancels one; what was made of it is removed.")
  int cancel(
      @Mixin HttpAddress http,
      @Parameters(paramLabel = "NUMBER", description = "As the list has it.") long id)
      throws CommandFailedException, InterruptedException {
    JsonNode clone = http.client().delete(CLONES + "/" + id);
    PrintWriter out = spec().commandLine().getOut();
    out.println(inWords(clone));
    out.flush();
    return ExitCode.OK;
  }

  /** The volume that a destination begins with, as a source does; null if it begins with none. */
  private static String volumeNamedIn(String destination, ManagementClient client)
      throws CommandFailedException, InterruptedException {
    if (destination.indexOf('/') <= 0) {
      return null;
    }
    String first = volumeOf(destination);
    for (JsonNode volume : client.get("/api/v1/volumes").path("items")) {
      if (volume.path("name").asText().equals(first)) {
        return first;
      }
    }
    return null;
  }

  private static String volumeOf(String source) {
    int slash = source.indexOf('/');
    return slash < 0 ? source : source.substring(0, slash);
  }

  private static String pathOf(String source) {
    return source.substring(source.indexOf('/') + 1);
  }

  private static void table(JsonNode answer, PrintWriter out) {
    if (answer.path("items").isEmpty()) {
      out.println("no clone was asked for here");
      return;
    }
    TextTable table =
        new TextTable(5, "NUMBER", "SOURCE", "CLONE", "STATE", "PROFILE", "DONE", "OF");
    answer
        .path("items")
        .forEach(
            clone ->
                table.add(
                    clone.path("id").asText(),
                    place(clone.path("source")),
                    place(clone.path("destination")),
                    clone.path("state").asText(),
                    clone.path("profile").asText(),
                    ByteSize.format(clone.path("doneBytes").asLong()),
                    ByteSize.format(clone.path("totalBytes").asLong())));
    table.print(out);
  }

  private static String place(JsonNode place) {
    return place.path("volume").asText() + "/" + place.path("path").asText();
  }

  private static String inWords(JsonNode clone) {
    return "clone %s of %s to %s: %s, %s of %s%s"
        .formatted(
            clone.path("id").asText(),
            place(clone.path("source")),
            place(clone.path("destination")),
            clone.path("state").asText(),
            ByteSize.format(clone.path("doneBytes").asLong()),
            ByteSize.format(clone.path("totalBytes").asLong()),
            clone.path("reason").asText().isEmpty()
                ? ""
                : " (" + clone.path("reason").asText() + ")");
  }
}
