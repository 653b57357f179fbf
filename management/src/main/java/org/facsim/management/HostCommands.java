/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.facsim.management.LabView.Outcome;

/**
 * The commands that run on hosts of the lab. A command may take minutes, and neither a thread of
 * the door nor a connection waits so long: a request waits for a bounded time, without a thread,
 * and then the client asks again. Bounds: {@value #MAX_KEPT} commands are kept; when one more
 * starts, the oldest one that has ended is forgotten. Thread-safe.
 */
final class HostCommands {
  /** The most commands that run, or whose outcome is kept. */
  static final int MAX_KEPT = 128;

  /** A command that was started. */
  record Command(long id, String host, List<String> argv, CompletableFuture<Outcome> outcome) {
    boolean isRunning() {
      return !outcome.isDone();
    }
  }

  private final LabDoor lab;
  private final Duration patience;
  private final Map<Long, Command> commands = new LinkedHashMap<>();
  private final CompletableFuture<Outcome> closed = new CompletableFuture<>();
  private long lastId;

  /**
   * @param patience how long one request waits
   */
  HostCommands(LabDoor lab, Duration patience) {
    this.lab = lab;
    this.patience = patience;
  }

  /**
   * Starts a command.
   *
   * @throws Problem 503 if too many run
   */
  synchronized Command start(String host, List<String> argv) {
    makeRoom();
    Command command =
        new Command(++lastId, host, argv, lab.command(host, argv).toCompletableFuture());
    commands.put(command.id, command);
    return command;
  }

  private void makeRoom() {
    if (commands.size() < MAX_KEPT) {
      return;
    }
    for (Iterator<Command> each = commands.values().iterator(); each.hasNext(); ) {
      if (!each.next().isRunning()) {
        each.remove();
        return;
      }
    }
    throw new Problem(503, "Busy", MAX_KEPT + " commands run on hosts already; try again later");
  }

  /**
   * The command of a number.
   *
   * @throws Problem 404
   */
  synchronized Command find(String host, String id) {
    Command found = id.matches("[0-9]{1,18}") ? commands.get(Long.parseLong(id)) : null;
    if (found == null || !found.host.equals(host)) {
      throw Problem.notFound(
          "no command " + id + " of host '" + host + "' is known; the last " + MAX_KEPT + " are");
    }
    return found;
  }

  /**
   * Waits for the end of a command for a while, without a thread.
   *
   * @return completes with null if the command still runs then, or if the door closes
   */
  CompletableFuture<Outcome> await(Command command) {
    return CompletableFuture.anyOf(command.outcome, closed)
        .thenApply(Outcome.class::cast)
        .completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Ends all waiting. */
  void close() {
    closed.complete(null);
  }
}
