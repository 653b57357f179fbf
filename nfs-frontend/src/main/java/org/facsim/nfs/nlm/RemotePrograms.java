/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.facsim.protocol.portmap.PortMapping;
import org.facsim.protocol.portmap.PortmapClient;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.rpc.RpcEventLoops;
import org.facsim.protocol.rpc.RpcException;
import org.facsim.protocol.rpc.RpcFailure;

/**
 * Calls programs on clients' hosts: asks the port mapper there, connects, calls, and closes. Over
 * TCP, which the lock managers of NFSv3 clients have. Nothing blocks; what is under way is bounded.
 */
final class RemotePrograms {
  private static final int MAX_UNDER_WAY = 1024;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);
  private static final Credential ROOT = new Credential.Sys(0, "facsim", 0, 0, List.of());

  private final RpcClientOptions options;
  private final int portmapPort;
  private final AtomicInteger underWay = new AtomicInteger();

  RemotePrograms(RpcEventLoops loops, int portmapPort) {
    this.portmapPort = portmapPort;
    options =
        RpcClientOptions.defaults()
            .withCredential(ROOT)
            .withTimeouts(CONNECT_TIMEOUT, CALL_TIMEOUT)
            .withLoops(loops);
  }

  /**
   * Makes one call.
   *
   * @param call makes it, on the connection that it is given
   * @return what the call completes with; {@link RpcFailure#CONNECT_FAILED} if it was never sent,
   *     {@link RpcFailure#TOO_MANY_CALLS} likewise
   */
  <T> CompletableFuture<T> call(
      InetAddress host, int program, int version, Function<RpcClient, CompletableFuture<T>> call) {
    if (underWay.incrementAndGet() > MAX_UNDER_WAY) {
      underWay.decrementAndGet();
      return CompletableFuture.failedFuture(
          new RpcException(RpcFailure.TOO_MANY_CALLS, MAX_UNDER_WAY + " are under way"));
    }
    return port(host, program, version)
        .exceptionally(cause -> 0)
        .thenCompose(port -> connect(host, program, port))
        .thenCompose(client -> closing(client, call.apply(client)))
        .whenComplete((result, failure) -> underWay.decrementAndGet());
  }

  private CompletableFuture<Integer> port(InetAddress host, int program, int version) {
    return RpcClient.connect(new InetSocketAddress(host, portmapPort), options)
        .thenCompose(
            client ->
                closing(client, new PortmapClient(client).port(program, version, PortMapping.TCP)));
  }

  private CompletableFuture<RpcClient> connect(InetAddress host, int program, int port) {
    if (port == 0) {
      return CompletableFuture.failedFuture(
          new RpcException(
              RpcFailure.CONNECT_FAILED,
              "the port mapper of %s knows no program %d".formatted(host, program)));
    }
    return RpcClient.connect(new InetSocketAddress(host, port), options);
  }

  private static <T> CompletableFuture<T> closing(RpcClient client, CompletableFuture<T> call) {
    return call.whenComplete((result, failure) -> client.close());
  }
}
