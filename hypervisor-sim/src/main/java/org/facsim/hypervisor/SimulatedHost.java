/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor;

import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.facsim.hypervisor.catalog.GuestFile;
import org.facsim.hypervisor.clone.CloneRequest;
import org.facsim.hypervisor.clone.CloneResult;
import org.facsim.hypervisor.clone.CloneVmTask;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreMounts;
import org.facsim.hypervisor.datastore.LockKeeper;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.operation.VmOperations;
import org.facsim.hypervisor.vm.VirtualDisk;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmHost;
import org.facsim.hypervisor.vm.VmSpec;

/**
 * A simulated ESXi host: where tests and demos start. It talks to the array on the wire only. Its
 * methods block until they are done. Only one thread at a time may use it.
 */
public final class SimulatedHost implements AutoCloseable {
  private final HostOptions options;
  private final ScheduledExecutorService scheduler;

  /** Runs on a thread of its own, because the thread of the locks may wait for a silent server. */
  private final ScheduledExecutorService heartbeats;

  private final DatastoreMounts mounts;
  private final LockKeeper locks;
  private final VmHost vmHost;
  private final VmOperations operations;

  public SimulatedHost(HostOptions options) {
    this.options = options;
    this.scheduler = scheduler(options.name() + "-locks");
    this.heartbeats = scheduler(options.name() + "-heartbeat");
    this.mounts =
        new DatastoreMounts(
            options.name(),
            options.connectionsPerDatastore(),
            options.clock(),
            options.patience(),
            heartbeats);
    this.locks = new LockKeeper(options.name(), options.clock(), scheduler);
    this.vmHost = new VmHost(locks, options.version(), options.clock(), GuestFile.shipped());
    this.operations = new VmOperations(options.name(), vmHost, options.clonePolicies());
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
    operations.adopt(result.vm());
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

  /** Powers off the host's VMs and closes its mounts. */
  @Override
  public void close() {
    try {
      operations.close();
    } finally {
      locks.close();
      scheduler.shutdown();
      heartbeats.shutdown();
      mounts.close();
    }
  }
}
