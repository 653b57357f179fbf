/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a server is tomorrow what it is today: the same loads in turn for minutes, and the rate
 * of the last third beside that of the first, and its resident memory over time.
 */
final class NfsFlatRun {
  private static final double TURN_SECONDS = 3;
  private static final double MIN_LAST_OVER_FIRST = 0.9;
  private static final double MAX_GROWTH_MIB = 32;

  private static final List<NfsWorkload> TURNS =
      List.of(
          NfsWorkload.GETATTR,
          NfsWorkload.READ_4K,
          NfsWorkload.WRITE_4K,
          NfsWorkload.READ_1M,
          NfsWorkload.CREATE_REMOVE);

  private final NfsLoad load;
  private final NfsServer server;
  private final Goals goals;
  private final PrintStream out;
  private final Map<NfsWorkload, double[]> firstAndLast = new EnumMap<>(NfsWorkload.class);
  private final Map<NfsWorkload, int[]> counts = new EnumMap<>(NfsWorkload.class);

  NfsFlatRun(NfsLoad load, NfsServer server, Goals goals, PrintStream out) {
    this.load = load;
    this.server = server;
    this.goals = goals;
    this.out = out;
    for (NfsWorkload workload : TURNS) {
      firstAndLast.put(workload, new double[2]);
      counts.put(workload, new int[2]);
    }
  }

  void run(double minutes) throws IOException, InterruptedException {
    out.print("| minute |");
    TURNS.forEach(workload -> out.print(" " + workload.label + " |"));
    out.println(" resident MiB |");
    out.println("|---|" + "---|".repeat(TURNS.size() + 1));
    long begun = System.nanoTime();
    double residentFirst = 0;
    double residentLast = 0;
    for (double minute = 0; minute < minutes; minute = (System.nanoTime() - begun) / 60e9) {
      out.printf("| %.1f |", minute);
      for (NfsWorkload workload : TURNS) {
        NfsLoad.Result result = load.run(server, workload, NfsLoad.Window.WIDE, TURN_SECONDS, 0);
        residentLast = result.residentMib();
        note(workload, minute / minutes, result.rate());
        out.printf(" %,.0f |", result.rate());
      }
      if (minute <= minutes / 3) {
        residentFirst = Math.max(residentFirst, residentLast);
      }
      out.printf(" %.0f |%n", residentLast);
    }
    for (NfsWorkload workload : TURNS) {
      double ratio =
          firstAndLast.get(workload)[1]
              / counts.get(workload)[1]
              / (firstAndLast.get(workload)[0] / counts.get(workload)[0]);
      goals.add(
          workload.label + ": mean of the last third over that of the first",
          ">= 0.9",
          Goals.text("%.2f", ratio),
          ratio >= MIN_LAST_OVER_FIRST);
    }
    goals.add(
        "resident memory at the end, over the most of the first third",
        "<= 32 MiB more",
        Goals.text("%.0f of %.0f MiB", residentLast, residentFirst),
        residentLast <= residentFirst + MAX_GROWTH_MIB);
  }

  private void note(NfsWorkload workload, double progress, double rate) {
    if (progress <= 1 / 3.0 || progress >= 2 / 3.0) {
      int third = progress <= 1 / 3.0 ? 0 : 1;
      firstAndLast.get(workload)[third] += rate;
      counts.get(workload)[third]++;
    }
  }
}
