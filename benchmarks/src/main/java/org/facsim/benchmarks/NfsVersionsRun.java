/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * NFSv4.1 beside NFSv3, on one server: every workload over one version right after the other, round
 * after round, first over the one and first over the other by turns. A ratio is taken within each
 * round, where both met the same machine, and the median of the rounds counts.
 */
final class NfsVersionsRun {
  private static final double LEAST_RATIO = 0.8;
  private static final List<NfsVersion> VERSIONS = List.of(NfsVersion.V3, NfsVersion.V4_1);

  private final NfsLoad load;
  private final NfsServer server;
  private final Goals goals;
  private final PrintStream out;

  NfsVersionsRun(NfsLoad load, NfsServer server, Goals goals, PrintStream out) {
    this.load = load;
    this.server = server;
    this.goals = goals;
    this.out = out;
  }

  void run(NfsLoad.Window window, int rounds, double seconds, double settleSeconds)
      throws IOException, InterruptedException {
    Map<NfsWorkload, List<NfsLoad.Result[]>> measured = new EnumMap<>(NfsWorkload.class);
    for (int round = 0; round < rounds; round++) {
      for (NfsWorkload workload : workloads()) {
        NfsLoad.Result[] results = new NfsLoad.Result[VERSIONS.size()];
        for (int i = 0; i < results.length; i++) {
          int turn = (i + round) % results.length;
          results[turn] =
              load.over(VERSIONS.get(turn)).run(server, workload, window, seconds, settleSeconds);
        }
        measured.computeIfAbsent(workload, unused -> new ArrayList<>()).add(results);
      }
    }
    out.printf(
        "%d connection(s), %d call(s) in flight each, medians of %d rounds of %.1f s%n%n",
        window.connections(), window.depth(), rounds, seconds);
    out.println(
        "| workload | NFSv3, calls/s (CPU µs) | NFSv4.1, calls/s (CPU µs) | rate, 4.1 / 3 "
            + "| CPU, 4.1 / 3 |");
    out.println("|---|---|---|---|---|");
    measured.forEach(this::judge);
    out.println();
  }

  /** What the generator can ask over both. */
  static List<NfsWorkload> workloads() {
    return List.of(NfsWorkload.values()).stream()
        .filter(workload -> workload != NfsWorkload.CREATE_REMOVE)
        .toList();
  }

  private void judge(NfsWorkload workload, List<NfsLoad.Result[]> rounds) {
    double ratio = Medians.of(rounds, r -> r[1].rate() / r[0].rate());
    out.printf(
        "| %s | %,.0f (%.2f) | %,.0f (%.2f) | %.2f | %.2f |%n",
        workload.label,
        Medians.of(rounds, r -> r[0].rate()),
        Medians.of(rounds, r -> r[0].cpuMicros()),
        Medians.of(rounds, r -> r[1].rate()),
        Medians.of(rounds, r -> r[1].cpuMicros()),
        ratio,
        Medians.of(rounds, r -> r[1].cpuMicros() / r[0].cpuMicros()));
    goals.add(
        workload.label + ": rate over NFSv4.1 by the one over NFSv3",
        Goals.text(">= %.2f", LEAST_RATIO),
        Goals.text("%.2f", ratio),
        ratio >= LEAST_RATIO);
  }
}
