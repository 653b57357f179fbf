/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Whether this build is slower than another one: the other build, this build, and this build a
 * second time, as three servers that get every workload in turn, round after round. A ratio is
 * taken within each round, where all three met the same machine, and the median of the rounds
 * counts. The ratio of this build to itself says how much of a difference is noise.
 */
final class NfsBuildsRun {
  /** A build that was slower by less than this, beyond the noise, counts as no slower. */
  private static final double TOLERANCE = 0.03;

  private final NfsLoad load;
  private final List<NfsServer> servers;
  private final Goals goals;
  private final PrintStream out;

  /**
   * @param servers the other build, this build, and this build again
   */
  NfsBuildsRun(NfsLoad load, List<NfsServer> servers, Goals goals, PrintStream out) {
    this.load = load;
    this.servers = List.copyOf(servers);
    this.goals = goals;
    this.out = out;
  }

  void run(NfsLoad.Window window, int rounds, double seconds, double settleSeconds)
      throws IOException, InterruptedException {
    Map<NfsWorkload, List<NfsLoad.Result[]>> measured = new EnumMap<>(NfsWorkload.class);
    for (int round = 0; round < rounds; round++) {
      for (NfsWorkload workload : NfsWorkload.values()) {
        NfsLoad.Result[] results = new NfsLoad.Result[servers.size()];
        for (int i = 0; i < results.length; i++) {
          int turn = (i + round) % results.length;
          results[turn] = load.run(servers.get(turn), workload, window, seconds, settleSeconds);
        }
        measured.computeIfAbsent(workload, unused -> new ArrayList<>()).add(results);
      }
    }
    out.printf(
        "%d connection(s), %d call(s) in flight each, medians of %d rounds of %.1f s%n%n",
        window.connections(), window.depth(), rounds, seconds);
    out.println(
        "| workload | before, calls/s (CPU µs) | now, calls/s (CPU µs) | now / before | noise |");
    out.println("|---|---|---|---|---|");
    measured.forEach(this::judge);
    out.println();
  }

  private void judge(NfsWorkload workload, List<NfsLoad.Result[]> rounds) {
    // Two servers of this build: their mean stands for it, their ratio is the noise of a round.
    double ratio = Medians.of(rounds, r -> (r[1].rate() + r[2].rate()) / 2 / r[0].rate());
    double noise = Medians.of(rounds, r -> Math.abs(r[1].rate() / r[2].rate() - 1));
    out.printf(
        "| %s | %,.0f (%.2f) | %,.0f (%.2f) | %.3f | %.1f %% |%n",
        workload.label,
        Medians.of(rounds, r -> r[0].rate()),
        Medians.of(rounds, r -> r[0].cpuMicros()),
        Medians.of(rounds, r -> (r[1].rate() + r[2].rate()) / 2),
        Medians.of(rounds, r -> (r[1].cpuMicros() + r[2].cpuMicros()) / 2),
        ratio,
        100 * noise);
    double least = 1 - TOLERANCE - noise;
    goals.add(
        workload.label + ": this build's rate over the other's",
        Goals.text(">= %.3f", least),
        Goals.text("%.3f", ratio),
        ratio >= least);
  }
}
