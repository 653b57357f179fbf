/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What an open web console costs those who use NFS: every load three times in a row on one server,
 * in an order that changes from round to round, once with the console open and twice without. The
 * array has machines, and the load's file belongs to one of them, so that each second has something
 * to tell.
 *
 * <p>A ratio is taken within each round, where all three met the same machine, and the median
 * counts. How far it can be trusted is said by the same figure of the two loads without a console,
 * where nothing differs, and by its own standard error; the larger of both is the noise.
 *
 * <p>On a machine that others use, that noise is larger than what is looked for. Therefore the
 * processor time of the server's threads is looked at, too: what those use that do not serve NFS is
 * what NFS cannot have, at most, on a machine without a processor to spare.
 */
final class NfsConsoleRun {
  private static final double MOST_LOST = 0.02;
  private static final int MACHINES = 200;
  private static final int TURNS = 3;
  private static final int OPEN = 1;

  /** A console is opened so long before the load begins; without one it waits as long. */
  private static final long BEFORE_MILLIS = 200;

  /** Of the median of normal deviates, by their median distance from it. */
  private static final double STANDARD_ERROR = 1.2533 * 1.4826;

  private final NfsLoad load;
  private final NfsServer server;
  private final String http;
  private final Goals goals;
  private final PrintStream out;

  /**
   * @param http of the same server, {@code http://127.0.0.1:8080}
   */
  NfsConsoleRun(NfsLoad load, NfsServer server, String http, Goals goals, PrintStream out) {
    this.load = load;
    this.server = server.exporting(server.export() + "/vm-0");
    this.http = http;
    this.goals = goals;
    this.out = out;
  }

  /** Makes machines, each with a descriptor and a disk. */
  void prepare() throws IOException {
    String files = http + "/api/v1/volumes" + server.export().replace("/vm-0", "") + "/files/";
    for (int i = 0; i < MACHINES; i++) {
      String machine = files + "vm-" + i + "/vm-" + i;
      OpenConsole.send("PUT", machine + ".vmx", "application/octet-stream", "displayName = \"vm\"");
      OpenConsole.send("PUT", machine + "-flat.vmdk", "application/octet-stream", "x".repeat(8192));
    }
  }

  void run(int rounds, double seconds, double settleSeconds)
      throws IOException, InterruptedException {
    run("the console's pages", false, rounds, seconds, settleSeconds);
    OpenConsole.send("PUT", http + "/api/v1/journal", "application/json", "{\"entries\": 100000}");
    run("the journal's page, followed", true, rounds, seconds, settleSeconds);
  }

  private void run(
      String what, boolean isJournalFollowed, int rounds, double seconds, double settleSeconds)
      throws IOException, InterruptedException {
    Map<NfsWorkload, List<Turn[]>> measured = new EnumMap<>(NfsWorkload.class);
    for (int round = -1; round < rounds; round++) { // the first one only warms up
      for (NfsWorkload workload : NfsWorkload.values()) {
        Turn[] results = new Turn[TURNS];
        for (int i = 0; i < TURNS; i++) {
          int turn = Math.floorMod(i + round, TURNS);
          results[turn] =
              turn == OPEN
                  ? open(workload, isJournalFollowed, seconds, settleSeconds)
                  : closed(workload, seconds, settleSeconds);
        }
        if (round >= 0) {
          measured.computeIfAbsent(workload, unused -> new ArrayList<>()).add(results);
        }
      }
    }
    print(what, measured, rounds, seconds);
  }

  /** What came of a load, and what the server's threads used meanwhile. */
  private record Turn(NfsLoad.Result result, ServerThreads used) {
    double rate() {
      return result.rate();
    }

    double cpuMicros() {
      return result.cpuMicros();
    }
  }

  private Turn closed(NfsWorkload workload, double seconds, double settleSeconds)
      throws IOException, InterruptedException {
    Thread.sleep(BEFORE_MILLIS);
    ServerThreads before = ServerThreads.of(server.processId());
    NfsLoad.Result result = load.run(server, workload, NfsLoad.Window.WIDE, seconds, settleSeconds);
    return new Turn(result, ServerThreads.of(server.processId()).minus(before));
  }

  private Turn open(
      NfsWorkload workload, boolean isJournalFollowed, double seconds, double settleSeconds)
      throws IOException, InterruptedException {
    OpenConsole console = OpenConsole.open(http, isJournalFollowed);
    try {
      return closed(workload, seconds, settleSeconds);
    } finally {
      console.close();
    }
  }

  private void print(
      String what, Map<NfsWorkload, List<Turn[]>> measured, int rounds, double seconds) {
    out.printf(
        "%s: %d machines, medians of %d rounds of %.1f s%n%n", what, MACHINES, rounds, seconds);
    out.println("| workload | without, calls/s (CPU µs) | with, calls/s (CPU µs) | lost | noise |");
    out.println("|---|---|---|---|---|");
    List<Turn[]> all = new ArrayList<>();
    measured.forEach(
        (workload, results) -> {
          all.addAll(results);
          out.printf(
              "| %s | %,.0f (%.2f) | %,.0f (%.2f) | %.1f %% | %.1f %% |%n",
              workload.label,
              Medians.of(results, r -> (r[0].rate() + r[2].rate()) / 2),
              Medians.of(results, r -> (r[0].cpuMicros() + r[2].cpuMicros()) / 2),
              Medians.of(results, r -> r[OPEN].rate()),
              Medians.of(results, r -> r[OPEN].cpuMicros()),
              100 * lost(results),
              100 * noise(results));
        });
    double without = besideShare(all, 0, 2);
    double more = besideShare(all, OPEN) - without;
    out.printf(
        "Of the server's processor time, threads beside NFS used %.2f %% without it and %.2f %%"
            + " with it.%n%n",
        100 * without, 100 * (without + more));
    goals.add(
        "the server's processor time that NFS lost to " + what,
        "< 2 %",
        Goals.text("%.2f %%", 100 * more),
        more < MOST_LOST);
    double lost = lost(all);
    double noise = noise(all);
    out.printf("| **all** | | | **%.1f %%** | %.1f %% |%n%n", 100 * lost, 100 * noise);
    goals.add(
        "NFS throughput lost to " + what,
        Goals.text("< 2 %% (noise %.1f %%)", 100 * noise),
        Goals.text("%.1f %%", 100 * lost),
        lost < MOST_LOST + noise);
  }

  private static double besideShare(List<Turn[]> rounds, int... turns) {
    ServerThreads sum = new ServerThreads(0, 0);
    for (Turn[] round : rounds) {
      for (int turn : turns) {
        sum = sum.plus(round[turn].used());
      }
    }
    return sum.besideShare();
  }

  /** The share of the rate that is gone while the console is open. */
  private static double lost(List<Turn[]> rounds) {
    return 1 - Medians.of(rounds, NfsConsoleRun::ratio);
  }

  private static double ratio(Turn[] round) {
    return round[OPEN].rate() / ((round[0].rate() + round[2].rate()) / 2);
  }

  /** How far {@link #lost} can be from the truth. */
  private static double noise(List<Turn[]> rounds) {
    double withoutDifference = Math.abs(1 - Medians.of(rounds, r -> r[0].rate() / r[2].rate()));
    double median = Medians.of(rounds, NfsConsoleRun::ratio);
    double distance = Medians.of(rounds, r -> Math.abs(ratio(r) - median));
    double standardError = STANDARD_ERROR * distance / Math.sqrt(rounds.size());
    return Math.max(withoutDifference, standardError);
  }
}
