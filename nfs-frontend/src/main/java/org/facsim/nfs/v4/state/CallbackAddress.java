/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.facsim.protocol.nfs4.Callback4;
import org.facsim.protocol.portmap.UniversalAddress;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.rpc.RpcEventLoops;

/**
 * Where a client of minor version 0 wants to be called: RFC 7530 section 16.33. The array connects
 * there, asks with CB_NULL whether somebody answers, and keeps the connection.
 *
 * <p>Only the address that the client calls from is called, whatever the client says: otherwise a
 * client could make the array connect to anybody.
 */
public final class CallbackAddress {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Credential AS = new Credential.Sys(0, "facsim", 0, 0, List.of());

  /** Connects to clients. */
  @FunctionalInterface
  public interface Connector {
    /**
     * Connects to a client.
     *
     * @param from the local address that the client called
     */
    CompletableFuture<RpcClient> connect(InetSocketAddress to, InetAddress from);

    /** Connects with threads that the caller owns. */
    static Connector of(RpcEventLoops loops) {
      RpcClientOptions options =
          RpcClientOptions.defaults()
              .withCredential(AS)
              .withTimeouts(CONNECT_TIMEOUT, CallbackPath.TIMEOUT)
              .withLoops(loops);
      return (to, from) -> RpcClient.connect(to, options);
    }
  }

  private final int program;
  private final int ident;
  private final InetSocketAddress address;
  private final InetAddress server;
  private final Connector connector;
  private CompletableFuture<RpcClient> connection;
  private boolean isClosed;
  private volatile boolean isUp;

  private CallbackAddress(
      int program, int ident, InetSocketAddress address, InetAddress server, Connector connector) {
    this.program = program;
    this.ident = ident;
    this.address = address;
    this.server = server;
    this.connector = connector;
  }

  /**
   * The address that a client named.
   *
   * @param client the address that it calls from
   * @return null if the client cannot be called there
   */
  static CallbackAddress of(
      Connector connector,
      InetAddress client,
      InetAddress server,
      int program,
      String netid,
      String universal,
      int ident) {
    if (!netid.startsWith("tcp")) {
      return null;
    }
    return UniversalAddress.parse(universal)
        .filter(to -> to.getAddress().equals(client) && to.getPort() != 0)
        .map(to -> new CallbackAddress(program, ident, to, server, connector))
        .orElse(null);
  }

  /** Whether somebody has answered there, and the connection is still open. */
  boolean isUp() {
    return isUp;
  }

  InetSocketAddress address() {
    return address;
  }

  /** Finds out whether somebody answers. */
  CompletableFuture<Void> probe() {
    return connected()
        .thenCompose(
            client ->
                client.<Void>call(
                    program, Callback4.VERSION, Callback4.NULL, out -> {}, in -> null))
        .whenComplete((nothing, failure) -> isUp = failure == null);
  }

  CompletableFuture<Callback4.Answer> call(Callback4.Operation operation, Duration timeout) {
    return connected()
        .thenCompose(
            client ->
                client
                    .calling(AS, timeout)
                    .call(
                        program,
                        Callback4.VERSION,
                        Callback4.COMPOUND,
                        out -> Callback4.encode(out, 0, ident, null, operation),
                        in -> Callback4.decode(in, false)))
        .whenComplete((answer, failure) -> isUp = failure == null);
  }

  private synchronized CompletableFuture<RpcClient> connected() {
    if (isClosed) {
      return CompletableFuture.failedFuture(new IllegalStateException("closed"));
    }
    boolean isUsable =
        connection != null
            && (!connection.isDone()
                || (!connection.isCompletedExceptionally() && connection.join().isOpen()));
    if (!isUsable) {
      connection = connector.connect(address, server);
      var unused = connection.thenAccept(client -> client.whenEnded(() -> isUp = false));
    }
    return connection;
  }

  synchronized void close() {
    isClosed = true;
    isUp = false;
    if (connection != null) {
      var unused = connection.thenAccept(RpcClient::close);
    }
  }
}
