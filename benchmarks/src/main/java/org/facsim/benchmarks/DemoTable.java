/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs the program as a user does, from outside: how long the demo takes, how much memory it holds
 * at most, and how soon a started server answers. Needs Linux for the memory.
 */
public final class DemoTable {
  private static final double MAX_DEMO_SECONDS = 120;
  private static final double MAX_RESIDENT_KIB = 2 << 20;
  private static final double MAX_FIRST_REPLY_NANOS = 1.5e9;
  private static final int STARTS = 5;
  private static final long POLL_MILLIS = 20;

  private final String launcher;
  private final Goals goals = new Goals();

  private DemoTable(String launcher) {
    this.launcher = launcher;
  }

  /**
   * Measures and prints; exit code 1 if a goal is missed.
   *
   * @param arguments the launcher, then options for its demo
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    DemoTable table = new DemoTable(arguments[0]);
    table.measureStart();
    table.measureDemo(Arrays.asList(arguments).subList(1, arguments.length));
    out.println();
    Machine.describe(out);
    out.println();
    table.goals.print(out);
    System.exit(table.goals.allMet() ? 0 : 1);
  }

  private void measureDemo(List<String> options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(launcher, "demo"));
    command.addAll(options);
    long start = System.nanoTime();
    Process demo = new ProcessBuilder(command).inheritIO().start();
    long peakKib = 0;
    while (!demo.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
      peakKib = Math.max(peakKib, peakResidentKib(demo.pid()));
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    int exit = demo.exitValue();
    goals.add("demo, exit code", "0", Integer.toString(exit), exit == 0);
    goals.add(
        "demo, elapsed", "< 120 s", Goals.text("%.1f s", seconds), seconds < MAX_DEMO_SECONDS);
    goals.add(
        "demo, peak resident memory",
        "< 2 GiB",
        Goals.text("%.0f MiB", peakKib / 1024.0),
        peakKib > 0 && peakKib < MAX_RESIDENT_KIB);
  }

  /** The launcher becomes the JVM, so its process is the one to look at. */
  private static long peakResidentKib(long processId) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + processId + "/status"))) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", ""));
        }
      }
    } catch (IOException e) {
      return 0; // it ended meanwhile
    }
    return 0;
  }

  private void measureStart() throws IOException, InterruptedException {
    long[] nanos = new long[STARTS];
    for (int i = 0; i < STARTS; i++) {
      nanos[i] = startOnce();
    }
    Arrays.sort(nanos);
    goals.add(
        Goals.text("serve, from its start to the first NULL reply, median of %d", STARTS),
        "< 1.5 s",
        Goals.duration(nanos[STARTS / 2]) + " (longest " + Goals.duration(nanos[STARTS - 1]) + ")",
        nanos[STARTS / 2] < MAX_FIRST_REPLY_NANOS);
  }

  private long startOnce() throws IOException, InterruptedException {
    int port = freePort();
    long start = System.nanoTime();
    Process server =
        new ProcessBuilder(
                launcher, "serve", "--volume", "datastore1=1TiB", "--nfs-port", "" + port)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      NullCall.awaitReply(port, server);
      return System.nanoTime() - start;
    } finally {
      server.destroy();
      server.waitFor();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
