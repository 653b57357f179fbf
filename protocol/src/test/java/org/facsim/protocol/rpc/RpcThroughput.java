/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.facsim.protocol.xdr.Xdr;

/**
 * Measures the transport by itself, client and server in one process. Run by hand, from the folder
 * of the module, after {@code mvn test-compile}, without leak detection:
 *
 * <pre>
 * java -XX:+UseSerialGC -cp CLASSPATH org.facsim.protocol.rpc.RpcThroughput \
 *     null|read|write|echo CONNECTIONS IN_FLIGHT BYTES SECONDS [shared] [serve]
 * </pre>
 *
 * <p>{@code shared} puts both ends on the same loop; {@code serve} only serves, for a load
 * generator of another process.
 */
final class RpcThroughput {
  private record Load(int procedure, int sendBytes, int askBytes) {}

  private final ByteBuf source = PatternBuffer.ofBytes(EchoProgram.MAX_DATA_BYTES);
  private final LongAdder calls = new LongAdder();
  private final Load load;
  private volatile boolean stopped;

  private RpcThroughput(Load load) {
    this.load = load;
  }

  public static void main(String[] args) throws Exception {
    int bytes = Integer.parseInt(args[3]);
    Load load =
        switch (args[0]) {
          case "null" -> new Load(EchoProgram.NULL, -1, -1);
          case "read" -> new Load(EchoProgram.SOURCE, -1, bytes);
          case "gather", "echo" -> new Load(EchoProgram.GATHER, bytes, -1);
          case "write" -> new Load(EchoProgram.SINK, bytes, -1);
          default -> throw new IllegalArgumentException(args[0]);
        };
    boolean shared = args.length > 5 && args[5].equals("shared");
    new RpcThroughput(load)
        .run(
            Integer.parseInt(args[1]),
            Integer.parseInt(args[2]),
            Double.parseDouble(args[4]),
            shared);
  }

  private void run(int connections, int inFlight, double seconds, boolean shared) throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    RpcEventLoops loops = RpcEventLoops.start(RpcTransport.AUTOMATIC, 1, "rpc-client");
    RpcServerOptions options = RpcServerOptions.listeningOn(any);
    if (shared) {
      options = options.withLoops(loops);
    }
    try (loops;
        RpcServer server = RpcServer.start(options, List.of(new EchoProgram(source)))) {
      List<RpcClient> clients = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        clients.add(
            RpcClient.connect(
                    server.address(),
                    RpcClientOptions.defaults()
                        .withLoops(loops)
                        .withCredential(new Credential.Sys(1, "throughput", 0, 0, List.of(0L, 1L))))
                .get());
      }
      for (RpcClient client : clients) {
        for (int i = 0; i < inFlight; i++) {
          again(client);
        }
      }
      measure(seconds); // warm up
      for (int i = 0; i < 3; i++) {
        measure(seconds);
      }
      stopped = true;
      clients.forEach(RpcClient::close);
    }
  }

  private void again(RpcClient client) {
    if (stopped) {
      return;
    }
    CompletableFuture<Integer> answer =
        load.sendBytes() >= 0
            ? client.call(
                EchoProgram.NUMBER,
                2,
                load.procedure(),
                out -> {},
                source.retainedSlice(0, load.sendBytes()),
                ByteBuf::readableBytes)
            : client.call(
                EchoProgram.NUMBER,
                2,
                load.procedure(),
                load.askBytes() >= 0 ? out -> out.writeInt(load.askBytes()) : out -> {},
                RpcThroughput::length);
    var unused =
        answer.whenComplete(
            (length, failure) -> {
              if (failure == null) {
                calls.increment();
                again(client);
              } else if (!stopped) {
                failure.printStackTrace();
              }
            });
  }

  private static Integer length(ByteBuf in) {
    return in.isReadable()
        ? Xdr.readOpaqueSlice(in, EchoProgram.MAX_DATA_BYTES).readableBytes()
        : 0;
  }

  private void measure(double seconds) throws InterruptedException {
    Map<String, Long> cpuBefore = cpuNanos();
    long callsBefore = calls.sum();
    long start = System.nanoTime();
    Thread.sleep((long) (seconds * 1000));
    double elapsed = (System.nanoTime() - start) / 1e9;
    long done = calls.sum() - callsBefore;
    double mebibytes =
        (double) done * (Math.max(0, load.sendBytes()) + Math.max(0, load.askBytes())) / (1 << 20);
    StringBuilder line =
        new StringBuilder(
            "%.0f calls/s, %.0f MiB/s".formatted(done / elapsed, mebibytes / elapsed));
    cpuNanos()
        .forEach(
            (name, nanos) ->
                line.append(
                    ", %s %.2f us/call"
                        .formatted(
                            name,
                            (nanos - cpuBefore.getOrDefault(name, 0L)) / 1e3 / Math.max(1, done))));
    System.out.println(line);
  }

  private static Map<String, Long> cpuNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Map<String, Long> cpu = new HashMap<>();
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().startsWith("rpc-")) {
        cpu.merge(
            thread.getThreadName().substring(0, 10),
            threads.getThreadCpuTime(thread.getThreadId()),
            Long::sum);
      }
    }
    return cpu;
  }
}
