/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the links of the call chain cost a GETATTR: servers that differ in their options only, each
 * loaded in turn, round after round. Started by {@code benchmarks/calls}, which says how.
 */
public final class CallsTable {
  private static final double WARM_SECONDS = 3;
  private static final double SETTLE_SECONDS = 0.1;
  private static final int FILE_MIB = 16;
  private static final int ROUNDS = 30;
  private static final double SECONDS = 0.4;

  /**
   * A server.
   *
   * @param mostPercent of the first server's processor time for a call, in addition; negative for
   *     no goal
   * @param options of {@code serve}
   * @param rules that are added to it; see {@link FaultRuleLoad}
   */
  private record Watched(
      String what, double mostPercent, List<String> options, FaultRuleLoad rules) {
    Watched(String what, double mostPercent, List<String> options) {
      this(what, mostPercent, options, FaultRuleLoad.NONE);
    }
  }

  private static final List<String> NO_JOURNAL = List.of("--journal", "0");

  private static final List<Watched> ALL =
      List.of(
          new Watched("nothing watches", -1, List.of("--journal", "0")),
          new Watched("nothing watches, again", -1, List.of("--journal", "0")),
          new Watched("a journal of 100,000 calls", 5, List.of("--journal", "100000")),
          new Watched("a fault rule for WRITEs", -1, NO_JOURNAL, new FaultRuleLoad(1, "WRITE")),
          new Watched("1,000 of them", 10, NO_JOURNAL, new FaultRuleLoad(1000, "WRITE")),
          new Watched(
              "1,000 for GETATTRs of other files",
              10,
              NO_JOURNAL,
              new FaultRuleLoad(1000, "GETATTR")));

  private CallsTable() {}

  /** Measures and prints; exit code 1 if a goal is missed. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    String launcher = arguments[0];
    NfsLoad load = new NfsLoad(Path.of(arguments[1]).resolve("nfs_load"), FILE_MIB);
    int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : ROUNDS;
    double seconds = arguments.length > 3 ? Double.parseDouble(arguments[3]) : SECONDS;
    Path gcLog = Files.createTempFile("facsim-gc", ".log");
    List<NfsServer> servers = new ArrayList<>();
    Goals goals = new Goals();
    try {
      List<Watched> all = new ArrayList<>(ALL);
      for (Watched watched : ALL) {
        servers.add(start(launcher, gcLog, watched));
      }
      String other = System.getenv("FACSIM_CALLS_OTHER");
      if (other != null) {
        all.add(new Watched("another build", -1, List.of()));
        servers.add(NfsServer.facsim(other, gcLog, "--http-port", "" + NfsServer.freePort()));
      }
      measure(load, servers, all, rounds, seconds, goals);
    } finally {
      servers.forEach(NfsServer::close);
      Files.deleteIfExists(gcLog);
    }
    out.printf(
        "GETATTR, 4 connections, 32 calls in flight each: medians of %d rounds of %.1f s%n%n",
        rounds, seconds);
    Machine.describe(out);
    goals.print(out);
    System.exit(goals.allMet() ? 0 : 1);
  }

  private static NfsServer start(String launcher, Path gcLog, Watched watched)
      throws IOException, InterruptedException {
    int http = NfsServer.freePort();
    List<String> options = new ArrayList<>(watched.options());
    options.addAll(List.of("--http-port", "" + http));
    NfsServer server = NfsServer.facsim(launcher, gcLog, options.toArray(String[]::new));
    watched.rules().addTo(http);
    return server;
  }

  private static void measure(
      NfsLoad load,
      List<NfsServer> servers,
      List<Watched> all,
      int rounds,
      double seconds,
      Goals goals)
      throws IOException, InterruptedException {
    for (NfsServer server : servers) {
      load.run(server, NfsWorkload.GETATTR, NfsLoad.Window.WIDE, WARM_SECONDS, 0);
    }
    double[][] micros = new double[servers.size()][rounds];
    double[] residentMib = new double[servers.size()];
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < servers.size(); i++) {
        int turn = (i + round) % servers.size();
        NfsLoad.Result result =
            load.run(
                servers.get(turn),
                NfsWorkload.GETATTR,
                NfsLoad.Window.WIDE,
                seconds,
                SETTLE_SECONDS);
        micros[turn][round] = result.cpuMicros();
        residentMib[turn] = result.residentMib();
      }
    }
    for (int i = 0; i < servers.size(); i++) {
      double[] ratios = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        ratios[round] = micros[i][round] / micros[0][round];
      }
      report(all.get(i), micros[i], micros[0], 100 * (median(ratios) - 1), residentMib[i], goals);
    }
  }

  /**
   * @param percent the median of the rounds' ratios
   */
  private static void report(
      Watched watched,
      double[] micros,
      double[] first,
      double percent,
      double residentMib,
      Goals goals) {
    double least = least(micros);
    String measured =
        Goals.text(
            "%.3f µs, %+.1f %%; least %.3f µs, %+.1f %%; %.0f MiB",
            median(micros), percent, least, 100 * (least / least(first) - 1), residentMib);
    if (watched.mostPercent() < 0) {
      goals.note(watched.what(), measured);
    } else {
      goals.add(
          watched.what(),
          Goals.text("< %+.0f %%", watched.mostPercent()),
          measured,
          percent < watched.mostPercent());
    }
  }

  private static double least(double[] values) {
    return Arrays.stream(values).min().orElseThrow();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
