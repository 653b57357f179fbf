/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.doctor;

import static org.facsim.app.doctor.WireLook.await;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.facsim.protocol.mount.Mount;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.portmap.PortMapping;
import org.facsim.protocol.portmap.PortmapClient;
import org.facsim.protocol.rpc.RpcCaller;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.rpc.RpcException;
import org.facsim.protocol.rpc.RpcFailure;
import org.facsim.protocol.vaai.VaaiNas;

/**
 * The connections to a server: one for NFS, MOUNT and the clone protocol together where they answer
 * on one port. When the patience with the whole server is at its end, calls fail at once. One
 * thread uses it.
 */
final class WireDoors implements AutoCloseable {
  private static final int MOUNT_VERSION = 3;

  private final InetSocketAddress server;
  private final ServerPorts ports;
  private final LookPatience patience;
  private final RpcClientOptions options;
  private final long endNanos;
  private final Map<InetSocketAddress, RpcClient> clients = new HashMap<>();

  WireDoors(
      InetSocketAddress server,
      ServerPorts ports,
      LookPatience patience,
      RpcClientOptions options) {
    this.server = server;
    this.ports = ports;
    this.patience = patience;
    this.options = options.withTimeouts(patience.connect(), patience.call());
    this.endNanos = System.nanoTime() + patience.whole().toNanos();
  }

  /**
   * Calls NFS.
   *
   * @throws RpcException if nobody answers there, or the port mapper does not know it
   */
  RpcCaller nfs() {
    return bounded(nfsAddress());
  }

  /** The same, also when the patience is at its end: to remove what was made. */
  RpcCaller nfsToTheEnd() {
    return client(nfsAddress());
  }

  /** Calls MOUNT; fails as {@link #nfs} does. */
  RpcCaller mount() {
    OptionalInt given = ports.mount();
    return bounded(
        given.isPresent()
            ? at(given.getAsInt())
            : registered("MOUNT", Mount.PROGRAM, MOUNT_VERSION));
  }

  /**
   * Calls the clone protocol; fails as {@link #nfs} does. Most servers do not register it: what the
   * port mapper does not know is where NFS is.
   */
  RpcCaller vaai() {
    return bounded(vaaiAddress());
  }

  /** As {@link #nfsToTheEnd}. */
  RpcCaller vaaiToTheEnd() {
    return client(vaaiAddress());
  }

  private InetSocketAddress nfsAddress() {
    return registered("NFS", Nfs3.PROGRAM, Nfs3.VERSION);
  }

  private InetSocketAddress vaaiAddress() {
    if (ports.vaai().isPresent()) {
      return at(ports.vaai().getAsInt());
    }
    OptionalInt port = asked(VaaiNas.PROGRAM, VaaiNas.VERSION);
    return port.isPresent() ? at(port.getAsInt()) : nfsAddress();
  }

  private InetSocketAddress at(int port) {
    return new InetSocketAddress(server.getAddress(), port);
  }

  /** Where a program is: at the server's port if no port mapper is asked. */
  private InetSocketAddress registered(String name, int program, int version) {
    if (ports.portmap().isEmpty()) {
      return server;
    }
    return at(
        asked(program, version)
            .orElseThrow(
                () ->
                    new RpcException(
                        RpcFailure.CONNECT_FAILED,
                        "the port mapper on port %d knows no %s version %d over TCP"
                            .formatted(ports.portmap().getAsInt(), name, version))));
  }

  private OptionalInt asked(int program, int version) {
    if (ports.portmap().isEmpty()) {
      return OptionalInt.empty();
    }
    RpcCaller mapper = bounded(at(ports.portmap().getAsInt()));
    int port = await(new PortmapClient(mapper).port(program, version, PortMapping.TCP));
    return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
  }

  private RpcClient client(InetSocketAddress address) {
    RpcClient client = clients.get(address);
    if (client == null) {
      client = await(RpcClient.connect(address, options));
      clients.put(address, client);
    }
    return client;
  }

  private RpcCaller bounded(InetSocketAddress address) {
    return new Bounded(client(address));
  }

  private final class Bounded implements RpcCaller {
    private final RpcCaller calls;

    Bounded(RpcCaller calls) {
      this.calls = calls;
    }

    private boolean isOver() {
      return System.nanoTime() - endNanos >= 0;
    }

    private <T> CompletableFuture<T> over() {
      return CompletableFuture.failedFuture(
          new RpcException(
              RpcFailure.TIMEOUT,
              "the server is slow: not all was seen within %d s"
                  .formatted(patience.whole().toSeconds())));
    }

    @Override
    public <T> CompletableFuture<T> call(
        int program,
        int version,
        int procedure,
        Consumer<ByteBuf> arguments,
        ByteBuf payload,
        Function<ByteBuf, T> results) {
      if (isOver()) {
        ReferenceCountUtil.release(payload);
        return over();
      }
      return calls.call(program, version, procedure, arguments, payload, results);
    }
  }

  /** Ends the connections. */
  @Override
  public void close() {
    clients.values().forEach(RpcClient::close);
  }
}
