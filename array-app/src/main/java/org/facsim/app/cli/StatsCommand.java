/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what hosts offloaded to a running array. */
@Command(
    name = "stats",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    description = {
      "Shows what hosts offloaded to a running array, by volume and client: the VAAI-NAS counters"
          + " that esxtop does not have, what clones saved, and how long they took.",
      ""
    })
final class StatsCommand implements Callable<Integer> {
  private static final String STATISTICS = "/api/v1/statistics/vaai";
  private static final double MIB = 1 << 20;
  private static final double MICROS = 1e3;

  @Spec private CommandSpec spec;
  @Mixin private HttpAddress http;

  @Mixin private ShownAnswer shown;

  @Option(
      names = "--reset",
      description = {
        "Shows the counters, and then begins at 0 again. They belong to the run of the array: no"
            + " named state has them, and a restore leaves them as they are."
      })
  private boolean reset;

  @Override
  public Integer call() throws CommandFailedException, InterruptedException {
    int exitCode =
        shown.show(http.client(), STATISTICS, spec.commandLine().getOut(), StatsCommand::inWords);
    if (reset) {
      http.client().delete(STATISTICS);
    }
    return exitCode;
  }

  private static void inWords(JsonNode answer, PrintWriter out) {
    if (answer.path("items").isEmpty()) {
      out.println("no host has asked this array to offload anything yet");
    } else {
      answer.path("items").forEach(item -> print(item, out));
    }
  }

  private static void print(JsonNode item, PrintWriter out) {
    out.printf("%s  %s%n", item.path("volume").asText(), item.path("client").asText());
    item.path("counters")
        .properties()
        .forEach(
            counter -> {
              long value = counter.getValue().asLong();
              if (counter.getKey().startsWith("bytes")) {
                out.printf("  %-24s %,15.1f MiB%n", counter.getKey(), value / MIB);
              } else {
                out.printf("  %-24s %,15d%n", counter.getKey(), value);
              }
            });
    item.path("latencies")
        .properties()
        .forEach(
            latency -> {
              JsonNode of = latency.getValue();
              if (of.path("count").asLong() > 0) {
                out.printf(
                    "  %-24s p50 %,.0f us, p99 %,.0f us, longest %,.0f us%n",
                    latency.getKey() + " latency",
                    of.path("p50Nanos").asLong() / MICROS,
                    of.path("p99Nanos").asLong() / MICROS,
                    of.path("maxNanos").asLong() / MICROS);
              }
            });
  }
}
