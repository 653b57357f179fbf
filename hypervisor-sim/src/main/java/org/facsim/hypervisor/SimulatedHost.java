/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.facsim.hypervisor.clone.CloneRequest;
import org.facsim.hypervisor.clone.CloneResult;
import org.facsim.hypervisor.clone.CloneVmTask;
import org.facsim.hypervisor.datastore.AdvancedSetting;
import org.facsim.hypervisor.datastore.AdvancedSettings;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreMounts;
import org.facsim.hypervisor.datastore.HostNetwork;
import org.facsim.hypervisor.datastore.HostSide;
import org.facsim.hypervisor.datastore.LockKeeper;
import org.facsim.hypervisor.datastore.MountOptions;
import org.facsim.hypervisor.datastore.MountVersion;
import org.facsim.hypervisor.datastore.PathState;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.log.VmkernelLog;
import org.facsim.hypervisor.operation.RegisteredVm;
import org.facsim.hypervisor.operation.VmOperations;
import org.facsim.hypervisor.time.HostTime;
import org.facsim.hypervisor.vm.VirtualDisk;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmHost;
import org.facsim.hypervisor.vm.VmSpec;

/**
 * A simulated ESXi host: where tests and demos start. It talks to the array on the wire only. Its
 * methods block until they are done. Only one thread at a time may use it.
 */
public final class SimulatedHost implements AutoCloseable {
  /** By the machine's clock: how long a host that is closed waits for the next VM to be off. */
  private static final long FAREWELL_SECONDS = 5;

  private final HostOptions options;
  private final HostNetwork ownNetwork;
  private final AdvancedSettings settings;
  private final VmkernelLog log;
  private final DatastoreMounts mounts;
  private final LockKeeper locks;
  private final VmHost vmHost;
  private final VmOperations operations;
  private boolean ended;

  public SimulatedHost(HostOptions options) {
    this.options = options;
    this.ownNetwork = options.network().isPresent() ? null : HostNetwork.start(1, options.name());
    this.settings = new AdvancedSettings(options.advancedSettings());
    this.log = new VmkernelLog(options.name(), options.time(), options.logLines());
    HostSide side = new HostSide(options.name(), options.time(), settings, log, options.patience());
    this.mounts =
        new DatastoreMounts(
            side, options.connectionsPerDatastore(), options.network().orElse(ownNetwork));
    this.locks = new LockKeeper(side);
    this.vmHost = new VmHost(locks, options.version(), options.time().clock(), options.guests());
    this.operations = new VmOperations(options.name(), vmHost, options.clonePolicies());
  }

  public String name() {
    return options.name();
  }

  public EsxiVersion version() {
    return options.version();
  }

  /** What its heartbeats, locks, timers and timeouts go by. */
  public HostTime time() {
    return options.time();
  }

  /** Its advanced settings, which may be changed while it runs. */
  public AdvancedSettings settings() {
    return settings;
  }

  /** Its {@code vmkernel.log}, which also tells events. */
  public VmkernelLog log() {
    return log;
  }

  /**
   * Mounts an export. A datastore that was unmounted and is mounted again in the same way is the
   * same object as before, and what is open on it works again.
   *
   * @throws IllegalArgumentException if that many connections are not allowed, or if the host's
   *     release has no NFS 4.1
   * @throws DatastoreException if the server does not answer or refuses; ALREADY_EXISTS if label or
   *     export are mounted already, LIMIT if no more volumes are allowed; nothing is mounted then
   */
  public Datastore mount(MountOptions mount) {
    if (mount.version() == MountVersion.NFS41 && !version().isAtLeast(EsxiVersion.V6_0)) {
      throw new IllegalArgumentException(
          "NFS 4.1 needs ESXi %s; this host is %s".formatted(EsxiVersion.V6_0, version()));
    }
    return mounts.mount(mount);
  }

  /**
   * Mounts an export whose server answers NFS, MOUNT and VAAI on one port.
   *
   * @param datastoreName the host's name for it
   * @param exportPath such as {@code /datastore1}
   */
  public Datastore mount(String datastoreName, InetSocketAddress server, String exportPath) {
    return mount(MountOptions.of(datastoreName, server, exportPath));
  }

  /**
   * Ends a mount. A host refuses that while VMs on it hold locks, unless the APD timer has run out:
   * what their guests have under way fails then, and their lock files stay.
   *
   * @throws DatastoreException NOT_FOUND if there is no such mount, BUSY if it is in use
   */
  public void unmount(String label) {
    Optional<Datastore> mounted = mounts.datastore(label);
    mounted.ifPresent(
        datastore -> {
          int held = locks.count(datastore);
          if (held > 0 && datastore.pathState() != PathState.ALL_PATHS_DOWN_TIMEOUT) {
            throw new DatastoreException(
                DatastoreError.BUSY,
                "%s is in use: this host holds %d locks on it".formatted(label, held));
          }
        });
    mounts.unmount(label);
  }

