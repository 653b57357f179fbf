/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A server that is compared, on the loopback address.
 *
 * @param canned it answers without looking: what its replies say is not judged
 * @param process to be ended by whoever started it, or null if it is somebody else's
 */
record NfsServer(
    String name,
    int port,
    int mountPort,
    String export,
    long processId,
    boolean canned,
    Process process)
    implements AutoCloseable {
  private static final long START_MILLIS = 30_000;
  private static final long RETRY_MILLIS = 20;
  private static final long STOP_SECONDS = 10;

  /** The loopback limit. */
  static NfsServer limit(Path program) throws IOException, InterruptedException {
    return limit("limit", program, List.of());
  }

  /** The loopback limit of a server that keeps its data: so many MiB of it. */
  static NfsServer keepingLimit(Path program, int mib) throws IOException, InterruptedException {
    return limit("keep", program, List.of("" + mib));
  }

  private static NfsServer limit(String name, Path program, List<String> further)
      throws IOException, InterruptedException {
    int port = freePort();
    List<String> command = new ArrayList<>(List.of(program.toString(), "" + port));
    command.addAll(further);
    Process process = start(command, Map.of());
    return new NfsServer(name, port, port, "/", process.pid(), true, process).awaitPort();
  }

  /**
   * Facsim with one volume in memory.
   *
   * @param gcLog where its JVM tells its pauses
   * @param options of {@code serve}, further ones
   */
  static NfsServer facsim(String launcher, Path gcLog, String... options)
      throws IOException, InterruptedException {
    int port = freePort();
    String given = System.getenv().getOrDefault("FACSIM_JAVA_OPTS", "");
    List<String> command = new ArrayList<>();
    command.addAll(List.of(launcher, "serve", "--volume", "bench=8GiB", "--nfs-port", "" + port));
    command.addAll(List.of(options));
    Process process =
        start(command, Map.of("FACSIM_JAVA_OPTS", given + " -Xlog:gc,safepoint:file=" + gcLog));
    return new NfsServer("facsim", port, port, "/bench", process.pid(), false, process).awaitPort();
  }

  /** One that runs already. */
  static NfsServer other(String name, int port, int mountPort, String export, long processId)
      throws IOException, InterruptedException {
    return new NfsServer(name, port, mountPort, export, processId, false, null).awaitPort();
  }

  /** The same server, of which another export is loaded. */
  NfsServer exporting(String other) {
    return new NfsServer(name, port, mountPort, other, processId, canned, process);
  }

  private static Process start(List<String> command, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    return builder.start();
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private NfsServer awaitPort() throws IOException, InterruptedException {
    return awaitPort(port);
  }

  /** Waits until it listens on one of its ports. */
  NfsServer awaitPort(int one) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), one));
        return this;
      } catch (ConnectException e) {
        if (System.nanoTime() > deadline) {
          close();
          throw new IOException(name + " does not listen on port " + one, e);
        }
        Thread.sleep(RETRY_MILLIS);
      }
    }
  }

  /** Pins all threads of the server to one processor. */
  void pin(int cpu) throws IOException, InterruptedException {
    Process pinning =
        new ProcessBuilder("taskset", "-a", "-c", "-p", "" + cpu, "" + processId)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (pinning.waitFor() != 0) {
      throw new IOException("cannot pin " + name);
    }
  }

  @Override
  public void close() {
    if (process == null) {
      return;
    }
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
