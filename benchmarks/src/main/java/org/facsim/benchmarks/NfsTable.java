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
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sets Facsim beside the loopback limits and, where it is installed, nfs-ganesha ({@link
 * NfsComparison}), or this build beside another one ({@link NfsBuildsRun}), or Facsim beside itself
 * some minutes later ({@link NfsFlatRun}), or NFSv4.1 beside NFSv3 ({@link NfsVersionsRun}), or
 * Facsim with an open web console beside Facsim without one ({@link NfsConsoleRun}).
 *
 * <p>Started by {@code benchmarks/compare-nfs.sh}, which says how.
 */
public final class NfsTable {
  private static final double MAX_PAUSE_MILLIS = 20;
  private static final double MAX_RESIDENT_MIB = 600;
  private static final double SETTLE_SECONDS = 0.15;
  private static final double WARM_SECONDS = 2;

  /** Three servers that are compared with each other only need no more. */
  private static final double BUILDS_WARM_SECONDS = 0.8;

  /** Files are written before a load and read after it; roughly. */
  private static final double AROUND_SECONDS = 0.4;

  private static final List<NfsWorkload> ALL = List.of(NfsWorkload.values());

  private final NfsOptions options;
  private final PrintStream out;
  private final NfsLoad load;
  private final Goals goals = new Goals();
  private final List<NfsServer> servers = new ArrayList<>();

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
    if (options.console()) {
      setBesideConsole(gcLog);
      return;
    }
    NfsServer facsim = NfsServer.facsim(options.launcher(), gcLog);
    servers.add(facsim);
    if (options.versions()) {
      setVersionsSideBySide(facsim);
    } else if (options.minutes() > 0) {
      warm(facsim, ALL);
      new NfsFlatRun(load, facsim, goals, out).run(options.minutes());
    } else {
      setBesideLimits(facsim);
    }
    double pause = longestPauseMillis(gcLog);
    goals.add(
        "longest pause of the garbage collector",
        "<= 20 ms",
        Goals.text("%.1f ms", pause),
        pause <= MAX_PAUSE_MILLIS);
    goals.print(out);
  }

  private void setBesideLimits(NfsServer facsim) throws IOException, InterruptedException {
    // Nothing may be overwritten at random before the file in order has been measured.
    warm(facsim, ALL.stream().filter(workload -> !workload.scatters()).toList());
    Path limit = options.programs().resolve("nfs_limit");
    servers.add(0, NfsServer.limit(limit));
    servers.add(1, NfsServer.keepingLimit(limit, options.fileMib()));
    if (options.ganesha() == null) {
      out.println("nfs-ganesha: skipped, " + options.whyNoGanesha());
    } else {
      servers.add(options.ganesha());
    }
    NfsComparison comparison =
        new NfsComparison(load, options, servers, goals, out, SETTLE_SECONDS);
    comparison.run(
        NfsLoad.Window.WIDE,
        ALL.stream().filter(NfsWorkload::isBulk).toList(),
        "4 x 32, a file in order",
        0);
    warm(facsim, ALL.stream().filter(NfsWorkload::scatters).toList());
    comparison.run(NfsLoad.Window.WIDE, ALL, "4 x 32, after random overwrites", options.fileMib());
    for (NfsServer server : servers) {
      server.pin(NfsLoad.Window.PINNED.cpu());
    }
    comparison.run(
        NfsLoad.Window.PINNED,
        ALL.stream().filter(workload -> workload.pinnedShareGoalPercent > 0).toList(),
        "1 x 1 on one processor",
        0);
    goals.add(
        "resident memory with " + options.fileMib() + " MiB of data, most",
        "< 600 MiB",
        Goals.text("%.0f MiB", comparison.residentMib()),
        comparison.residentMib() < MAX_RESIDENT_MIB);
    out.println();
    Machine.describe(out);
    out.printf(
        "Processors that others kept busy meanwhile, most in a round that counts: %.2f%n%n",
        comparison.otherCores());
  }

  private void setVersionsSideBySide(NfsServer facsim) throws IOException, InterruptedException {
    for (NfsWorkload workload : NfsVersionsRun.workloads()) {
      for (NfsVersion version : NfsVersion.values()) {
        load.over(version).run(facsim, workload, NfsLoad.Window.WIDE, WARM_SECONDS, 0);
      }
    }
    new NfsVersionsRun(load, facsim, goals, out)
        .run(NfsLoad.Window.WIDE, options.rounds(), options.seconds(), SETTLE_SECONDS);
    Machine.describe(out);
  }

  private void setBesideConsole(Path gcLog) throws IOException, InterruptedException {
    int port = NfsServer.freePort();
    NfsServer facsim = NfsServer.facsim(options.launcher(), gcLog, "--http-port", "" + port);
    var unused = facsim.awaitPort(port);
    servers.add(facsim);
    NfsConsoleRun run = new NfsConsoleRun(load, facsim, "http://127.0.0.1:" + port, goals, out);
    run.prepare();
    run.run(options.rounds(), options.seconds(), SETTLE_SECONDS);
    Machine.describe(out);
    goals.print(out);
  }

  private void setBesideOtherBuild(Path gcLog) throws IOException, InterruptedException {
    List<String> launchers = List.of(options.before(), options.launcher(), options.launcher());
    double warmSeconds = BUILDS_WARM_SECONDS + AROUND_SECONDS;
    double roundSeconds = options.seconds() + SETTLE_SECONDS + AROUND_SECONDS;
    System.err.printf(
        "about %.0f seconds%n",
        launchers.size() * ALL.size() * (warmSeconds + options.rounds() * roundSeconds));
    for (String launcher : launchers) {
      servers.add(NfsServer.facsim(launcher, gcLog));
      warm(servers.get(servers.size() - 1), ALL, BUILDS_WARM_SECONDS);
    }
    new NfsBuildsRun(load, servers, goals, out)
        .run(NfsLoad.Window.WIDE, options.rounds(), options.seconds(), SETTLE_SECONDS);
    Machine.describe(out);
    goals.print(out);
  }

  /** The JVM compiles what is hot; a server that was just started is another server. */
  private void warm(NfsServer server, List<NfsWorkload> workloads)
      throws IOException, InterruptedException {
    warm(server, workloads, WARM_SECONDS);
  }

  private void warm(NfsServer server, List<NfsWorkload> workloads, double seconds)
      throws IOException, InterruptedException {
    for (NfsWorkload workload : workloads) {
      load.run(server, workload, NfsLoad.Window.WIDE, seconds, 0);
    }
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
