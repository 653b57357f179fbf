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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sets Facsim beside the loopback limit and, where it is installed, nfs-ganesha: every workload on
 * every server in turn, round after round, so that whatever else the machine does hits all alike.
 * Of each server the best round counts; one that others disturbed counts only if there is no other.
 *
 * <p>Started by {@code benchmarks/compare-nfs.sh}, which says how.
 */
public final class NfsTable {
  private static final double MAX_TAIL = 4;
  private static final double MAX_PAUSE_MILLIS = 20;
  private static final double MAX_RESIDENT_MIB = 600;
  private static final double SETTLE_SECONDS = 0.15;
  private static final double WARM_SECONDS = 2;

  private final NfsOptions options;
  private final PrintStream out;
  private final NfsLoad load;
  private final Goals goals = new Goals();
  private final List<NfsServer> servers = new ArrayList<>();
  private double residentMib;
  private double otherCores;

  private NfsTable(NfsOptions options, PrintStream out) {
    this.options = options;
    this.out = out;
    this.load = new NfsLoad(options.programs().resolve("nfs_load"), options.fileMib());
  }

  /** Measures and prints; exit code 1 if a goal is missed. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    NfsTable table = new NfsTable(NfsOptions.parse(arguments), out);
    Path gcLog = Files.createTempFile("facsim-gc", ".log");
    try {
      table.measure(gcLog);
    } finally {
      table.servers.forEach(NfsServer::close);
      Files.deleteIfExists(gcLog);
    }
    System.exit(table.goals.allMet() ? 0 : 1);
  }

  private void measure(Path gcLog) throws IOException, InterruptedException {
    if (options.before() != null) {
      setBesideOtherBuild(gcLog);
      return;
    }
    NfsServer facsim = NfsServer.facsim(options.launcher(), gcLog);
    servers.add(facsim);
    warm(facsim);
    if (options.minutes() > 0) {
      new NfsFlatRun(load, facsim, goals, out).run(options.minutes());
    } else {
      servers.add(0, NfsServer.limit(options.programs().resolve("nfs_limit")));
      if (options.ganesha() == null) {
        out.println("nfs-ganesha: skipped, " + options.whyNoGanesha());
      } else {
        servers.add(options.ganesha());
      }
      compare(NfsLoad.Window.WIDE, List.of(NfsWorkload.values()));
      for (NfsServer server : servers) {
        server.pin(NfsLoad.Window.PINNED.cpu());
      }
      List<NfsWorkload> pinned = new ArrayList<>(List.of(NfsWorkload.values()));
      pinned.removeIf(workload -> workload.pinnedShareGoalPercent == 0);
      compare(NfsLoad.Window.PINNED, pinned);
      goals.add(
          "resident memory with " + options.fileMib() + " MiB of data, most",
          "< 600 MiB",
          Goals.text("%.0f MiB", residentMib),
          residentMib < MAX_RESIDENT_MIB);
    }
    double pause = longestPauseMillis(gcLog);
    goals.add(
        "longest pause of the garbage collector",
        "<= 20 ms",
        Goals.text("%.1f ms", pause),
        pause <= MAX_PAUSE_MILLIS);
    out.println();
    Machine.describe(out);
    out.printf(
        "Processors that others kept busy meanwhile, most in a round that counts: %.2f%n%n",
        otherCores);
    goals.print(out);
  }

  private void setBesideOtherBuild(Path gcLog) throws IOException, InterruptedException {
    for (String launcher : List.of(options.before(), options.launcher(), options.launcher())) {
      servers.add(NfsServer.facsim(launcher, gcLog));
      warm(servers.get(servers.size() - 1));
    }
    new NfsBuildsRun(load, servers, goals, out)
        .run(NfsLoad.Window.WIDE, options.rounds(), options.seconds(), SETTLE_SECONDS);
    Machine.describe(out);
    goals.print(out);
  }

  /** The JVM compiles what is hot; a server that was just started is another server. */
  private void warm(NfsServer server) throws IOException, InterruptedException {
    for (NfsWorkload workload : NfsWorkload.values()) {
      load.run(server, workload, NfsLoad.Window.WIDE, WARM_SECONDS, 0);
    }
  }

