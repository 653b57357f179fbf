/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.facsim.protocol.rpc.RpcClient;

/** One TCP connection of a mount, made again when it has ended and is needed. Thread-safe. */
final class LastingConnection implements AutoCloseable {
  private final Supplier<CompletableFuture<RpcClient>> connector;
  private CompletableFuture<RpcClient> connection;
  private volatile boolean closed;

  /**
   * A connection that is there already.
   *
   * @param connector makes it again
   */
  LastingConnection(RpcClient first, Supplier<CompletableFuture<RpcClient>> connector) {
    this.connection = CompletableFuture.completedFuture(first);
    this.connector = connector;
  }

  /** The present connection, or the one that is being made. */
  synchronized CompletableFuture<RpcClient> current() {
    boolean broken =
        connection.isCompletedExceptionally()
            || (connection.isDone() && !connection.join().isOpen());
    if (broken && !closed) {
      if (!connection.isCompletedExceptionally()) {
        connection.join().close();
      }
      connection = connector.get();
    }
    return connection;
  }

  boolean isClosed() {
    return closed;
  }

  /** Ends the connection for good; calls under way fail. */
  @Override
  public void close() {
    CompletableFuture<RpcClient> last;
    synchronized (this) {
      closed = true;
      last = connection;
    }
    var unused = last.thenAccept(RpcClient::close);
  }
}
