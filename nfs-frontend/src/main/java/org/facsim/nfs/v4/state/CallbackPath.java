/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.facsim.protocol.nfs4.Callback4;

/**
 * The way to one client: any back channel of its sessions or, in minor version 0, the address that
 * it named. Whoever did not get through is told when there is a new way. Thread-safe.
 */
final class CallbackPath {
  /** How long one call may take. */
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** The most tasks that wait for a new way; each of them also asks again after a pause. */
  private static final int MAX_WAITING = 1024;

  private final Nfs4State door;
  private final Client4 client;
  private List<Runnable> waiting = new ArrayList<>(0);

  CallbackPath(Nfs4State door, Client4 client) {
    this.door = door;
    this.client = client;
  }

  /** Whether the client can be called, as far as is known. */
  boolean isUp() {
    if (!client.hasSessions()) {
      CallbackAddress address = client.callback;
      return address != null && address.isUp();
    }
    return door.sessionsOf(client).stream().anyMatch(session -> session.back().isUp());
  }

  /**
   * Calls the client.
   *
   * @return fails if it cannot be reached now
   */
  CompletableFuture<Callback4.Answer> call(Callback4.Operation operation) {
    CompletableFuture<Callback4.Answer> answer = null;
    if (!client.hasSessions()) {
      CallbackAddress address = client.callback;
      answer = address == null ? null : address.call(operation, TIMEOUT);
    } else {
      for (Session4 session : door.sessionsOf(client)) {
        if (answer == null && !session.back().isFaulty()) {
          answer = session.back().call(session, operation, TIMEOUT);
        }
      }
      for (Session4 session : door.sessionsOf(client)) {
        if (answer == null) {
          answer = session.back().call(session, operation, TIMEOUT);
        }
      }
    }
    return answer == null
        ? CompletableFuture.failedFuture(new IllegalStateException("no way to the client"))
        : answer;
  }

  /** Runs a task when a new way to the client is there. */
  synchronized void whenChanged(Runnable task) {
    if (waiting.size() < MAX_WAITING) {
      waiting.add(task);
    }
  }

  /** There is a new way to the client. */
  void changed() {
    List<Runnable> tasks;
    synchronized (this) {
      tasks = waiting;
      waiting = new ArrayList<>(0);
    }
    tasks.forEach(Runnable::run);
  }
}
