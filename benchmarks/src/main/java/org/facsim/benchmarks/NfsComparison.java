/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Facsim beside the limits and whoever else is there: every workload on every server in turn, round
 * after round, so that whatever else the machine does hits all alike. Of each server the best round
 * counts; one that others disturbed counts only if there is no other.
 */
final class NfsComparison {
  private static final double MAX_TAIL = 4;

  private final NfsLoad load;
  private final NfsOptions options;
  private final List<NfsServer> servers;
  private final Goals goals;
  private final PrintStream out;
  private final double settleSeconds;
  private double residentMib;
  private double otherCores;

  NfsComparison(
      NfsLoad load,
      NfsOptions options,
      List<NfsServer> servers,
      Goals goals,
      PrintStream out,
      double settleSeconds) {
    this.load = load;
    this.options = options;
    this.servers = List.copyOf(servers);
    this.goals = goals;
    this.out = out;
    this.settleSeconds = settleSeconds;
  }

  /** The most memory that Facsim had resident after any load. */
  double residentMib() {
    return residentMib;
  }

  /** The most processors that others kept busy in a round that counts. */
  double otherCores() {
    return otherCores;
  }

  /**
   * Measures and prints.
   *
   * @param title what is said of the file; stands in the table's heading and the goals' lines
   * @param scatterMib how much of it is overwritten at random before each load that reads or writes
   */
  void run(NfsLoad.Window window, List<NfsWorkload> workloads, String title, int scatterMib)
      throws IOException, InterruptedException {
    Map<NfsWorkload, Map<String, NfsLoad.Result>> best = new EnumMap<>(NfsWorkload.class);
    for (int round = 0; round < options.rounds(); round++) {
      for (NfsWorkload workload : workloads) {
        Map<String, NfsLoad.Result> results =
            best.computeIfAbsent(workload, unused -> new HashMap<>());
        for (int i = 0; i < servers.size(); i++) {
          NfsServer server = servers.get((i + round) % servers.size());
          NfsLoad.Result result =
              load.run(server, workload, window, options.seconds(), settleSeconds, scatterMib);
          if (server.name().equals("facsim")) {
            residentMib = Math.max(residentMib, result.residentMib());
          }
          results.merge(
              server.name(), result, (one, other) -> other.isBetterThan(one) ? other : one);
        }
      }
    }
    out.printf(
        "%n%s: %d connection(s), %d call(s) in flight each%s, best of %d rounds of %.1f s%n%n",
        title,
        window.connections(),
        window.depth(),
        window.cpu() < 0 ? "" : ", all on one processor",
        options.rounds(),
        options.seconds());
    out.println(
        "| workload | limit, calls/s (CPU µs) | the same, keeping its data | facsim (CPU µs) "
            + "| share of the limit | of the keeping one | p50 / p99 µs "
            + "| nfs-ganesha (CPU µs) | of the keeping one |");
    out.println("|---|---|---|---|---|---|---|---|---|");
    for (NfsWorkload workload : workloads) {
      Map<String, NfsLoad.Result> results = best.get(workload);
      print(workload, results);
      judge(workload, window, title, scatterMib > 0, results);
    }
  }

  private void print(NfsWorkload workload, Map<String, NfsLoad.Result> results) {
    NfsLoad.Result keep = results.get("keep");
    NfsLoad.Result facsim = results.get("facsim");
    NfsLoad.Result ganesha = results.get("nfs-ganesha");
    results.values().forEach(result -> otherCores = Math.max(otherCores, result.otherCores()));
    out.printf(
        "| %s | %s | %s | %s | %.0f %% | %.0f %% | %.0f / %.0f | %s | %s |%n",
        workload.label,
        cell(results.get("limit")),
        cell(keep),
        cell(facsim),
        share(facsim, results.get("limit")),
        share(facsim, keep),
        facsim.p50Micros(),
        facsim.p99Micros(),
        ganesha == null ? "-" : cell(ganesha),
        ganesha == null ? "-" : Goals.text("%.0f %%", share(ganesha, keep)));
  }

  private void judge(
      NfsWorkload workload,
      NfsLoad.Window window,
      String title,
      boolean scattered,
      Map<String, NfsLoad.Result> results) {
    NfsLoad.Result facsim = results.get("facsim");
    boolean wide = window.cpu() < 0;
    String where = title + ", " + workload.label;
    double share = share(facsim, results.get("limit"));
    goal(
        where + ": share of the limit",
        wide ? workload.shareGoalPercent : workload.pinnedShareGoalPercent,
        share);
    if (!wide) {
      return;
    }
    goal(
        where + ": share of the limit that keeps its data",
        workload.keepShareGoalPercent,
        share(facsim, results.get("keep")));
    double cpuGoalMicros = workload.cpuGoalMicros(scattered);
    if (cpuGoalMicros > 0) {
      goals.add(
          where + ": CPU per call",
          Goals.text("<= %.1f µs", cpuGoalMicros),
          Goals.text("%.2f µs", facsim.cpuMicros()),
          facsim.cpuMicros() <= cpuGoalMicros);
    }
    goals.add(
        where + ": p99 over median",
        "<= 4",
        Goals.text("%.1f", facsim.tail()),
        facsim.tail() <= MAX_TAIL);
  }

  /** A goal of 0 is none. */
  private void goal(String what, int percent, double measuredPercent) {
    if (percent > 0) {
      goals.add(
          what,
          ">= " + percent + " %",
          Goals.text("%.1f %%", measuredPercent),
          measuredPercent >= percent);
    }
  }

  private static double share(NfsLoad.Result of, NfsLoad.Result limit) {
    return 100 * of.rate() / limit.rate();
  }

  private static String cell(NfsLoad.Result result) {
    return Goals.text("%,.0f (%.2f)", result.rate(), result.cpuMicros());
  }
}
