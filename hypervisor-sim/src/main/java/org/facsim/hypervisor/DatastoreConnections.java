/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.facsim.protocol.rpc.RpcCaller;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;

/** The TCP connections of one mount (nconnect); calls take turns. Thread-safe. */
final class DatastoreConnections implements RpcCaller, AutoCloseable {
  private final List<RpcClient> clients;
  private final AtomicInteger turn = new AtomicInteger();

  private DatastoreConnections(List<RpcClient> clients) {
    this.clients = List.copyOf(clients);
  }

  /** Connects them all, or none. */
  static DatastoreConnections open(InetSocketAddress server, int count, RpcClientOptions options) {
    List<RpcClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        clients.add(Replies.await(RpcClient.connect(server, options)));
      }
      return new DatastoreConnections(clients);
    } catch (DatastoreException e) {
      clients.forEach(RpcClient::close);
      throw e;
    }
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

  private RpcClient next() {
    return clients.get(Math.floorMod(turn.getAndIncrement(), clients.size()));
  }

  @Override
  public void close() {
    clients.forEach(RpcClient::close);
  }
}
