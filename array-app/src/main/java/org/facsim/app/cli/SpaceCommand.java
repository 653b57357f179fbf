/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.facsim.services.units.ByteSize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows where the space of a running array went. */
@Command(
    name = "space",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    description = {
      "Shows where the space of a running array went: what volumes use, what sharing saves, and what"
          + " clones, named states and reservations hold.",
      ""
    })
final class SpaceCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private HttpAddress http;
  @Mixin private ShownAnswer shown;

  @Override
  public Integer call() throws CommandFailedException, InterruptedException {
    return shown.show(
        http.client(), "/api/v1/space", spec.commandLine().getOut(), SpaceCommand::print);
  }

  private static void print(JsonNode answer, PrintWriter out) {
    TextTable table =
        new TextTable(
            1,
            "VOLUME",
            "SIZE",
            "PROVISIONED",
            "USED",
            "SAVED",
            "EXCLUSIVE",
            "SHARED",
            "CLONES",
            "STATES",
            "RESERVED");
    answer
        .path("volumes")
        .forEach(
            volume ->
                row(
                    table,
                    volume.path("name").asText(),
                    size(volume, "sizeBytes"),
                    volume.path("use")));
    row(table, "all", size(answer.path("array"), "provisionedBytes"), answer.path("total"));
    table.print(out);
  }

  private static void row(TextTable table, String name, String sizeText, JsonNode use) {
    table.add(
        name,
        sizeText,
        size(use, "provisionedBytes"),
        size(use, "physicalUsedBytes"),
        size(use, "savedBytes"),
        size(use, "exclusiveBytes"),
        size(use, "sharedBytes"),
        size(use, "retainedByClonesBytes"),
        size(use, "retainedByStatesBytes"),
        size(use, "reservedBytes"));
  }

  private static String size(JsonNode of, String field) {
    return ByteSize.format(of.path(field).asLong());
  }
}
