/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.embedded.NfsNullProbe;
import org.facsim.protocol.mount.Mount3Client;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Exception;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The HTTP door of the program: what it may take from NFS, and how it ends. */
class HttpIT {
  private static final int PATIENCE_SECONDS = 60;

  /** So many that one always commits. */
  private static final int STATE_CLIENTS = 8;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Test
  void idleHttpConnectionsTakeNoDescriptorsFromNfs() throws Exception {
    List<String> prefix = List.of("sh", "-c", "ulimit -n 2048; exec \"$@\"", "sh");
    List<Socket> idle = new ArrayList<>();
    try (FacsimServer server = FacsimServer.start(prefix, 0, "--http-port", "0")) {
      for (int i = 0; i < 2300; i++) {
        Socket socket = new Socket();
        idle.add(socket);
        socket.connect(httpAddress(server), PATIENCE_SECONDS * 1000);
      }
      for (int i = 0; i < 10; i++) {
        NfsNullProbe.await(server.address(), Duration.ofSeconds(1));
      }
      assertThat(send(server, "GET", "/api/v1/array", "")).isEqualTo(200);
      assertThat(server.errors()).doesNotContain("ERROR", "Exception");
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  @Test
  void sigtermDuringStateCallsEndsWithZeroAndWithoutAnErrorForAnybody(@TempDir Path data)
      throws Exception {
    Map<String, Integer> refusals = new ConcurrentHashMap<>();
    AtomicInteger calls = new AtomicInteger();
    AtomicInteger writes = new AtomicInteger();
    try (FacsimServer server =
        FacsimServer.start(
            "--http-port", "0", "--data-dir", data.toString(), "--volume", "v=1GiB")) {
      ExecutorService threads = Executors.newCachedThreadPool();
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < STATE_CLIENTS; i++) {
        String name = "state" + i;
        clients.add(threads.submit(() -> saveAndDelete(server, name, calls)));
      }
      clients.add(threads.submit(() -> write(server, writes, refusals)));
      long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (calls.get() < 10 || writes.get() < 10) {
        assertThat(System.nanoTime())
            .as("%s state calls, %s writes; %s", calls, writes, server.errors())
            .isLessThan(deadlineNanos);
        assertThat(clients).as(server.errors()).noneMatch(Future::isDone);
        Thread.sleep(1);
      }
      assertThat(server.terminate()).as(server.errors()).isZero();
      threads.shutdown();
      for (Future<?> client : clients) {
        client.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
      assertThat(refusals).as("of %d writes", writes.get()).isEmpty();
      assertThat(server.errors()).doesNotContain("ERROR", "Exception", "did not stop cleanly");
    }
  }

  private static InetSocketAddress httpAddress(FacsimServer server) {
    String[] hostAndPort = server.httpAddress().split(":", -1);
    return new InetSocketAddress(hostAndPort[0], Integer.parseInt(hostAndPort[1]));
  }

  private int send(FacsimServer server, String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + server.httpAddress() + path))
            .timeout(Duration.ofSeconds(PATIENCE_SECONDS))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.discarding()).statusCode();
  }

  /** Until the server is gone. */
  private Void saveAndDelete(FacsimServer server, String name, AtomicInteger calls)
      throws InterruptedException {
    String states = "/api/v1/states";
    try {
      while (true) {
        assertThat(send(server, "POST", states, "{\"name\": \"" + name + "\"}")).isEqualTo(201);
        assertThat(send(server, "DELETE", states + "/" + name, "")).isEqualTo(204);
        calls.addAndGet(2);
      }
    } catch (IOException e) {
      return null; // the connection is closed
    }
  }

  /** Stable writes until the server is gone; remembers what was refused. */
  private static Void write(
      FacsimServer server, AtomicInteger writes, Map<String, Integer> refusals)
      throws InterruptedException {
    byte[] block = new byte[4096];
    RpcClientOptions options =
        RpcClientOptions.defaults()
            .withCredential(new Credential.Sys(0, "tester", 0, 0, List.of()));
    try (RpcClient rpc = RpcClient.connect(server.address(), options).join()) {
      Nfs3Client nfs = new Nfs3Client(rpc);
      Nfs3Handle root = new Mount3Client(rpc).mount("/v").join().handle();
      Nfs3Handle file =
          nfs.create(root, "f", new Create3.Guarded(Sattr3.ofMode(0644))).join().handle();
      for (int i = 0; ; i++) {
        block[0] = (byte) i;
        long offsetBytes = i % 256 * 4096L;
        var written =
            nfs.write(
                file, offsetBytes, Unpooled.wrappedBuffer(block.clone()), StableHow.FILE_SYNC);
        written.get();
        writes.incrementAndGet();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Nfs3Exception refused) {
        refusals.merge(refused.status().name(), 1, Integer::sum);
      }
      return null;
    }
  }
}
