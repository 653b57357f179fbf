/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.facsim.app.scenario.Site;
import org.facsim.app.scenario.Stage;
import org.facsim.app.scenario.StageOptions;
import org.facsim.app.scenario.WrongFileException;
import org.facsim.app.why.HostTeller;
import org.facsim.app.why.SeenByHosts;
import org.facsim.embedded.ArrayBuilder;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.clone.CloneOffloadPolicy;
import org.facsim.hypervisor.console.ServerNames;
import org.facsim.hypervisor.operation.RegisteredVm;
import org.facsim.hypervisor.task.TaskInfo;
import org.facsim.hypervisor.time.HostTime;
import org.facsim.management.LabDoor;
import org.facsim.management.LabRefusal;
import org.facsim.management.LabView;
import org.facsim.services.control.HostIoSources;
import org.facsim.services.control.StateControl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lab that runs beside a served array.
 *
 * <p>It begins in these steps: the array is started with the volumes of the file; hosts mount them
 * and make the VMs, whose guests write their disks; what the file says has happened, happens; the
 * array saves the state {@value #STATE} and each host remembers its own; the guests' steady I/O
 * starts. A reset goes back to that state: it holds the guests, ends the tasks, restores the array
 * and the hosts' memory, and lets the guests go on. Files and handles are those of the start, so no
 * host has to look anything up.
 *
 * <p>Evidence is collected all the time: which VMs run, after every command and once a second; what
 * hosts wrote into new directories, from the journal. Thread-safe.
 */
public final class Lab implements LabDoor, AutoCloseable {
  /** The named state of the array to which a reset goes back. */
  static final String STATE = "lab-start";

  private static final String ARRAY = "array";
  private static final Logger LOG = LoggerFactory.getLogger(Lab.class);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration RESET_PATIENCE = Duration.ofSeconds(20);
  private static final int MAX_TASKS = 200;

  private final LabFile file;
  private final HostTime time;
  private final InstantSource clock;
  private final Map<String, LabHost> hosts = new LinkedHashMap<>();
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "lab-ticker");
            thread.setDaemon(true);
            return thread;
          });

  private final Attempt attempt;
  private final Downtime downtime = new Downtime();

  /** The hosts' half of explanations. */
  private final HostTeller teller = new HostTeller();

  /** Guards what follows, and starts and resets. */
  private final Object lock = new Object();

  private final Map<LabHost, LabHost.Saved> saved = new HashMap<>();
  private Set<String> knownDirectories = Set.of();
  private Facts start = new Facts();

  private volatile boolean isReady;
  private volatile FacsimArray array;
  private Stage stage;
  private Traffic traffic;
  private LabGuests guests;
  private GuestFiles files;
  private StateAllowance allowance;
  private Map<String, ?> savedFiles = Map.of();
  private StateControl.Hold held;
  private HostIoSources.Source seen;

  Lab(LabFile file, HostTime time) {
    this.file = file;
    this.time = time;
    this.clock = time.clock();
    this.attempt = new Attempt(file, clock);
  }

  /**
   * Reads a lab that is to be started.
   *
   * @param nameOrFile the name of one that ships, or a file
   * @param seed from which its names and numbers are drawn
   * @throws WrongFileException which names everything that is wrong
   */
  public static Lab read(String nameOrFile, long seed) throws WrongFileException {
    return read(nameOrFile, seed, HostTime.system());
  }

  /** The same with another time, by which hosts and scores go. */
  public static Lab read(String nameOrFile, long seed, HostTime time) throws WrongFileException {
    return new Lab(ShippedLabs.read(nameOrFile, seed), time);
  }

  LabFile file() {
    return file;
  }

  /**
   * Sets what the array needs: volumes, profiles, exports, the journal.
   *
   * @param journalCalls how many calls the journal is to keep; it keeps more if the lab needs them
   */
  public void applyTo(ArrayBuilder builder, int journalCalls) {
    Stage.settings(StateAllowance.withRoom(theArray()), builder);
    builder.journal(Math.max(journalCalls, Traffic.JOURNAL_CALLS));
  }

  private Site.Array theArray() {
    return file.site().arrays().values().iterator().next();
  }

  /**
   * Makes hosts and VMs, and starts the guests. Takes as long as the guests need to write their
   * disks.
   *
   * @param started the array that {@link #applyTo} was for
   * @throws IOException if something in the file's section {@code begin} cannot be done
   */
  public void start(FacsimArray started) throws IOException {
    StageOptions options =
        new StageOptions(file.seed(), time, 0, Optional.empty(), CloneOffloadPolicy.esxi());
    synchronized (lock) {
      array = started;
      StateAllowance.giveSizes(started.control(), theArray());
      stage = Stage.on(Map.of(theArray().name(), started), file.site(), options);
      stage
          .hosts()
          .values()
          .forEach(host -> hosts.put(host.name(), new LabHost(host, this::serverNamed)));
      traffic = new Traffic(started.journal());
      allowance = new StateAllowance(started.control());
      guests = new LabGuests(file.workload(), file.seed(), time);
      files = new GuestFiles(guests);
      hosts.values().forEach(host -> host.open(files));
      hosts.values().forEach(host -> host.operations().whenExplained(teller::note));
      started.control().explanations().add(teller);
      List<SimulatedHost> all = List.copyOf(stage.hosts().values());
      seen = started.control().hosts().add(() -> SeenByHosts.of(all));
      Beginning beginning = new Beginning(this);
      beginning.run(file.begin());
      started.control().states().save(STATE);
      held =
          started
              .control()
              .states()
              .hold(STATE, "the lab goes back to '" + STATE + "'; allowed: facsim lab reset");
      hosts.values().forEach(host -> saved.put(host, host.save()));
      savedFiles = files.save();
      guests.follow(hosts.values());
      beginning.faults(file.begin());
      knownDirectories = directories();
      attempt.begin();
      traffic.forgetPeeks();
      begin();
      start = FactsReader.read(array.control(), allowance, hosts);
      isReady = true;
      var unused =
          ticker.scheduleWithFixedDelay(
              this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** The array has a name for the consoles of hosts: its port is another one at each start. */
  private InetSocketAddress serverNamed(String name) {
    return name.equals(ARRAY) ? array.nfsAddress() : ServerNames.ADDRESSES.resolve(name);
  }

  /** Begins to count, from now on. */
  private void begin() {
    hosts.values().forEach(LabHost::forgetCopies);
    downtime.restart(running());
    traffic.restart(knownDirectories);
  }

  private Set<String> directories() {
    return array.control().volumes().all().stream()
        .flatMap(
            volume ->
                FactsReader.directories(volume).stream()
                    .map(name -> "/" + volume.name() + "/" + name))
        .collect(Collectors.toSet());
  }

  private void tick() {
    try {
      observe();
      traffic.drain();
    } catch (RuntimeException e) {
      LOG.warn("the lab could not look at its hosts; it will try again", e);
    }
  }

  /** Notes which VMs run, and what room they have. */
  private void observe() {
    if (isReady) {
      guests.follow(hosts.values());
    }
    downtime.note(running(), clock.instant());
    allowance.update();
  }

  private Set<String> running() {
    return hosts.values().stream()
        .flatMap(host -> host.machines().stream())
        .filter(registered -> registered.vm().poweredOn())
        .map(RegisteredVm::name)
        .collect(Collectors.toSet());
  }

  FacsimArray array() {
    return array;
  }

  /**
   * A host.
   *
   * @throws LabRefusal NOT_FOUND
   */
  LabHost host(String name) {
    LabHost host = hosts.get(name);
    if (host == null) {
      throw new LabRefusal(
          LabRefusal.Kind.NOT_FOUND,
          "no host '" + name + "'; allowed: " + String.join(", ", hosts.keySet()));
    }
    return host;
  }

  /** Runs a command and waits for its end. */
  LabView.Outcome runNow(String host, List<String> argv) {
    return host(host).type(argv, () -> {}).toCompletableFuture().join();
  }

  private void requireReady() {
    if (!isReady) {
      throw new LabRefusal(
          LabRefusal.Kind.BUSY, "the lab is being set up: its guests write their disks");
    }
  }

  // ---------------------------------------------------------------- the door

  @Override
  public LabView.Status status() {
    requireReady();
    synchronized (lock) {
      int machines = hosts.values().stream().mapToInt(host -> host.machines().size()).sum();
      return new LabView.Status(
          file.name(),
          file.title(),
          file.text(),
          Long.toString(file.seed()),
          file.incident().isPresent(),
          attempt.startedAt().toString(),
          attempt.elapsed().toMillis() / 1000.0,
          hosts.size(),
          machines,
          running().size(),
          guests.writesPerSecond(),
          attempt.hintsTaken(),
          attempt.hintsLeft());
    }
  }

  @Override
  public List<LabView.Host> hosts() {
    requireReady();
    return hosts.values().stream().map(LabHost::view).toList();
  }

  @Override
  public CompletionStage<LabView.Outcome> command(String host, List<String> argv) {
    requireReady();
    return host(host).type(argv, this::observe);
  }

  @Override
  public List<LabView.Task> tasks() {
    requireReady();
    return hosts.values().stream()
        .flatMap(
            host -> host.operations().taskInfos().stream().map(task -> view(host.name(), task)))
        .sorted(Comparator.comparing(LabView.Task::queuedAt).reversed())
        .limit(MAX_TASKS)
        .toList();
  }

  private static LabView.Task view(String host, TaskInfo task) {
    return new LabView.Task(
        host,
        task.key(),
        task.name(),
        task.entity(),
        task.state().toString(),
        task.progressPercent(),
        task.queueTime().toString(),
        task.completeTime().map(Instant::toString).orElse(null),
        task.fault().map(fault -> fault.type() + ": " + fault.message()).orElse(null));
  }

  @Override
  public LabView.Hints hints() {
    requireReady();
    return attempt.hints();
  }

  @Override
  public LabView.Hints takeHint() {
    requireReady();
    return attempt.takeHint();
  }

  @Override
  public LabView.Causes causes() {
    requireReady();
    return attempt.causes();
  }

  @Override
  public LabView.Answered answer(String cause, String about) {
    requireReady();
    return attempt.answer(cause, about);
  }

  @Override
  public LabView.Check check() {
    requireReady();
    LabFile.Incident incident = attempt.incident();
    return Scoring.judge(incident, evidence());
  }

  /** All that was observed so far. */
  Evidence evidence() {
    traffic.drain();
    observe();
    synchronized (lock) {
      return new Evidence(
          attempt.elapsed(),
          attempt.answers(),
          attempt.hintCosts(),
          downtime.byVm(clock.instant()),
          traffic.bytesByDirectory(),
          traffic.missed(),
          traffic.peeks(),
          start,
          FactsReader.read(array.control(), allowance, hosts));
    }
  }

  /** How everything is arranged now, line by line: what a reset brings back. */
  public List<String> arranged() {
    requireReady();
    return FactsReader.read(array.control(), allowance, hosts).arranged();
  }

  /** The command lines of the documented solution; none without an incident. */
  public List<String> solution() {
    return file.incident().map(LabFile.Incident::steps).orElse(List.of());
  }

  /** The command lines of fixes that are wrong, by name. */
  public Map<String, List<String>> wrongFixes() {
    return file.incident().map(LabFile.Incident::wrong).orElse(Map.of());
  }

  /** The words of a command line; what is between quotes is one word. */
  public static List<String> words(String line) {
    return LabFileReader.words(line);
  }

  // ---------------------------------------------------------------- reset

  @Override
  public LabView.Reset reset(boolean newAttempt) {
    requireReady();
    synchronized (lock) {
      long begunNanos = System.nanoTime();
      array.faults().clear(); // what hangs goes on, so that it can end
      if (!guests.hold(RESET_PATIENCE)) {
        throw new LabRefusal(
            LabRefusal.Kind.BUSY,
            "I/O of a guest does not end within " + RESET_PATIENCE.toSeconds() + " s");
      }
      try {
        awaitIdle();
        held.restore();
        allowance.restored();
        saved.forEach(LabHost::restore);
        files.restore(savedFiles);
      } finally {
        guests.follow(hosts.values());
        guests.goOn();
      }
      new Beginning(this).faults(file.begin());
      begin();
      int hints = attempt.hintsTaken();
      int wrong = attempt.wrongAnswers();
      if (newAttempt) {
        attempt.begin();
        traffic.forgetPeeks();
      }
      double millis = (System.nanoTime() - begunNanos) / 1e6;
      LOG.info("the lab was reset in {} ms", millis);
      return new LabView.Reset(millis, newAttempt, hints, wrong);
    }
  }

  private void awaitIdle() {
    long endNanos = System.nanoTime() + RESET_PATIENCE.toNanos();
    hosts.values().forEach(host -> host.operations().cancelAll());
    while (!hosts.values().stream().allMatch(LabHost::isIdle)) {
      if (System.nanoTime() - endNanos > 0) {
        throw new LabRefusal(
            LabRefusal.Kind.BUSY,
            "a command or task does not end within " + RESET_PATIENCE.toSeconds() + " s");
      }
      try {
        TimeUnit.MILLISECONDS.sleep(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LabRefusal(LabRefusal.Kind.BUSY, "interrupted");
      }
    }
  }

  @Override
  public List<LabView.Incident> shipped() {
    return ShippedLabs.all().stream()
        .map(lab -> new LabView.Incident(lab.name(), lab.title(), lab.isIncident()))
        .toList();
  }

  /** Stops guests and hosts; the array runs on. */
  @Override
  public void close() {
    isReady = false;
    ticker.shutdownNow();
    if (guests != null) {
      guests.close();
    }
    hosts.values().forEach(LabHost::close);
    if (held != null) {
      held.close();
    }
    if (seen != null) {
      seen.close();
    }
    if (stage != null) {
      stage.close();
    }
  }
}
