/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.facsim.protocol.mount.Mount3Client;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;

/**
 * A good client's GETATTR, one at a time, beside each {@link Abuse} of a server that was started
 * for it alone: {@code benchmarks/abuse LAUNCHER [ABUSE...]}.
 */
final class AbuseTable {
  private static final int WARM_UP_CALLS = 5000;
  private static final long MEASURED_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int MAX_CALLS = 1_000_000;
  private static final double GOAL_P99_MILLIS = 50;
  private static final double GOAL_LONGEST_MILLIS = 1000;
  private static final long CALL_SECONDS = 120;

  private final PrintStream out;
  private final String launcher;

  private AbuseTable(PrintStream out, String launcher) {
    this.out = out;
    this.launcher = launcher;
  }

  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    List<String> wanted = Arrays.asList(arguments).subList(1, arguments.length);
    AbuseTable table = new AbuseTable(out, arguments[0]);
    out.println("| beside | GETATTRs | p50 | p99 | longest | goal: p99 < 50 ms, longest < 1 s |");
    out.println("|---|---|---|---|---|---|");
    boolean met = true;
    for (Abuse abuse : Abuse.values()) {
      String name = abuse.name().toLowerCase(Locale.ROOT).replace('_', '-');
      if (wanted.isEmpty() || wanted.contains(name)) {
        met &= table.measure(abuse);
      }
    }
    System.exit(met ? 0 : 1);
  }

  private boolean measure(Abuse abuse) throws Exception {
    int httpPort = NfsServer.freePort();
    Path gcLog = Files.createTempFile("facsim-abuse", ".gc");
    gcLog.toFile().deleteOnExit();
    try (NfsServer server =
        NfsServer.facsim(launcher, gcLog, "--http-port", Integer.toString(httpPort))) {
      InetSocketAddress nfs = loopback(server.port());
      try (RpcClient good = connect(nfs, "good");
          RpcClient bad = connect(nfs, "bad")) {
        Nfs3Handle root =
            new Mount3Client(good)
                .mount(server.export())
                .get(CALL_SECONDS, TimeUnit.SECONDS)
                .handle();
        Nfs3Client client = new Nfs3Client(good);
        for (int i = 0; i < WARM_UP_CALLS; i++) {
          client.getAttributes(root).get(CALL_SECONDS, TimeUnit.SECONDS);
        }
        try (Abuse.Going going = abuse.begin(nfs, loopback(httpPort), new Nfs3Client(bad), root)) {
          return row(abuse, latencies(going, client, root));
        }
      }
    }
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static RpcClient connect(InetSocketAddress nfs, String name) throws Exception {
    return RpcClient.connect(
            nfs,
            RpcClientOptions.defaults()
                .withCredential(new Credential.Sys(0, name, 0, 0, List.of())))
        .get(CALL_SECONDS, TimeUnit.SECONDS);
  }

  /** Of one call after the other, while the abuse goes on in another thread. */
  private static long[] latencies(Abuse.Going going, Nfs3Client client, Nfs3Handle root)
      throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    Thread abuser =
        new Thread(
            () -> {
              try {
                while (!done.get()) {
                  going.step();
                  Thread.sleep(1);
                }
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            },
            "abuser");
    abuser.start();
    long[] nanos = new long[MAX_CALLS];
    int calls = 0;
    long begin = System.nanoTime();
    while (calls < MAX_CALLS && System.nanoTime() - begin < MEASURED_NANOS) {
      long start = System.nanoTime();
      client.getAttributes(root).get(CALL_SECONDS, TimeUnit.SECONDS);
      nanos[calls++] = System.nanoTime() - start;
    }
    done.set(true);
    abuser.join();
    long[] measured = Arrays.copyOf(nanos, calls);
    Arrays.sort(measured);
    return measured;
  }

  private boolean row(Abuse abuse, long[] sorted) throws IOException {
    double p99 = millis(sorted[(int) (sorted.length * 0.99)]);
    double longest = millis(sorted[sorted.length - 1]);
    boolean met = p99 < GOAL_P99_MILLIS && longest < GOAL_LONGEST_MILLIS;
    out.printf(
        Locale.ROOT,
        "| %s | %,d | %.2f ms | %.2f ms | %.1f ms | %s |%n",
        abuse.title,
        sorted.length,
        millis(sorted[sorted.length / 2]),
        p99,
        longest,
        met ? "yes" : "NO");
    return met;
  }

  private static double millis(long nanos) {
    return nanos / 1e6;
  }
}