  private void compare(NfsLoad.Window window, List<NfsWorkload> workloads)
      throws IOException, InterruptedException {
    Map<NfsWorkload, Map<String, NfsLoad.Result>> best = new HashMap<>();
    for (int round = 0; round < options.rounds(); round++) {
      for (NfsWorkload workload : workloads) {
        Map<String, NfsLoad.Result> results =
            best.computeIfAbsent(workload, unused -> new HashMap<>());
        for (int i = 0; i < servers.size(); i++) {
          NfsServer server = servers.get((i + round) % servers.size());
          NfsLoad.Result result =
              load.run(server, workload, window, options.seconds(), SETTLE_SECONDS);
          if (server.name().equals("facsim")) {
            residentMib = Math.max(residentMib, result.residentMib());
          }
          results.merge(
              server.name(), result, (one, other) -> other.isBetterThan(one) ? other : one);
        }
      }
    }
    out.printf(
        "%n%d connection(s), %d call(s) in flight each%s, best of %d rounds of %.1f s%n%n",
        window.connections(),
        window.depth(),
        window.cpu() < 0 ? "" : ", all on one processor",
        options.rounds(),
        options.seconds());
    print(window, workloads, best);
  }

  private void print(
      NfsLoad.Window window,
      List<NfsWorkload> workloads,
      Map<NfsWorkload, Map<String, NfsLoad.Result>> best) {
    out.println(
        "| workload | limit, calls/s (CPU µs) | facsim (CPU µs) | share | goal | met "
            + "| p50 / p99 µs | nfs-ganesha (CPU µs) | share |");
    out.println("|---|---|---|---|---|---|---|---|---|");
    boolean wide = window.cpu() < 0;
    for (NfsWorkload workload : workloads) {
      NfsLoad.Result limit = best.get(workload).get("limit");
      NfsLoad.Result facsim = best.get(workload).get("facsim");
      NfsLoad.Result ganesha = best.get(workload).get("nfs-ganesha");
      otherCores = Math.max(otherCores, Math.max(limit.otherCores(), facsim.otherCores()));
      int goal = wide ? workload.shareGoalPercent : workload.pinnedShareGoalPercent;
      double share = 100 * facsim.rate() / limit.rate();
      boolean met = share >= goal;
      out.printf(
          "| %s | %s | %s | %.0f %% | %d %% | %s | %.0f / %.0f | %s | %s |%n",
          workload.label,
          cell(limit),
          cell(facsim),
          share,
          goal,
          met ? "yes" : "NO",
          facsim.p50Micros(),
          facsim.p99Micros(),
          ganesha == null ? "-" : cell(ganesha),
          ganesha == null ? "-" : Goals.text("%.0f %%", 100 * ganesha.rate() / limit.rate()));
      judge(workload, wide, share, facsim);
    }
  }

  private void judge(NfsWorkload workload, boolean wide, double share, NfsLoad.Result facsim) {
    String where = workload.label + (wide ? ", 4 x 32" : ", 1 x 1 on one processor");
    int goal = wide ? workload.shareGoalPercent : workload.pinnedShareGoalPercent;
    goals.add(
        where + ": share of the limit",
        ">= " + goal + " %",
        Goals.text("%.1f %%", share),
        share >= goal);
    if (!wide) {
      return;
    }
    if (workload.cpuGoalMicros > 0) {
      goals.add(
          where + ": CPU per call",
          Goals.text("<= %.1f µs", workload.cpuGoalMicros),
          Goals.text("%.2f µs", facsim.cpuMicros()),
          facsim.cpuMicros() <= workload.cpuGoalMicros);
    }
    goals.add(
        where + ": p99 over median",
        "<= 4",
        Goals.text("%.1f", facsim.tail()),
        facsim.tail() <= MAX_TAIL);
  }

  private static String cell(NfsLoad.Result result) {
    return Goals.text("%,.0f (%.2f)", result.rate(), result.cpuMicros());
  }

  /** What the JVM logged of its collections. */
  static double longestPauseMillis(Path gcLog) throws IOException {
    Pattern pause = Pattern.compile("\\bPause .* ([0-9.]+)ms$");
    double longest = 0;
    for (String line : Files.readAllLines(gcLog)) {
      Matcher found = pause.matcher(line);
      if (found.find()) {
        longest = Math.max(longest, Double.parseDouble(found.group(1)));
      }
    }
    return longest;
  }
}
