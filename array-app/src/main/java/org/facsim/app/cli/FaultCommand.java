/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Makes a running array fail on demand. */
@Command(
    name = "fault",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Makes a running array fail on demand: says which calls are to meet which fault.",
      "The same rules do the same to the same calls, because a seed decides where chance seems to.",
      ""
    },
    footer = {
      "",
      "Example: facsim fault add --door nfs --procedure WRITE --path '/datastore1/**/*-flat.vmdk'"
          + " --nth 3 --status JUKEBOX",
      "         facsim fault preset takeover --for 30s",
      "docs/faults.md explains the rules."
    })
final class FaultCommand extends CommandGroup {
  private static final String FAULTS = "/api/v1/faults";
  private static final String PRESETS = "/api/v1/fault-presets";
  private static final String ID = "ID";

  /** How answers are shown. */
  static final class Shown {
    @Option(names = "--json", description = "Shows the array's answer as JSON.")
    private boolean isJson;
  }

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Adds a rule: which calls, what happens to them, and how often.",
        "Without an option that says which calls, all of all doors but http.",
        "A rule that can do nothing is refused, with what would."
      })
  int add(
      @Mixin HttpAddress http,
      @Mixin Shown shown,
      @Mixin FaultMatchOptions match,
      @Mixin FaultActOptions act,
      @Mixin FaultLimitOptions limits)
      throws CommandFailedException, InterruptedException {
    ObjectNode rule = JsonNodeFactory.instance.objectNode();
    limits.putName(rule);
    putUnlessEmpty(rule, "match", match.toJson());
    rule.set("act", act.toJson());
    putUnlessEmpty(rule, "limits", limits.toJson());
    limits.putSeed(rule);
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putArray("rules").add(rule);
    return show(asUsage("add", () -> http.client().post(FAULTS, body)), shown);
  }

  private static void putUnlessEmpty(ObjectNode into, String field, ObjectNode value) {
    if (!value.isEmpty()) {
      into.set(field, value);
    }
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the rules, one line each, with how often they matched and were applied.")
  int list(@Mixin HttpAddress http, @Mixin ShownAnswer shown)
      throws CommandFailedException, InterruptedException {
    return shown.show(http.client(), FAULTS, spec().commandLine().getOut(), FaultCommand::inWords);
  }

  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = {
        "Removes a rule. Calls, connections and clone jobs that wait for its end go on."
      })
  int remove(
      @Mixin HttpAddress http,
      @Mixin Shown shown,
      @Parameters(paramLabel = ID, description = "The rule's id, as 'facsim fault list' shows it.")
          long id)
      throws CommandFailedException, InterruptedException {
    return showRemoved(http.client().delete(FAULTS + "/" + id), shown);
  }

  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = {
        "Lets the calls, connections and clone jobs go on that wait for the end of a rule now.",
        "The rule stays, and stops those that come: --pause, --zero-window, --clone-stall."
      })
  int resume(
      @Mixin HttpAddress http,
      @Mixin Shown shown,
      @Parameters(paramLabel = ID, description = "The rule's id, as 'facsim fault list' shows it.")
          long id)
      throws CommandFailedException, InterruptedException {
    JsonNode answer =
        http.client().post(FAULTS + "/" + id + "/resume", JsonNodeFactory.instance.objectNode());
    return print(shown.isJson ? answer.toString() : "resumed " + answer.path("resumed").asInt());
  }

  @Command(
      name = "clear",
      mixinStandardHelpOptions = true,
      description = "Removes all rules. The next rule has the first id again.")
  int clear(@Mixin HttpAddress http, @Mixin Shown shown)
      throws CommandFailedException, InterruptedException {
    return showRemoved(http.client().delete(FAULTS), shown);
  }

  @Command(
      name = "preset",
      mixinStandardHelpOptions = true,
      description =
          "Does what labs and CI ask for most; 'facsim fault presets' lists what there is.")
  int preset(
      @Mixin HttpAddress http,
      @Mixin Shown shown,
      @Parameters(paramLabel = "PRESET", description = "Such as takeover, full, apd.") String name,
      @Option(
              names = "--for",
              paramLabel = "TIME",
              description = "How long; the same as --set for=TIME.")
          String length,
      @Option(
              names = "--set",
              paramLabel = "NAME=VALUE",
              description = "Another parameter of the preset.")
          Map<String, String> parameters)
      throws CommandFailedException, InterruptedException {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ObjectNode given = body.putObject("parameters");
    if (parameters != null) {
      parameters.forEach(given::put);
    }
    if (length != null) {
      given.put("for", length);
    }
    JsonNode answer =
        asUsage(
            "preset",
            () -> http.client().post(PRESETS + "/" + ManagementClient.segment(name), body));
    if (!shown.isJson && answer.path("items").isEmpty()) {
      return print("on its way: " + name);
    }
    return show(answer, shown);
  }

  @Command(
      name = "presets",
      mixinStandardHelpOptions = true,
      description = "Lists the presets and their parameters.")
  int presets(@Mixin HttpAddress http, @Mixin Shown shown)
      throws CommandFailedException, InterruptedException {
    JsonNode answer = http.client().get(PRESETS);
    if (shown.isJson) {
      return print(answer.toString());
    }
    PrintWriter out = spec().commandLine().getOut();
    for (JsonNode preset : answer.path("items")) {
      out.printf("%-14s %s%n", preset.path("name").asText(), preset.path("text").asText());
      for (JsonNode parameter : preset.path("parameters")) {
        String standard = parameter.path("standard").asText();
        out.printf(
            "%-14s   %s%s: %s%n",
            "",
            parameter.path("name").asText(),
            standard.isEmpty() ? "" : "=" + standard,
            parameter.path("text").asText());
      }
    }
    out.flush();
    return ExitCode.OK;
  }

  // ---------------------------------------------------------------- answers

  /** A call that the array refuses because of what the command line says. */
  @FunctionalInterface
  private interface Asked {
    JsonNode ask() throws CommandFailedException, InterruptedException;
  }

  private JsonNode asUsage(String command, Asked asked)
      throws CommandFailedException, InterruptedException {
    try {
      return asked.ask();
    } catch (CommandFailedException failed) {
      if (failed.isBadRequest()) {
        throw new ParameterException(
            spec().commandLine().getSubcommands().get(command), failed.getMessage(), failed);
      }
      throw failed;
    }
  }

  private int print(String line) {
    PrintWriter out = spec().commandLine().getOut();
    out.println(line);
    out.flush();
    return ExitCode.OK;
  }

  private int showRemoved(JsonNode answer, Shown shown) {
    return print(
        shown.isJson ? answer.toString() : "removed " + rules(answer.path("removed").asInt()));
  }

  private static String rules(int count) {
    return count == 1 ? "1 rule" : count + " rules";
  }

  private int show(JsonNode answer, Shown shown) {
    if (shown.isJson) {
      return print(answer.toString());
    }
    PrintWriter out = spec().commandLine().getOut();
    inWords(answer, out);
    out.flush();
    return ExitCode.OK;
  }

  private static void inWords(JsonNode answer, PrintWriter out) {
    for (JsonNode rule : answer.path("items")) {
      out.println(FaultWords.of(rule));
    }
    int more = answer.path("count").asInt() - answer.path("items").size();
    if (answer.path("items").isEmpty()) {
      out.println("there are no fault rules");
    } else if (more > 0) {
      out.printf("and %d more%n", more);
    }
  }
}
