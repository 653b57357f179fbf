/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The open connections of a server. Decides which ones are closed when there are too many or when
 * they hold too much.
 *
 * <p>Places are shared among client addresses. When all are taken, a new connection gets the place
 * of an idle connection of the address that has the most: its newest one, because older ones have
 * more to lose. An address can therefore lock out only itself, and a client with one connection is
 * always let in as long as any connection is idle or any client has two.
 *
 * <p>While the wire's memory is full, each connection is asked once a second to give up what it
 * holds. One that has not moved since the last time, and holds more than its share, is closed.
 *
 * <p>Thread-safe.
 */
final class ServerConnections {
  private final int maxConnections;
  private final Set<ServerConnection> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean relieving = new AtomicBoolean();

  /** The same by client, the oldest first; guarded by this. */
  private final Map<InetAddress, List<ServerConnection>> byClient = new HashMap<>();

  /**
   * @param maxConnections bound of open connections
   */
  ServerConnections(int maxConnections) {
    this.maxConnections = maxConnections;
  }

  /**
   * Lets a connection in.
   *
   * @return the one that must be closed for it, which is no longer counted; this may be the
   *     newcomer itself
   */
  synchronized Optional<ServerConnection> add(ServerConnection newcomer) {
    open.add(newcomer);
    byClient.computeIfAbsent(newcomer.clientAddress(), client -> new ArrayList<>()).add(newcomer);
    if (open.size() <= maxConnections) {
      return Optional.empty();
    }
    ServerConnection leaving = whoLeavesFor(newcomer);
    remove(leaving);
    return Optional.of(leaving);
  }

  /**
   * Makes room for a connection that cannot be accepted because no file descriptor is left.
   *
   * @return the one that must be closed to free a descriptor, which is no longer counted; empty if
   *     each client has only one connection
   */
  synchronized Optional<ServerConnection> makeRoom() {
    Optional<ServerConnection> leaving = newestIdleOfTheMany();
    leaving.ifPresent(this::remove);
    return leaving;
  }

  synchronized void remove(ServerConnection connection) {
    if (open.remove(connection)) {
      List<ServerConnection> ofClient = byClient.get(connection.clientAddress());
      ofClient.remove(connection);
      if (ofClient.isEmpty()) {
        byClient.remove(connection.clientAddress());
      }
    }
  }

  private ServerConnection whoLeavesFor(ServerConnection newcomer) {
    Optional<ServerConnection> idle = newestIdleOfTheMany();
    if (idle.isPresent()) {
      return idle.get();
    }
    List<ServerConnection> most = mostFirst().get(0);
    if (most.size() > 1) {
      return most.get(most.size() - 1); // all are busy
    }
    return open.stream()
        .filter(connection -> connection != newcomer && connection.isIdle())
        .max(Comparator.comparingLong(ServerConnection::id))
        .orElse(newcomer);
  }

  /**
   * The newest idle connection of the client that has the most, if that client has more than one.
   */
  private Optional<ServerConnection> newestIdleOfTheMany() {
    for (List<ServerConnection> ofClient : mostFirst()) {
      for (int i = ofClient.size() - 1; i >= 0 && ofClient.size() > 1; i--) {
        if (ofClient.get(i).isIdle()) {
          return Optional.of(ofClient.get(i));
        }
      }
    }
    return Optional.empty();
  }

  private List<List<ServerConnection>> mostFirst() {
    List<List<ServerConnection>> sorted = new ArrayList<>(byClient.values());
    sorted.sort(Comparator.comparingInt((List<ServerConnection> list) -> list.size()).reversed());
    return sorted;
  }

  int count() {
    return open.size();
  }

  /**
   * Called when memory is full: looks at every connection each second until memory is no longer
   * full.
   */
  void relieve(WireMemory memory) {
    if (relieving.compareAndSet(false, true)) {
      ask(memory);
    }
  }

  private void ask(WireMemory memory) {
    ServerConnection any = null;
    for (ServerConnection connection : open) {
      connection.askToRelieve();
      any = connection;
    }
    boolean isFull = memory.isFull();
    if (any != null && isFull && any.later(() -> ask(memory))) {
      return;
    }
    relieving.set(false);
    if (any != null && !isFull && memory.isFull()) {
      relieve(memory); // it was full again before anybody could report it
    }
  }
}
