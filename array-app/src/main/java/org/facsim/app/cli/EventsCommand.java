/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows what changed at a running array. */
@Command(
    name = "events",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    description = {
      "Shows what changed at a running array, one line each: volumes, exports, profiles, snapshots,"
          + " named states, clone jobs, locks that an administrator freed.",
      "The array remembers the last 4096 events of a run, and less if they are large.",
      ""
    },
    footer = {"", "Example: facsim events --after 120"})
final class EventsCommand implements Callable<Integer> {
  private static final String EVENTS = "/api/v1/events?after=";

  @Spec private CommandSpec spec;
  @Mixin private HttpAddress http;

  @Option(
      names = "--after",
      paramLabel = "NUMBER",
      defaultValue = "0",
      description = "Only those that followed the event of this number.")
  private long after;

  @Option(names = "--json", description = "Shows each event as JSON, one in a line.")
  private boolean isJson;

  @Override
  public Integer call() throws CommandFailedException, InterruptedException {
    if (after < 0) {
      throw new ParameterException(
          spec.commandLine(), "--after: '" + after + "'; allowed: 0 and greater");
    }
    ManagementClient client = http.client();
    PrintWriter out = spec.commandLine().getOut();
    JsonNode page = client.get(EVENTS + after);
    if (after > 0 && !page.path("complete").asBoolean()) {
      String gap = "events after " + after + " are missing: they are remembered no more";
      out.println(
          isJson ? JsonNodeFactory.instance.objectNode().put("gap", gap).toString() : "# " + gap);
    }
    long last = page.path("lastSequence").asLong();
    while (!page.path("items").isEmpty()) {
      JsonNode event = null;
      for (JsonNode each : page.path("items")) {
        event = each;
        out.println(isJson ? event.toString() : inWords(event));
      }
      long sequence = event.path("sequence").asLong();
      if (sequence >= last) {
        break; // those that come meanwhile are for the next time
      }
      page = client.get(EVENTS + sequence);
    }
    out.flush();
    return ExitCode.OK;
  }

  private static String inWords(JsonNode event) {
    StringBuilder words = new StringBuilder();
    words.append(event.path("sequence").asText()).append(' ').append(event.path("at").asText());
    words.append(' ').append(event.path("type").asText());
    event
        .path("change")
        .properties()
        .forEach(
            field -> {
              JsonNode value = field.getValue();
              words.append(' ').append(field.getKey()).append('=');
              words.append(value.isTextual() ? quoted(value.asText()) : value.toString());
            });
    return words.toString();
  }

  /** As it is, if it is one word. */
  private static String quoted(String text) {
    return text.matches("[A-Za-z0-9._:/-]+") ? text : "'" + text + "'";
  }
}
