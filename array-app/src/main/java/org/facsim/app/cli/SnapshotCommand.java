/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes, lists, restores and deletes the snapshots that a running array has. */
@Command(
    name = "snapshot",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Takes, lists, restores, reverts to and deletes snapshots of files and directories of a running array.",
      ""
    },
    footer = {"", "Example: facsim snapshot create datastore1 sql01 before-update"})
final class SnapshotCommand extends CommandGroup {
  private static final String VOLUME = "VOLUME";
  private static final String SNAPSHOT = "SNAPSHOT";
  private static final String VOLUME_TEXT = "The volume's name, without a slash.";
  private static final String SNAPSHOT_TEXT = "The snapshot's name.";
  private static final String PATH = "path";

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the snapshots of a volume, the array's own for its clones included.")
  int list(
      @Mixin HttpAddress http,
      @Mixin ShownAnswer shown,
      @Parameters(paramLabel = VOLUME, description = VOLUME_TEXT) String volume)
      throws CommandFailedException, InterruptedException {
    return shown.show(
        http.client(), snapshots(volume), spec().commandLine().getOut(), SnapshotCommand::table);
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Takes one of a file, or of a directory with everything below it.")
  int create(
      @Mixin HttpAddress http,
      @Parameters(index = "0", paramLabel = VOLUME, description = VOLUME_TEXT) String volume,
      @Parameters(
              index = "1",
              paramLabel = "PATH",
              description = "A file or directory below the volume; / for all of it.")
          String path,
      @Parameters(index = "2", paramLabel = SNAPSHOT, description = SNAPSHOT_TEXT) String name)
      throws CommandFailedException, InterruptedException {
    http.client()
        .post(
            snapshots(volume),
            JsonNodeFactory.instance.objectNode().put("name", name).put(PATH, path));
    return done("took snapshot '" + name + "' of '" + path + "' in volume '" + volume + "'");
  }

  @Command(
      name = "restore",
      mixinStandardHelpOptions = true,
      description = "Makes a new file or directory of one, which shares its blocks.")
  int restore(
      @Mixin HttpAddress http,
      @Parameters(index = "0", paramLabel = VOLUME, description = VOLUME_TEXT) String volume,
      @Parameters(index = "1", paramLabel = SNAPSHOT, description = SNAPSHOT_TEXT) String name,
      @Parameters(
              index = "2",
              paramLabel = "PATH",
              description = "What it is to become, which must not be there.")
          String path)
      throws CommandFailedException, InterruptedException {
    http.client()
        .post(
            snapshots(volume) + "/" + ManagementClient.segment(name) + "/restore",
            JsonNodeFactory.instance.objectNode().put(PATH, path));
    return done("made '" + path + "' of snapshot '" + name + "'");
  }

  @Command(
      name = "revert",
      mixinStandardHelpOptions = true,
      description = {
        "Makes what it was taken of what it was then, in place: files keep their handles, and what"
            + " was added since is removed."
      })
  int revert(
      @Mixin HttpAddress http,
      @Parameters(index = "0", paramLabel = VOLUME, description = VOLUME_TEXT) String volume,
      @Parameters(index = "1", paramLabel = SNAPSHOT, description = SNAPSHOT_TEXT) String name)
      throws CommandFailedException, InterruptedException {
    JsonNode now =
        http.client()
            .post(
                snapshots(volume) + "/" + ManagementClient.segment(name) + "/revert",
                JsonNodeFactory.instance.objectNode());
    return done(
        "'/%s%s' is what it was in snapshot '%s'"
            .formatted(
                volume,
                now.path("path").asText().isEmpty() ? "" : "/" + now.path("path").asText(),
                name));
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "Deletes one; space that only it kept comes back.")
  int delete(
      @Mixin HttpAddress http,
      @Parameters(index = "0", paramLabel = VOLUME, description = VOLUME_TEXT) String volume,
      @Parameters(index = "1", paramLabel = SNAPSHOT, description = SNAPSHOT_TEXT) String name)
      throws CommandFailedException, InterruptedException {
    http.client().delete(snapshots(volume) + "/" + ManagementClient.segment(name));
    return done("deleted snapshot '" + name + "' of volume '" + volume + "'");
  }

  private static String snapshots(String volume) {
    return "/api/v1/volumes/" + ManagementClient.segment(volume) + "/snapshots";
  }

  /** As a table. */
  static void table(JsonNode answer, PrintWriter out) {
    if (answer.path("items").isEmpty()) {
      out.println("the volume has no snapshot");
      return;
    }
    TextTable table = new TextTable(4, "SNAPSHOT", "CREATED", "PARENT", "MADE BY", "CLONES");
    answer
        .path("items")
        .forEach(
            each ->
                table.add(
                    each.path("name").asText(),
                    each.path("created").asText(),
                    each.path("parent").asText(),
                    each.path("automatic").asBoolean() ? "the array" : "an administrator",
                    each.path("clones").asText()));
    table.print(out);
  }

  private int done(String what) {
    PrintWriter out = spec().commandLine().getOut();
    out.println(what);
    out.flush();
    return ExitCode.OK;
  }
}