  /**
   * Changes the number of TCP connections of a mount while it works ({@code esxcli storage nfs
   * param set -c}).
   *
   * @throws IllegalArgumentException if that many are not allowed
   * @throws DatastoreException NOT_FOUND if there is no such mount, LIMIT if the host has too many
   */
  public void setConnections(String label, int count) {
    mounts.setConnections(label, count);
  }

  /** Its datastores in the order in which they were mounted. Thread-safe; asks no server. */
  public List<Datastore> datastores() {
    return mounts.datastores();
  }

  /** A datastore by label. Thread-safe; asks no server. */
  public Optional<Datastore> datastore(String label) {
    return mounts.datastore(label);
  }

  /** What an administrator can have this host do with VMs, as tasks; and its inventory. */
  public VmOperations operations() {
    return operations;
  }

  /**
   * Makes the files of a VM. Its disks are empty until the guest writes. A disk is thick only if
   * the specification asks for it and the array reserves the space: {@link
   * VirtualDisk#provisioning} tells.
   *
   * @throws DatastoreException if the VM could not be made; nothing of it is left behind
   */
  public VirtualMachine createVm(Datastore datastore, VmSpec spec) {
    VirtualMachine vm = VirtualMachine.create(vmHost, datastore, spec);
    operations.adopt(vm);
    return vm;
  }

  /**
   * Clones a VM; the clone is hot if the VM runs. If the array does not clone, the host's data
   * mover copies silently, as real hosts do; the result says so.
   *
   * @throws DatastoreException if the clone failed; nothing of it is left behind
   */
  public CloneResult cloneVm(VirtualMachine source, CloneRequest request) {
    CloneResult result =
        new CloneVmTask(options.clonePolicies(), options.clock(), source, request).run();
    operations.adopt(result);
    return result;
  }

  /** Powers a VM off and deletes its files. */
  public void destroyVm(VirtualMachine vm) {
    vm.powerOff();
    DatastoreException failure =
        new DatastoreException(DatastoreError.FILE_ERROR, vm.name() + " is not gone");
    vm.datastore().removeTree(vm.directory(), failure);
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
    operations.forget(vm);
  }

  /**
   * What a host remembers of its datastores at one moment; its VMs are not part of it.
   *
   * @see #save
   */
  public static final class Saved {
    private final List<MountOptions> mounts;
    private final Map<AdvancedSetting, Long> settings;
    private final LockKeeper.Held locks;

    private Saved(
        List<MountOptions> mounts, Map<AdvancedSetting, Long> settings, LockKeeper.Held locks) {
      this.mounts = mounts;
      this.settings = settings;
      this.locks = locks;
    }
  }

  /** Remembers mounts, advanced settings and locks, for {@link #restore}. */
  public Saved save() {
    return new Saved(mounts.options(), settings.all(), locks.held());
  }

  /**
   * Goes back to what it remembered, because the array was put back to the same moment (a named
   * state). Asks no server, unless mounts or connections have changed since. The log is empty
   * afterwards; counters go on.
   *
   * @throws DatastoreException if something cannot be mounted again
   */
  public void restore(Saved saved) {
    settings.restore(saved.settings);
    mounts.restore(saved.mounts);
    locks.hold(saved.locks);
    log.clear();
  }

  /**
   * The host dies: heartbeats and lock updates stop, connections end, and nothing more is sent.
   * Lock files and {@code .vswp} files stay. It can only be closed afterwards.
   */
  public void crash() {
    ended = true;
    locks.close();
    mounts.crash();
    operations.crash();
  }

  /**
   * Powers off the host's VMs and closes its mounts. A server that does not answer is not waited
   * for long; locks and files stay there then.
   */
  @Override
  public void close() {
    try {
      if (!ended) {
        ended = true;
        operations.close();
        powerOffAll();
      }
    } finally {
      locks.close();
      mounts.close();
      if (ownNetwork != null) {
        ownNetwork.close();
      }
    }
  }

  private void powerOffAll() {
    List<VirtualMachine> running =
        operations.inventory().stream()
            .map(RegisteredVm::vm)
            .filter(vm -> vm.poweredOn() && vm.datastore().status().accessible())
            .toList();
    if (running.isEmpty()) {
      return;
    }
    try {
      for (VirtualMachine vm : running) {
        CompletableFuture.runAsync(vm::powerOff, options.time().workers())
            .get(FAREWELL_SECONDS, TimeUnit.SECONDS);
      }
    } catch (TimeoutException e) {
      log.warn("Host", 1, "VMs are not powered off: the server does not answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
