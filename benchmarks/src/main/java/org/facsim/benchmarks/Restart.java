/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;

/**
 * How soon a large array answers again: the real program, from its start to the first NFS reply.
 * The data directory is read through the host's cache, as after a restart of the program.
 */
final class Restart {
  private static final int FILES_PER_DIRECTORY = 1000;
  private static final int STARTS = 3;
  private static final double MAX_NANOS = 5e9;

  private static final String JAVA_OPTIONS = "FACSIM_JAVA_OPTS";

  /**
   * Heap of the served array, and as much direct memory: the default, 1 GiB, does not hold the
   * blocks of 100 GiB beside the names of the files.
   */
  private static final String SERVER_MEMORY = "-Xmx2g";

  private Restart() {}

  /**
   * @param launcher the program, or null to open the array in this JVM
   */
  static void measure(Path parent, String launcher, Scale scale, Goals goals) {
    Path directory = parent.resolve("restart");
    long start = System.nanoTime();
    try (ArrayUnderTest under = new ArrayUnderTest(directory)) {
      under.createOfWords("large", scale.restartMib());
      Inode folder = null;
      for (int i = 0; i < scale.restartFiles(); i++) {
        if (i % FILES_PER_DIRECTORY == 0) {
          folder = under.makeDirectory("d" + i);
        }
        under.create(folder, "file" + i);
      }
    }
    long made = System.nanoTime() - start;
    long[] nanos = new long[STARTS];
    try {
      for (int i = 0; i < STARTS; i++) {
        nanos[i] = launcher == null ? open(directory) : serve(launcher, directory);
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("restart from " + directory, e);
    }
    Arrays.sort(nanos);
    String what =
        Goals.text(
            "durable: restart with %,d files and %s mapped, to the first %s",
            scale.restartFiles(),
            Goals.size(scale.restartMib()),
            launcher == null ? "operation" : "NFS reply");
    goals.add(
        what,
        "< 5 s",
        Goals.duration(nanos[STARTS / 2]) + " (longest " + Goals.duration(nanos[STARTS - 1]) + ")",
        nanos[STARTS / 2] < MAX_NANOS);
    goals.note("  making and closing this array", Goals.duration(made));
  }

  private static long open(Path directory) {
    long start = System.nanoTime();
    try (ArrayUnderTest under = new ArrayUnderTest(directory)) {
      under.volume.names().lookup(Caller.ROOT, under.volume.root(), Name.of("large"));
      return System.nanoTime() - start;
    }
  }

  private static long serve(String launcher, Path directory)
      throws IOException, InterruptedException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    List<String> command =
        List.of(launcher, "serve", "--data-dir", directory.toString(), "--nfs-port", "" + port);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putIfAbsent(JAVA_OPTIONS, SERVER_MEMORY);
    long start = System.nanoTime();
    Process server = builder.start();
    try {
      NullCall.awaitReply(port, server);
      return System.nanoTime() - start;
    } finally {
      server.destroy();
      server.waitFor();
    }
  }
}
