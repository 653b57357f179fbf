/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.facsim.protocol.rpc.RpcCaller;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;

/**
 * The TCP connections of one mount (nconnect). Calls are spread over them in turn. A call survives
 * the end of its connection. Thread-safe.
 */
final class DatastoreConnections implements RpcCaller, AutoCloseable {
  private final List<LastingConnection> connections;
  private final DatastoreHealth health;
  private final AtomicInteger turn = new AtomicInteger();

  private DatastoreConnections(List<LastingConnection> connections, DatastoreHealth health) {
    this.connections = List.copyOf(connections);
    this.health = health;
  }

  /**
   * Opens all connections, or none.
   *
   * @param clock measures how long the server is silent
   */
  static DatastoreConnections open(
      InetSocketAddress server, int count, RpcClientOptions options, Clock clock) {
    DatastoreHealth health = new DatastoreHealth(server.toString(), clock);
    List<LastingConnection> connections = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        connections.add(
            new LastingConnection(
                Replies.await(RpcClient.connect(server, options)),
                () -> RpcClient.connect(server, options),
                health));
      }
      return new DatastoreConnections(connections, health);
    } catch (DatastoreException e) {
      connections.forEach(LastingConnection::close);
      throw e;
    }
  }

  /** The state of the path, judged by the server's answers so far. */
  PathState state() {
    return health.state();
  }

  /**
   * Sends one GETATTR on one connection, whatever the state of the path.
   *
   * @param getattr the encoded arguments of GETATTR
   * @return completes with whether there was an answer
   */
  CompletableFuture<Boolean> heartbeat(Consumer<ByteBuf> getattr) {
    return next().probe(getattr);
  }

  @Override
  public <T> CompletableFuture<T> call(
      int program,
      int version,
      int procedure,
      Consumer<ByteBuf> arguments,
      Function<ByteBuf, T> results) {
    return next().call(program, version, procedure, arguments, results);
  }

  @Override
  public <T> CompletableFuture<T> call(
      int program,
      int version,
      int procedure,
      Consumer<ByteBuf> arguments,
      ByteBuf payload,
      Function<ByteBuf, T> results) {
    return next().call(program, version, procedure, arguments, payload, results);
  }

  private LastingConnection next() {
    return connections.get(Math.floorMod(turn.getAndIncrement(), connections.size()));
  }

  @Override
  public void close() {
    connections.forEach(LastingConnection::close);
  }
}
