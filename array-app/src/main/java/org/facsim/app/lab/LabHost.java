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
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.PathState;
import org.facsim.hypervisor.operation.RegisteredVm;
import org.facsim.hypervisor.operation.VmOperations;
import org.facsim.hypervisor.vm.DiskFormat;
import org.facsim.hypervisor.vm.VirtualDisk;
import org.facsim.hypervisor.vm.VirtualMachine;
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

  private static final int DEFECT = 255;

  private final SimulatedHost host;
  private final ThreadPoolExecutor typing;

  /** {@code VM.offloaded} and {@code VM.copied}: how many copies were made since the start. */
  private final Map<String, Integer> copies = new TreeMap<>();

  private final Map<String, Datastore> datastores;
  private final HostShell console;
  private volatile GuestShell shell;
  private volatile boolean isDead;

  LabHost(SimulatedHost host, Map<String, Datastore> datastores) {
    this.host = host;
    this.datastores = Map.copyOf(datastores);
    this.console = new HostShell(this);
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

  private Outcome run(List<String> argv) {
    return GuestShell.knows(argv.get(0)) ? shell.run(argv) : console.run(argv);
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

  void forgetCopies() {
    synchronized (copies) {
      copies.clear();
    }
  }

  Optional<Datastore> datastore(String name) {
    return Optional.ofNullable(datastores.get(name));
  }

  /** The exports of the datastores by name. */
  Map<String, String> mounts() {
    Map<String, String> mounts = new TreeMap<>();
    datastores.forEach((name, datastore) -> mounts.put(name, datastore.exportPath()));
    return mounts;
  }

  Map<String, String> settings() {
    return Map.of();
  }

  /** Whether the datastores are accessible, in the host's judgement. */
  Map<String, Boolean> accessible() {
    Map<String, Boolean> accessible = new TreeMap<>();
    datastores.forEach(
        (name, datastore) ->
            accessible.put(name, !isDead && datastore.pathState() == PathState.ACCESSIBLE));
    return accessible;
  }

  /** How many TCP connections it has. */
  int connections() {
    return 2 * datastores.size();
  }

  /** Whether a task has a VM alone. */
  boolean isBusy(VirtualMachine vm) {
    return operations().taskInfos().stream()
        .anyMatch(task -> !task.state().isFinal() && task.entity().equals(vm.name()));
  }

  /** A guest's I/O has failed. */
  void failedIo(VirtualMachine vm, DatastoreException failure) {
    LOG.debug("{}: {}", vm.name(), failure.getMessage());
  }

  static int snapshotCount(VirtualMachine vm) {
    return vm.disks().stream().mapToInt(VirtualDisk::redoLogCount).max().orElse(0);
  }

  static boolean isThin(VirtualDisk disk) {
    return disk.provisioning().got() == DiskFormat.THIN;
  }

  /** What a host remembers. */
  record Saved(VmOperations.Saved machines) {}

  Saved save() {
    return new Saved(operations().save());
  }

  void restore(Saved saved) {
    operations().restore(saved.machines());
  }

  LabView.Host view() {
    Map<String, Boolean> accessible = accessible();
    return new LabView.Host(
        name(),
        host.version().toString(),
        mounts().entrySet().stream()
            .map(
                mount ->
                    new LabView.DatastoreRow(
                        mount.getKey(),
                        mount.getValue(),
                        accessible.get(mount.getKey()),
                        datastores.get(mount.getKey()).hardwareAcceleration().shownAsSupported()
                            ? "Supported"
                            : "Not Supported"))
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
