/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.facsim.hypervisor.clone.CloneRequest;
import org.facsim.hypervisor.clone.CloneResult;
import org.facsim.hypervisor.clone.CloneVmTask;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreMounts;
import org.facsim.hypervisor.datastore.LockKeeper;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.vm.VirtualDisk;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmSpec;

/**
 * A simulated ESXi host: the door for tests and demos. It meets the array only on the wire. Its
 * calls block until done; one thread at a time.
 */
public final class SimulatedHost implements AutoCloseable {
  private final HostOptions options;
  private final ScheduledExecutorService scheduler;

  /** Apart from the locks' thread, which may wait for a silent server. */
  private final ScheduledExecutorService heartbeats;

  private final DatastoreMounts mounts;
  private final LockKeeper locks;
  private final List<VirtualMachine> machines = new ArrayList<>();

  public SimulatedHost(HostOptions options) {
    this.options = options;
    this.scheduler = scheduler(options.name() + "-locks");
    this.heartbeats = scheduler(options.name() + "-heartbeat");
    this.mounts =
        new DatastoreMounts(
            options.name(), options.connectionsPerDatastore(), options.clock(), heartbeats);
    this.locks = new LockKeeper(options.name(), options.clock(), scheduler);
  }

  private static ScheduledExecutorService scheduler(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  public String name() {
    return options.name();
  }

  public EsxiVersion version() {
    return options.version();
  }

  /**
   * Mounts an export whose server answers NFS, MOUNT and VAAI on one port.
   *
   * @param datastoreName the host's name for it
   * @param exportPath such as {@code /datastore1}
   */
  public Datastore mount(String datastoreName, InetSocketAddress server, String exportPath) {
    return mounts.mount(datastoreName, server, exportPath);
  }

  /**
   * Mounts an export as ESXi does: the port mapper tells where MOUNT and NFS are.
   *
   * @param portmapper on port 111 in the field
   */
  public Datastore mountThroughPortmap(
      String datastoreName, InetSocketAddress portmapper, String exportPath) {
    return mounts.mountThroughPortmap(datastoreName, portmapper, exportPath);
  }

  /**
   * Makes the files of a VM; its disks are empty until the guest writes, and thin unless they are
   * to be thick and the array reserves space: {@link VirtualDisk#provisioning} tells.
   *
   * @throws DatastoreException if that failed; nothing of it is left behind
   */
  public VirtualMachine createVm(Datastore datastore, VmSpec spec) {
    VirtualMachine vm = VirtualMachine.create(locks, datastore, spec);
    machines.add(vm);
    return vm;
  }

  /**
   * Clones a VM, hot if it runs. Falls back to the host's data mover silently, as hosts do, and
   * says so in the result.
   *
   * @throws DatastoreException if the clone failed; nothing of it is left behind
   */
  public CloneResult cloneVm(VirtualMachine source, CloneRequest request) {
    CloneResult result =
        new CloneVmTask(options.clonePolicies(), options.clock(), source, request).run();
    machines.add(result.vm());
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
    machines.remove(vm);
  }

  /** Powers off its VMs and closes its mounts. */
  @Override
  public void close() {
    try {
      machines.forEach(VirtualMachine::powerOff);
    } finally {
      locks.close();
      scheduler.shutdown();
      heartbeats.shutdown();
      mounts.close();
    }
  }
}
