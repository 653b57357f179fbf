/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import org.facsim.services.units.ByteSize;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows, makes, resizes and deletes the volumes of a running array. */
@Command(
    name = "volume",
    aliases = "volumes",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Shows, makes, resizes and deletes volumes of a running array, and their snapshots.",
      "With a data directory they are there after a restart, as they were changed last. An option of"
          + " a later start that names a volume makes it again, or gives it another size.",
      ""
    },
    footer = {"", "Example: facsim volumes create scratch 100GiB --rule '10.0.0.0/8(rw)'"})
final class VolumesCommand extends CommandGroup {
  private static final String VOLUMES = "/api/v1/volumes";
  private static final String VOLUME = "VOLUME";
  private static final String VOLUME_TEXT = "The volume's name, without a slash.";
  private static final String SIZE = "SIZE";
  private static final String SNAPSHOTS = "/snapshots";

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = {
        "Lists the volumes with their sizes, what they use, and their profiles.",
        "What can be written is less than what a volume has free if the array's memory has less."
      })
  int list(@Mixin HttpAddress http, @Mixin ShownAnswer shown)
      throws CommandFailedException, InterruptedException {
    return shown.show(
        http.client(), VOLUMES, spec().commandLine().getOut(), VolumesCommand::listed);
  }

  private static void listed(JsonNode answer, PrintWriter out) {
    JsonNode items = answer.path("items");
    if (items.isEmpty()) {
      out.println("the array has no volume");
      return;
    }
    TextTable table =
        new TextTable(1, "VOLUME", "SIZE", "USED", "RESERVED", "CAN BE WRITTEN", "PROFILE");
    for (JsonNode item : items) {
      JsonNode space = item.path("space");
      table.add(
          item.path("exportPath").asText(),
          size(space, "sizeBytes"),
          size(space, "physicalUsedBytes"),
          size(space, "reservedBytes"),
          size(item, "availableBytes"),
          item.path("profile").asText());
    }
    table.print(out);
  }

  private static String size(JsonNode of, String field) {
    return ByteSize.format(of.path(field).asLong());
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Makes a volume and exports it at once as /VOLUME.")
  int create(
      @Mixin HttpAddress http,
      @Parameters(index = "0", paramLabel = VOLUME, description = "What it is to be called.")
          String volume,
      @Parameters(
              index = "1",
              paramLabel = SIZE,
              converter = Converters.Size.class,
              description = "Its size: " + ByteSize.SYNTAX + ".")
          long sizeBytes,
      @Option(
              names = "--rule",
              paramLabel = "RULE",
              description = {
                "Who may use it, as in 'facsim exports set'; may be repeated.",
                "Without any, everyone."
              })
          List<String> rules,
      @Option(
              names = "--profile",
              paramLabel = "NAME",
              description = "How it behaves toward hosts, as 'facsim profiles' lists them.")
          String profile)
      throws CommandFailedException, InterruptedException {
    ObjectNode body = size(sizeBytes).put("name", volume);
    if (rules != null) {
      rules.forEach(body.putArray("rules")::add);
    }
    if (profile != null) {
      body.putObject("profile").put("profile", profile);
    }
    return done("made " + inWords(http.client().post(VOLUMES, body)));
  }

  @Command(
      name = "resize",
      mixinStandardHelpOptions = true,
      description = "Gives a volume another size; all its contents stay.")
  int resize(
      @Mixin HttpAddress http,
      @Parameters(index = "0", paramLabel = VOLUME, description = VOLUME_TEXT) String volume,
      @Parameters(
              index = "1",
              paramLabel = SIZE,
              converter = Converters.Size.class,
              description = "Its size: " + ByteSize.SYNTAX + ".")
          long sizeBytes)
      throws CommandFailedException, InterruptedException {
    return done("now " + inWords(http.client().patch(path(volume), size(sizeBytes))));
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = {
        "Deletes a volume with everything in it, whoever uses it: handles that clients hold are"
            + " stale (STALE). Only a named state that has it can bring it back."
      })
  int delete(
      @Mixin HttpAddress http,
      @Parameters(paramLabel = VOLUME, description = VOLUME_TEXT) String volume)
      throws CommandFailedException, InterruptedException {
    http.client().delete(path(volume));
    return done("deleted volume '" + volume + "'");
  }

  @Command(
      name = "snapshots",
      mixinStandardHelpOptions = true,
      description = "Lists the snapshots of a volume, the array's own for its clones included.")
  int snapshots(
      @Mixin HttpAddress http,
      @Mixin ShownAnswer shown,
      @Parameters(paramLabel = VOLUME, description = VOLUME_TEXT) String volume)
      throws CommandFailedException, InterruptedException {
    return shown.show(
        http.client(),
        path(volume) + SNAPSHOTS,
        spec().commandLine().getOut(),
        SnapshotCommand::table);
  }

  @Command(
      name = "delete-snapshot",
      mixinStandardHelpOptions = true,
      description = "Deletes a snapshot of a volume; space that only it kept comes back.")
  int deleteSnapshot(
      @Mixin HttpAddress http,
      @Parameters(index = "0", paramLabel = VOLUME, description = VOLUME_TEXT) String volume,
      @Parameters(index = "1", paramLabel = "SNAPSHOT", description = "The snapshot's name.")
          String snapshot)
      throws CommandFailedException, InterruptedException {
    http.client().delete(path(volume) + SNAPSHOTS + "/" + ManagementClient.segment(snapshot));
    return done("deleted snapshot '" + snapshot + "' of volume '" + volume + "'");
  }

  private static String path(String volume) {
    return VOLUMES + "/" + ManagementClient.segment(volume);
  }

  private static ObjectNode size(long bytes) {
    return JsonNodeFactory.instance.objectNode().put("sizeBytes", bytes);
  }

  private static String inWords(JsonNode volume) {
    JsonNode space = volume.path("space");
    return "%s  %s, %s used  profile %s  reserved %s, free %s"
        .formatted(
            volume.path("exportPath").asText(),
            ByteSize.format(space.path("sizeBytes").asLong()),
            ByteSize.format(space.path("physicalUsedBytes").asLong()),
            volume.path("profile").asText(),
            ByteSize.format(space.path("reservedBytes").asLong()),
            ByteSize.format(space.path("freeBytes").asLong()));
  }

  private int done(String what) {
    PrintWriter out = spec().commandLine().getOut();
    out.println(what);
    out.flush();
    return ExitCode.OK;
  }
}
