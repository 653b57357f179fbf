/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.facsim.embedded.ArrayBuilder;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.backup.BackupResult;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.HostNetwork;
import org.facsim.hypervisor.datastore.MountOptions;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.task.Task;
import org.facsim.hypervisor.time.SteppedTime;
import org.facsim.hypervisor.vm.VirtualDisk;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmSnapshot;
import org.facsim.hypervisor.vm.VmSpec;
import org.facsim.services.offload.CloneJobListener;

/**
 * A {@link Site} that runs: arrays in this process, each on a free loopback port, or arrays that
 * were started by somebody else; hosts with their mounts; virtual machines whose guests have
 * written their disks. One thread at a time may use it.
 *
 * <p>Everything that looks like chance follows from the seed, and the order of what is built is
 * that of the file.
 */
public final class Stage implements AutoCloseable {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  /** Carry the traffic of all hosts, however many there are. */
  private static final int MAX_NETWORK_THREADS = 4;

  private final Site site;
  private final StageOptions options;
  private final TimePump pump;
  private final Map<String, FacsimArray> arrays = new LinkedHashMap<>();
  private final Map<String, List<CloneJobListener.Change>> changes = new LinkedHashMap<>();
  private final Map<String, AwayAndBack> absences = new LinkedHashMap<>();
  private final Map<String, SimulatedHost> hosts = new LinkedHashMap<>();

  /** By host and datastore. */
  private final Map<String, Map<String, Datastore>> datastores = new LinkedHashMap<>();

  private final Map<String, Resident> machines = new LinkedHashMap<>();
  private final Map<String, List<ReadableDisk>> arrayClones = new LinkedHashMap<>();
  private final Map<String, BackupResult> lastBackups = new LinkedHashMap<>();
  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
  private HostNetwork network;
  private long machinesMade;

  /**
   * A virtual machine with the host that has it in its inventory.
   *
   * @param host the host's name
   * @param hasKnownContents false if the host read the VM from its files, and therefore does not
   *     know what the guest wrote before
   */
  public record Resident(VirtualMachine vm, String host, boolean hasKnownContents) {}

  private Stage(Site site, StageOptions options) {
    this.site = site;
    this.options = options;
    this.pump = new TimePump(options.time());
  }

  /**
   * Builds a site with arrays of its own.
   *
   * @throws IOException if an array cannot be started; nothing is left running
   */
  public static Stage build(Site site, StageOptions options) throws IOException {
    Stage stage = new Stage(site, options);
    boolean isBuilt = false;
    try {
      for (Site.Array array : site.arrays().values()) {
        stage.startArray(array);
      }
      stage.startHosts();
      isBuilt = true;
      return stage;
    } finally {
      if (!isBuilt) {
        stage.close();
      }
    }
  }

  /**
   * Builds the hosts and VMs of a site on arrays that run already; {@link #close} leaves them
   * running.
   *
   * @param given one for each array of the site
   */
  public static Stage on(Map<String, FacsimArray> given, Site site, StageOptions options) {
    Stage stage = new Stage(site, options);
    boolean isBuilt = false;
    try {
      stage.arrays.putAll(given);
      given.keySet().forEach(name -> stage.changes.put(name, List.of()));
      stage.startHosts();
      isBuilt = true;
      return stage;
    } finally {
      if (!isBuilt) {
        stage.close();
      }
    }
  }

  /**
   * Sets volumes, profiles, exports and the seed of an array that is to be started, for a caller
   * that sets everything else.
   */
  public static ArrayBuilder settings(Site.Array array, ArrayBuilder builder) {
    for (Site.Volume volume : array.volumes().values()) {
      builder.volume(volume.name(), volume.sizeBytes());
      builder.vaaiProfile(volume.name(), volume.profile());
      volume.rules().ifPresent(rules -> builder.export(volume.name(), rules));
    }
    return builder;
  }

  private void startArray(Site.Array array) throws IOException {
    List<CloneJobListener.Change> jobs = Collections.synchronizedList(new ArrayList<>());
    changes.put(array.name(), jobs);
    ArrayBuilder builder =
        settings(array, FacsimArray.builder())
            .nfsPort(0)
            .seed(options.seed() + arrays.size() * GOLDEN_GAMMA)
            .clock(options.time().clock())
            .journal(options.journalCalls())
            .cloneJobListener(jobs::add);
    if (options.time() instanceof SteppedTime) {
      builder.jobScheduler(new SteppedJobs(options.time()));
      AwayAndBack absence = new AwayAndBack(options.time(), () -> array(array.name()));
      absences.put(array.name(), absence);
      builder.absenceTimer(absence);
    }
    if (array.durable()) {
      builder.dataDirectory(options.dataRoot().orElseThrow().resolve(array.name()));
    }
    FacsimArray started = builder.start();
    toClose.push(started);
    arrays.put(array.name(), started);
  }

