/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The open connections of a server. While the wire's memory is full, each is asked once in a while
 * to give up what it holds: who has not moved since the last time, and holds more than its share,
 * is closed. Thread-safe.
 */
final class ServerConnections {
  private final Set<ServerConnection> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean relieving = new AtomicBoolean();

  void add(ServerConnection connection) {
    open.add(connection);
  }

  void remove(ServerConnection connection) {
    open.remove(connection);
  }

  /** Memory is full: from now on, until it is not, every connection is looked at each second. */
  void relieve(WireMemory memory) {
    if (!relieving.compareAndSet(false, true)) {
      return;
    }
    ask(memory);
  }

  private void ask(WireMemory memory) {
    ServerConnection any = null;
    for (ServerConnection connection : open) {
      connection.askToRelieve();
      any = connection;
    }
    if (any == null || !memory.isFull() || !any.later(() -> ask(memory))) {
      relieving.set(false);
    }
  }
}
