/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Shows and changes the export rules of a running array: which clients may use which volume, and
 * how.
 */
@Command(
    name = "export",
    aliases = "exports",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Shows and changes who may use the volumes of a running array.",
      "A change holds from the next call of every client on. With a data directory it is kept,"
          + " until it is changed again or an option of a later start names the volume.",
      ""
    },
    footer = {
      "",
      "Example: facsim exports set datastore1 '10.0.0.0/8(rw)' '*(ro,root_squash)'",
      "docs/configuration.md explains the rules."
    })
final class ExportsCommand extends CommandGroup {
  private static final String VOLUME = "VOLUME";
  private static final String VOLUME_TEXT = "The volume's name, without a slash.";

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the volumes, one line each, as in /etc/exports.")
  int list(@Mixin HttpAddress http, @Mixin ShownAnswer shown)
      throws CommandFailedException, InterruptedException {
    return shown.show(
        http.client(), "/api/v1/exports", spec().commandLine().getOut(), ExportsCommand::listed);
  }

  private static void listed(JsonNode answer, PrintWriter out) {
    JsonNode items = answer.path("items");
    for (JsonNode item : items) {
      out.println(item.path("exportPath").asText() + " " + inWords(item));
    }
    if (items.isEmpty()) {
      out.println("the array has no volume");
    }
  }

  @Command(
      name = "set",
      mixinStandardHelpOptions = true,
      description = "Replaces all rules of a volume.")
  int set(
      @Mixin HttpAddress http,
      @Parameters(index = "0", paramLabel = VOLUME, description = VOLUME_TEXT) String volume,
      @Parameters(
              index = "1..*",
              arity = "1..*",
              paramLabel = "RULE",
              description = {
                "Who may do what, in the words of exports(5), for example '10.0.0.0/8(ro,root_squash)'.",
                "The narrowest rule for a client's address counts; a client without a rule is refused."
              })
          List<String> rules)
      throws CommandFailedException, InterruptedException {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    rules.forEach(body.putArray("rules")::add);
    return put(http, volume, body);
  }

  @Command(
      name = "nobody",
      mixinStandardHelpOptions = true,
      description = {
        "Takes all rules from a volume: it stays exported, and every client is refused (ACCES)."
      })
  int nobody(
      @Mixin HttpAddress http,
      @Parameters(paramLabel = VOLUME, description = VOLUME_TEXT) String volume)
      throws CommandFailedException, InterruptedException {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putArray("rules");
    return put(http, volume, body);
  }

  @Command(
      name = "withdraw",
      mixinStandardHelpOptions = true,
      description = {
        "Ends the export of a volume: it cannot be mounted, and the handles that clients have are"
            + " stale (STALE). 'set' exports it again."
      })
  int withdraw(
      @Mixin HttpAddress http,
      @Parameters(paramLabel = VOLUME, description = VOLUME_TEXT) String volume)
      throws CommandFailedException, InterruptedException {
    return put(http, volume, JsonNodeFactory.instance.objectNode().put("exported", false));
  }

  private int put(HttpAddress http, String volume, ObjectNode body)
      throws CommandFailedException, InterruptedException {
    JsonNode now =
        http.client().put("/api/v1/volumes/" + ManagementClient.segment(volume) + "/exports", body);
    PrintWriter out = spec().commandLine().getOut();
    out.println("/" + volume + " " + inWords(now));
    out.flush();
    return ExitCode.OK;
  }

  /** The rules in the format of {@code /etc/exports}, or a comment if there are none. */
  private static String inWords(JsonNode exports) {
    if (!exports.path("exported").asBoolean()) {
      return "# not exported";
    }
    StringBuilder words = new StringBuilder();
    exports.path("rules").forEach(rule -> words.append(' ').append(rule.asText()));
    return words.isEmpty() ? "# exported to nobody" : words.substring(1);
  }
}