  /** Does on a thread of its own what may wait for timers of hosts. */
  <T> T inTask(Supplier<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                done.complete(work.get());
              } catch (RuntimeException e) {
                done.completeExceptionally(e);
              }
            },
            "stage-task-1");
    thread.setDaemon(true);
    thread.start();
    pump.await(done);
    try {
      return done.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Does what makes an array go away, and waits until its doors are closed. */
  void leave(String array, Runnable deed) {
    pump.hold(() -> absences.get(array).leave(deed));
  }

  private void startHosts() {
    if (site.hosts().isEmpty()) {
      return;
    }
    network = HostNetwork.start(Math.min(site.hosts().size(), MAX_NETWORK_THREADS), "hosts");
    toClose.push(network);
    for (Site.Host host : site.hosts().values()) {
      startHost(host);
    }
    for (Site.Vm vm : site.virtualMachines().values()) {
      create(vm);
    }
  }

  private void startHost(Site.Host declared) {
    HostOptions settings =
        HostOptions.named(declared.name())
            .withVersion(declared.version())
            .withConnectionsPerDatastore(declared.connections())
            .withOffloadPoweredOffOnly(declared.offloadPoweredOffOnly())
            .withCloneOffloadPolicy(options.policy())
            .withGuests(site.guests())
            .withNetwork(network)
            .withTime(options.time());
    for (Map.Entry<String, Long> setting : declared.settings().entrySet()) {
      settings = settings.withAdvancedSetting(setting.getKey(), setting.getValue());
    }
    SimulatedHost host = new SimulatedHost(settings);
    toClose.push(host);
    hosts.put(declared.name(), host);
    Map<String, Datastore> mounted = new LinkedHashMap<>();
    for (Site.Mount mount : declared.mounts().values()) {
      Datastore datastore = mount(host, mount);
      datastore.hardwareAcceleration();
      mounted.put(mount.datastore(), datastore);
    }
    datastores.put(declared.name(), mounted);
  }

  /**
   * Makes a virtual machine as it is declared: its guest writes its disks, then the snapshots are
   * taken.
   *
   * @throws org.facsim.hypervisor.datastore.DatastoreException if it cannot be made; nothing of it
   *     is left behind
   */
  public VirtualMachine create(Site.Vm declared) {
    SimulatedHost host = host(declared.host());
    VirtualMachine vm =
        host.createVm(
            datastore(declared.host(), declared.datastore()),
            new VmSpec(
                declared.name(),
                declared.guest(),
                declared.configuration(),
                declared.disks(),
                options.seed() + ++machinesMade * GOLDEN_GAMMA));
    add(vm, declared.host());
    vm.powerOn();
    vm.writeGuestData(TransferProgress.NONE);
    declared.snapshots().forEach(vm::takeSnapshot);
    if (!declared.poweredOn()) {
      vm.powerOff();
    }
    return vm;
  }

  /** Notes a virtual machine that a host made. */
  public void add(VirtualMachine vm, String host) {
    add(vm, host, true);
  }

  /**
   * The same of a copy.
   *
   * @param hasKnownContents whether those of its source are known
   */
  void add(VirtualMachine vm, String host, boolean hasKnownContents) {
    machines.put(vm.name(), new Resident(vm, host, hasKnownContents));
  }

  /**
   * Waits for a task of a host.
   *
   * @throws org.facsim.hypervisor.task.MethodFaultException if it failed
   */
  <T> T await(Task<T> task) {
    pump.await(task.completion());
    return task.await();
  }

  /** Notes a virtual machine that a host read from its files. */
  void addRegistered(VirtualMachine vm, String host) {
    boolean isSame = machines.containsKey(vm.name()) && machines.get(vm.name()).vm() == vm;
    boolean isKnown = isSame && machines.get(vm.name()).hasKnownContents();
    machines.put(vm.name(), new Resident(vm, host, isKnown));
  }

  /** The last backup of a VM that succeeded. */
  Optional<BackupResult> lastBackup(String vm) {
    return Optional.ofNullable(lastBackups.get(vm));
  }

  void backedUp(String vm, BackupResult result) {
    lastBackups.put(vm, result);
  }

  /** Forgets a virtual machine that is deleted. */
  public void forget(String name) {
    machines.remove(name);
    lastBackups.remove(name);
  }

  public Site site() {
    return site;
  }

  public StageOptions options() {
    return options;
  }

  /**
   * A disk that can be read and compared.
   *
   * @param where the array and volume of its files
   * @param contents what a reader must find
   */
  record ReadableDisk(
      Site.Mount where, Datastore datastore, String descriptorPath, DiskContents contents) {}

  /** Whether somebody knows what a VM's disks hold. */
  boolean hasKnownContents(String name) {
    return arrayClones.containsKey(name) || isKnown(resident(name));
  }

  /** Not so after a failed write, of which a part may be there. */
  private static boolean isKnown(Resident resident) {
    return resident.hasKnownContents()
        && resident.vm().disks().stream().allMatch(VirtualDisk::contentsKnown);
  }

  /** The disks of a VM, or of a clone that no host has in its inventory. */
  List<ReadableDisk> readable(String name) {
    List<ReadableDisk> inArray = arrayClones.get(name);
    if (inArray != null) {
      return inArray;
    }
    Resident resident = resident(name);
    return readable(mount(resident.host(), resident.vm().datastore().name()), resident.vm(), name);
  }

  /** All disks and states of snapshots whose contents are known. */
  List<ReadableDisk> readable() {
    List<ReadableDisk> all = new ArrayList<>();
    machines.forEach(
        (name, resident) -> {
          if (isKnown(resident)) {
            all.addAll(readable(name));
          }
          if (resident.hasKnownContents()) {
            all.addAll(ofSnapshots(resident));
          }
        });
    arrayClones.values().forEach(all::addAll);
    return all;
  }

  private List<ReadableDisk> ofSnapshots(Resident resident) {
    VirtualMachine vm = resident.vm();
    Site.Mount where = mount(resident.host(), vm.datastore().name());
    return vm.snapshots().stream()
        .flatMap(snapshot -> snapshot.disks().stream())
        .filter(VmSnapshot.Disk::contentsKnown)
        .map(
            disk -> new ReadableDisk(where, vm.datastore(), disk.descriptorPath(), disk.contents()))
        .toList();
  }

  /** The disks of a VM, with a copy's directory in place of its own. */
  private static List<ReadableDisk> readable(
      Site.Mount where, VirtualMachine vm, String directory) {
    return vm.disks().stream()
        .map(
            disk ->
                new ReadableDisk(
                    where,
                    vm.datastore(),
                    directory + disk.descriptorPath().substring(vm.directory().length()),
                    disk.contents()))
        .toList();
  }

  /** An administrator clones a VM in the array's own UI; no host knows of the clone. */
  void cloneInTheArray(Site.Mount where, String name, String cloneName) {
    FacsimArray array = array(where.array());
    VirtualMachine vm = resident(name).vm();
    List<ReadableDisk> disks = readable(where, vm, cloneName);
    array
        .control()
        .console(array.storage().volume(where.volume()).orElseThrow())
        .cloneVm(vm.directory(), cloneName);
    arrayClones.put(cloneName, disks);
  }

  /** The arrays by name, in the order of the file. */
  public Map<String, FacsimArray> arrays() {
    return Collections.unmodifiableMap(arrays);
  }

  public FacsimArray array(String name) {
    return found(arrays, "array", name);
  }

  /** The changes of an array's clone jobs so far; none of an array that runs already. */
  public List<CloneJobListener.Change> jobChanges(String array) {
    List<CloneJobListener.Change> jobs = changes.get(array);
    synchronized (jobs) {
      return List.copyOf(jobs);
    }
  }

  /** The hosts by name, in the order of the file. */
  public Map<String, SimulatedHost> hosts() {
    return Collections.unmodifiableMap(hosts);
  }

  public SimulatedHost host(String name) {
    return found(hosts, "host", name);
  }

  /** A mount of a host. */
  public Datastore datastore(String host, String datastore) {
    return found(found(datastores, "host", host), "datastore", datastore);
  }

  private Datastore mount(SimulatedHost host, Site.Mount mount) {
    MountOptions options =
        MountOptions.of(mount.datastore(), array(mount.array()).nfsAddress(), "/" + mount.volume())
            .withConnections(mount.connections());
    return host.mount(
        switch (mount.version()) {
          case NFS3 -> options;
          case NFS41 -> options.overNfs41(List.of());
        });
  }

  /** Replaces a mount of a host by a new one of the same export. */
  public Datastore remount(String host, String datastore) {
    Site.Mount mount = site.hosts().get(host).mounts().get(datastore);
    host(host).unmount(datastore);
    Datastore anew = mount(host(host), mount);
    datastores.get(host).put(datastore, anew);
    return anew;
  }

  /** Where a datastore of a host is. */
  public Site.Mount mount(String host, String datastore) {
    return found(site.hosts().get(host).mounts(), "datastore", datastore);
  }

  /** The virtual machines by name, in the order of their making. */
  public Map<String, Resident> machines() {
    return Collections.unmodifiableMap(machines);
  }

  /** A virtual machine. */
  public Resident resident(String name) {
    return found(machines, "vm", name);
  }

  private static <T> T found(Map<String, T> map, String what, String name) {
    T found = map.get(name);
    if (found == null) {
      throw new IllegalStateException("no " + what + " '" + name + "'; there: " + map.keySet());
    }
    return found;
  }

  /** Stops the hosts, then the arrays that this stage started. */
  @Override
  public void close() {
    RuntimeException failure = null;
    while (!toClose.isEmpty()) {
      try {
        toClose.pop().close();
      } catch (RuntimeException e) {
        failure = e;
      } catch (Exception e) {
        failure = new IllegalStateException(e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
