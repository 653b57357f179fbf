/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs the load generator against a server; a run with a wrong reply is an error, not a figure. */
final class NfsLoad {
  /**
   * How much is asked at a time.
   *
   * @param cpu the processor that generator and server are pinned to, or -1
   */
  record Window(int connections, int depth, int cpu) {
    static final Window WIDE = new Window(4, 32, -1);
    static final Window PINNED = new Window(1, 1, 0);
  }

  /**
   * What came of it.
   *
   * @param rate calls per second
   * @param cpuMicros of the server, for one call
   * @param residentMib of the server, at the end
   * @param otherCores processors that neither the generator nor the server kept busy
   */
  record Result(
      double rate,
      double cpuMicros,
      double p50Micros,
      double p99Micros,
      double residentMib,
      double otherCores) {
    private static final double UNDISTURBED_CORES = 0.25;

    /** Undisturbed is better than disturbed, then faster than slower. */
    boolean isBetterThan(Result other) {
      boolean disturbed = otherCores > UNDISTURBED_CORES;
      boolean otherDisturbed = other.otherCores > UNDISTURBED_CORES;
      return disturbed == otherDisturbed ? rate > other.rate : otherDisturbed;
    }

    double tail() {
      return p99Micros / p50Micros;
    }
  }

  private final Path program;
  private final int fileMib;
  private final NfsVersion version;

  NfsLoad(Path program, int fileMib) {
    this(program, fileMib, NfsVersion.V3);
  }

  private NfsLoad(Path program, int fileMib, NfsVersion version) {
    this.program = program;
    this.fileMib = fileMib;
    this.version = version;
  }

  /** The same loads over another version of NFS. */
  NfsLoad over(NfsVersion newVersion) {
    return new NfsLoad(program, fileMib, newVersion);
  }

  /** Loads a server with a file in the order in which the server keeps it. */
  Result run(
      NfsServer server, NfsWorkload workload, Window window, double seconds, double warmSeconds)
      throws IOException, InterruptedException {
    return run(server, workload, window, seconds, warmSeconds, 0);
  }

  /**
   * Loads a server.
   *
   * @param scatterMib so much of the file is overwritten before, in blocks of 4 KiB at random
   *     places
   * @throws IOException if the generator found a wrong reply or could not run
   */
  Result run(
      NfsServer server,
      NfsWorkload workload,
      Window window,
      double seconds,
      double warmSeconds,
      int scatterMib)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (window.cpu() >= 0) {
      command.addAll(List.of("taskset", "-c", "" + window.cpu()));
    }
    command.addAll(
        List.of(
            program.toString(),
            "127.0.0.1",
            "" + server.port(),
            "" + server.mountPort(),
            server.export(),
            workload.id,
            "" + window.connections(),
            "" + window.depth(),
            "" + seconds,
            "--warm",
            "" + warmSeconds,
            "--file",
            "" + fileMib,
            "--vers",
            version.id,
            "--scatter",
            "" + scatterMib,
            "--pid",
            "" + server.processId(),
            "--canned",
            server.canned() ? "1" : "0"));
    Process load =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String line = new String(load.getInputStream().readAllBytes(), UTF_8);
    if (load.waitFor() != 0) {
      throw new IOException(server.name() + ", " + workload.label + ": the load failed: " + line);
    }
    return parse(line);
  }

  private static Result parse(String line) {
    Map<String, String> values = new HashMap<>();
    for (String part : line.strip().split(" ", -1)) {
      int equals = part.indexOf('=');
      values.put(part.substring(0, equals), part.substring(equals + 1));
    }
    return new Result(
        Double.parseDouble(values.get("rate")),
        Double.parseDouble(values.get("cpu_us")),
        Double.parseDouble(values.get("p50_us")),
        Double.parseDouble(values.get("p99_us")),
        Double.parseDouble(values.get("resident_mib")),
        Double.parseDouble(values.get("other_cores")));
  }
}
