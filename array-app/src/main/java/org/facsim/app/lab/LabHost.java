/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.clone.CloneMethod;
import org.facsim.hypervisor.clone.CloneResult;
import org.facsim.hypervisor.datastore.PathState;
import org.facsim.hypervisor.operation.RegisteredVm;
import org.facsim.hypervisor.operation.VmOperations;
import org.facsim.management.LabDoor;
import org.facsim.management.LabRefusal;
import org.facsim.management.LabView.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A host of the lab: its commands run one after the other on a thread of its own, because a host
 * whose paths are down may keep a command waiting for minutes. Everything that is shown of it is
 * read from memory. Thread-safe.
 */
final class LabHost implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LabHost.class);

  /** How many commands may wait; more are refused. */
  private static final int MAX_WAITING = 16;

  private static final int DEFECT = 255;

  private final SimulatedHost host;
  private final ThreadPoolExecutor typing;

  /** {@code VM.offloaded} and {@code VM.copied}: how many copies were made since the start. */
  private final Map<String, Integer> copies = new TreeMap<>();

  private volatile boolean isDead;

  LabHost(SimulatedHost host) {
    this.host = host;
    this.typing =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            task -> {
              Thread thread = new Thread(task, "lab-" + host.name());
              thread.setDaemon(true);
              return thread;
            });
  }

  String name() {
    return host.name();
  }

  SimulatedHost host() {
    return host;
  }

  VmOperations operations() {
    return host.operations();
  }

  /** The host dies: it answers no command any more. */
  void die() {
    isDead = true;
  }

  boolean isDead() {
    return isDead;
  }

  /** A command on the host, which does not throw. */
  interface Typed {
    Outcome run();
  }

  /**
   * Runs a command when those before it have ended.
   *
   * @param after runs when it has ended, before anybody sees the outcome
   * @throws LabRefusal BUSY if too many wait
   */
  CompletionStage<Outcome> type(Typed command, Runnable after) {
    if (isDead) {
      return CompletableFuture.completedFuture(
          new Outcome(DEFECT, "", name() + " does not answer\n"));
    }
    CompletableFuture<Outcome> done = new CompletableFuture<>();
    try {
      typing.execute(
          () -> {
            Outcome outcome;
            try {
              outcome = cut(command.run());
            } catch (RuntimeException | Error defect) {
              LOG.error("a command on {}: a defect", name(), defect);
              outcome = new Outcome(DEFECT, "", "a defect in Facsim; see its log: " + defect + "\n");
            }
            after.run();
            done.complete(outcome);
          });
    } catch (RejectedExecutionException e) {
      throw new LabRefusal(
          LabRefusal.Kind.BUSY,
          MAX_WAITING + " commands wait on " + name() + " already; try again later");
    }
    return done;
  }

  private static Outcome cut(Outcome outcome) {
    return new Outcome(outcome.exitCode(), cut(outcome.stdout()), cut(outcome.stderr()));
  }

  private static String cut(String text) {
    return text.length() <= LabDoor.MAX_OUTPUT_BYTES
        ? text
        : text.substring(0, LabDoor.MAX_OUTPUT_BYTES - 80) + "\n(more was printed)\n";
  }

  /** Whether neither a command nor a task is under way. */
  boolean isIdle() {
    return typing.getActiveCount() == 0 && typing.getQueue().isEmpty() && operations().isIdle();
  }

  /** Counts a copy of a VM. */
  void copied(String source, CloneResult result) {
    String what =
        source + (result.clonedBy() == CloneMethod.ARRAY_OFFLOAD ? ".offloaded" : ".copied");
    synchronized (copies) {
      copies.merge(what, 1, Integer::sum);
    }
  }

  Map<String, Integer> copies() {
    synchronized (copies) {
      return new TreeMap<>(copies);
    }
  }

  List<RegisteredVm> machines() {
    return isDead ? List.of() : operations().inventory();
  }

  @Override
  public void close() {
    typing.shutdownNow();
  }
}
