/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.facsim.protocol.portmap.Netid;
import org.facsim.protocol.portmap.PortMapping;
import org.facsim.protocol.portmap.PortmapClient;
import org.facsim.protocol.portmap.RpcbindClient;
import org.facsim.protocol.portmap.RpcbindProgram;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.rpc.RpcEventLoops;
import org.facsim.protocol.rpc.RpcException;
import org.facsim.protocol.rpc.RpcFailure;

/**
 * Calls programs on clients' machines: asks the port mapper there, connects, calls, and closes. It
 * uses TCP, which the lock managers of NFSv3 clients support. No method blocks, and the number of
 * calls under way is bounded.
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
   * @param from the local address to call from; null for any. If this machine no longer has the
   *     address, any is used
   * @param call makes the call, on the given connection
   * @return what the call completes with; {@link RpcFailure#CONNECT_FAILED} if it was never sent,
   *     {@link RpcFailure#TOO_MANY_CALLS} likewise
   */
  <T> CompletableFuture<T> call(
      InetAddress host,
      InetAddress from,
      int program,
      int version,
      Function<RpcClient, CompletableFuture<T>> call) {
    if (underWay.incrementAndGet() > MAX_UNDER_WAY) {
      underWay.decrementAndGet();
      return CompletableFuture.failedFuture(
          new RpcException(RpcFailure.TOO_MANY_CALLS, MAX_UNDER_WAY + " are under way"));
    }
    RpcClientOptions calling = from == null || !isLocal(from) ? options : callingFrom(from);
    return port(host, program, version, calling)
        .exceptionally(cause -> 0)
        .thenCompose(port -> connect(host, program, port, calling))
        .thenCompose(client -> closing(client, call.apply(client)))
        .whenComplete((result, failure) -> underWay.decrementAndGet());
  }

  private RpcClientOptions callingFrom(InetAddress from) {
    return options.withLocalAddress(new InetSocketAddress(from, 0));
  }

  /** Whether an address is local. All of 127.0.0.0/8 is, whatever the interfaces list. */
  private static boolean isLocal(InetAddress address) {
    try {
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false;
    }
  }

  /**
   * Finds the port of a program. Portmap version 2 supports IPv4 only; for IPv6, rpcbind is asked.
   */
  private CompletableFuture<Integer> port(
      InetAddress host, int program, int version, RpcClientOptions calling) {
    return RpcClient.connect(new InetSocketAddress(host, portmapPort), calling)
        .thenCompose(
            client ->
                closing(
                    client,
                    host instanceof Inet6Address
                        ? rpcbindPort(client, program, version)
                        : portmapPort(client, program, version)));
  }

  private static CompletableFuture<Integer> portmapPort(
      RpcClient client, int program, int version) {
    return new PortmapClient(client).port(program, version, PortMapping.TCP);
  }

  /**
   * Asks rpcbind in its newest version, and then older ones, because an old port mapper may know
   * the port, too.
   */
  private static CompletableFuture<Integer> rpcbindPort(
      RpcClient client, int program, int version) {
    return rpcbindPort(client, RpcbindProgram.HIGHEST_VERSION, program, version)
        .exceptionallyCompose(
            tooNew -> rpcbindPort(client, RpcbindProgram.LOWEST_VERSION, program, version))
        .exceptionallyCompose(tooNew -> portmapPort(client, program, version));
  }

  private static CompletableFuture<Integer> rpcbindPort(
      RpcClient client, int rpcbindVersion, int program, int version) {
    return new RpcbindClient(client, rpcbindVersion)
        .address(program, version, Netid.TCP6)
        .thenApply(address -> address.map(InetSocketAddress::getPort).orElse(0));
  }

  private static CompletableFuture<RpcClient> connect(
      InetAddress host, int program, int port, RpcClientOptions calling) {
    if (port == 0) {
      return CompletableFuture.failedFuture(
          new RpcException(
              RpcFailure.CONNECT_FAILED,
              "the port mapper of %s knows no program %d".formatted(host, program)));
    }
    return RpcClient.connect(new InetSocketAddress(host, port), calling);
  }

  private static <T> CompletableFuture<T> closing(RpcClient client, CompletableFuture<T> call) {
    return call.whenComplete((result, failure) -> client.close());
  }
}
