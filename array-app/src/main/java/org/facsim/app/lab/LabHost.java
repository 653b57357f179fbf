/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.facsim.hypervisor.console.CommandOutcome;
import org.facsim.hypervisor.console.HostConsole;
import org.facsim.hypervisor.console.ServerNames;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.operation.RegisteredVm;
import org.facsim.hypervisor.operation.VmOperations;
import org.facsim.management.LabDoor;
import org.facsim.management.LabRefusal;
import org.facsim.management.LabView;
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

  /** After which a host to which nobody types has no thread for that. */
  private static final int IDLE_SECONDS = 10;

  private static final int DEFECT = 255;

  private final SimulatedHost host;
  private final ThreadPoolExecutor typing;

  /** {@code VM.offloaded} and {@code VM.copied}: how many copies were made since the start. */
  private final Map<String, Integer> copies = new TreeMap<>();

  private final HostConsole console;
  private volatile GuestShell shell;
  private volatile boolean isDead;
  private volatile long connectionsBefore;

  /**
   * A host that runs.
   *
   * @param servers what the host's console calls NFS servers
   */
  LabHost(SimulatedHost host, ServerNames servers) {
    this.host = host;
    this.console = new HostConsole(host, servers);
    this.typing =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            task -> {
              Thread thread = new Thread(task, "lab-" + host.name());
              thread.setDaemon(true);
              return thread;
            });
    typing.allowCoreThreadTimeOut(true);
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
    host.crash();
  }

  boolean isDead() {
    return isDead;
  }

  /**
   * Runs a command when those before it have ended.
   *
   * @param after runs when it has ended, before anybody sees the outcome
   * @throws LabRefusal BUSY if too many wait
   */
  CompletionStage<Outcome> type(List<String> argv, Runnable after) {
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
              outcome = cut(run(argv));
            } catch (RuntimeException | Error defect) {
              LOG.error("a command on {}: a defect", name(), defect);
              outcome =
                  new Outcome(DEFECT, "", "a defect in Facsim; see its log: " + defect + "\n");
            }
            try {
              after.run();
            } catch (RuntimeException e) {
              LOG.warn("the lab could not look at its hosts after a command on {}", name(), e);
            } finally {
              done.complete(outcome);
            }
          });
    } catch (RejectedExecutionException e) {
      throw new LabRefusal(
          LabRefusal.Kind.BUSY,
          MAX_WAITING + " commands wait on " + name() + " already; try again later");
    }
    return done;
  }

  private Outcome run(List<String> argv) {
    if (GuestShell.knows(argv.get(0))) {
      return shell.run(argv);
    }
    if (argv.size() == 2 && argv.get(0).equals("rm") && argv.get(1).endsWith("*")) {
      return removed(argv.get(1));
    }
    CommandOutcome outcome = console.run(argv);
    return new Outcome(outcome.exitCode(), outcome.out(), outcome.err());
  }

  /** {@code rm DIRECTORY/PREFIX*}: what a shell would make of it. */
  private Outcome removed(String glob) {
    int slash = glob.lastIndexOf('/');
    String directory = glob.substring(0, Math.max(0, slash));
    String prefix = glob.substring(slash + 1, glob.length() - 1);
    CommandOutcome listed = console.run(List.of("ls", "-a", directory));
    List<String> names = listed.out().lines().filter(name -> name.startsWith(prefix)).toList();
    if (names.isEmpty()) {
      return new Outcome(1, "", "rm: can't remove '" + glob + "': No such file or directory\n");
    }
    StringBuilder complaints = new StringBuilder();
    for (String name : names) {
      complaints.append(console.run(List.of("rm", directory + "/" + name)).err());
    }
    return new Outcome(complaints.isEmpty() ? 0 : 1, "", complaints.toString());
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

  /** Lets commands be typed. */
  void open(GuestFiles files) {
    shell = new GuestShell(this, files);
  }

  /** Begins to count anew. */
  void forgetCopies() {
    synchronized (copies) {
      copies.clear();
    }
    connectionsBefore = connectionsMade();
  }

  /** How often connections were made or ended by hand, as the host's log tells. */
  private long connectionsMade() {
    return host.log().lines().stream()
        .filter(line -> line.contains("Command: (mount)") || line.contains("Connections of "))
        .count();
  }

  /** How often that was since the start. */
  long newConnections() {
    return Math.max(0, connectionsMade() - connectionsBefore);
  }

  Optional<Datastore> datastore(String name) {
    return host.datastore(name);
  }

  /** The exports of the datastores by name. */
  Map<String, String> mounts() {
    Map<String, String> mounts = new TreeMap<>();
    host.datastores().forEach(each -> mounts.put(each.name(), each.exportPath()));
    return mounts;
  }

  Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    host.settings()
        .all()
        .forEach((setting, value) -> settings.put(setting.path(), value.toString()));
    return settings;
  }

  /** Whether the datastores are accessible, in the host's judgement. */
  Map<String, Boolean> accessible() {
    Map<String, Boolean> accessible = new TreeMap<>();
    host.datastores()
        .forEach(each -> accessible.put(each.name(), !isDead && each.status().accessible()));
    return accessible;
  }

  /** How many TCP connections it has. */
  int connections() {
    return host.datastores().stream().mapToInt(each -> each.status().connections()).sum();
  }

  /** What a host remembers. */
  record Saved(SimulatedHost.Saved host, VmOperations.Saved machines) {}

  /** What the host remembers now, without its files; null if it is dead. The host is idle. */
  Saved save() {
    return isDead ? null : new Saved(host.save(), operations().save());
  }

  /** Makes the host remember what it did at a save; a dead host stays dead. */
  void restore(Saved saved) {
    if (!isDead) {
      host.restore(saved.host());
      operations().restore(saved.machines());
    }
  }

  LabView.Host view() {
    return new LabView.Host(
        name(),
        host.version().toString(),
        host.datastores().stream()
            .map(Datastore::status)
            .map(
                status ->
                    new LabView.DatastoreRow(
                        status.label(),
                        status.export(),
                        !isDead && status.accessible(),
                        status.hardwareAcceleration().label()))
            .toList(),
        machines().stream()
            .map(
                registered ->
                    new LabView.VmRow(
                        registered.name(),
                        registered.vm().datastore().name(),
                        registered.vm().poweredOn()))
            .toList());
  }

  @Override
  public void close() {
    typing.shutdownNow();
  }
}
