/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.facsim.protocol.mount.Mount;
import org.facsim.protocol.mount.Mount3Client;
import org.facsim.protocol.nfs3.GetAttr3;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.rpc.RpcEventLoops;
import org.facsim.protocol.rpc.RpcTransport;
import org.facsim.protocol.vaai.VaaiClient;

/**
 * A simulated ESXi host: the door for tests and demos. It meets the array only on the wire. Its
 * calls block until done; one thread at a time.
 */
public final class SimulatedHost implements AutoCloseable {
  private static final int MOUNT_VERSION = 3;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(125);

  private final HostOptions options;
  private final ScheduledExecutorService scheduler;

  /** Apart from the locks' thread, which may wait for a silent server. */
  private final ScheduledExecutorService heartbeats;

  private final RpcEventLoops loops;
  private final LockKeeper locks;
  private final List<Datastore> datastores = new ArrayList<>();
  private final List<VirtualMachine> machines = new ArrayList<>();

  public SimulatedHost(HostOptions options) {
    this.options = options;
    this.scheduler = scheduler(options.name() + "-locks");
    this.heartbeats = scheduler(options.name() + "-heartbeat");
    this.loops = RpcEventLoops.start(RpcTransport.AUTOMATIC, 1, options.name() + "-nfs");
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
    return mount(datastoreName, server, server, exportPath);
  }

  /**
   * Mounts an export as ESXi does: the port mapper tells where MOUNT and NFS are.
   *
   * @param portmapper on port 111 in the field
   */
  public Datastore mountThroughPortmap(
      String datastoreName, InetSocketAddress portmapper, String exportPath) {
    try (PortmapQuery query = PortmapQuery.connect(portmapper, rpcOptions())) {
      return mount(
          datastoreName,
          query.addressOf(Nfs3.PROGRAM, Nfs3.VERSION),
          query.addressOf(Mount.PROGRAM, MOUNT_VERSION),
          exportPath);
    }
  }

  private Datastore mount(
      String datastoreName,
      InetSocketAddress nfsServer,
      InetSocketAddress mountServer,
      String exportPath) {
    Nfs3Handle root;
    try (RpcClient mountClient = Replies.await(RpcClient.connect(mountServer, rpcOptions()))) {
      root = Replies.await(new Mount3Client(mountClient).mount(exportPath)).handle();
    }
    DatastoreConnections connections =
        DatastoreConnections.open(
            nfsServer, options.connectionsPerDatastore(), rpcOptions(), options.clock());
    try {
      Nfs3FileService service =
          Nfs3FileService.open(new Nfs3Client(connections), root, connections::close);
      VaaiOffload offload =
          new VaaiOffload(
              new VaaiClient(connections),
              exportPath,
              options.name(),
              VaaiOffload.Pacing.PLUGIN,
              options.clock());
      Datastore datastore =
          new Datastore(
              datastoreName,
              nfsServer.toString(),
              exportPath,
              service,
              offload,
              connections::state);
      datastores.add(datastore);
      beat(connections, root);
      return datastore;
    } catch (RuntimeException e) {
      connections.close();
      throw e;
    }
  }

  private void beat(DatastoreConnections connections, Nfs3Handle root) {
    long periodSeconds = DatastoreHealth.HEARTBEAT.toSeconds();
    var unused =
        heartbeats.scheduleWithFixedDelay(
            () -> beatOnce(connections, root), periodSeconds, periodSeconds, TimeUnit.SECONDS);
  }

  private static void beatOnce(DatastoreConnections connections, Nfs3Handle root) {
    var unused = connections.heartbeat(new GetAttr3.Args(root)::encode);
  }

  private RpcClientOptions rpcOptions() {
    return RpcClientOptions.defaults()
        .withCredential(new Credential.Sys(0, options.name(), 0, 0, List.of()))
        .withTimeouts(CONNECT_TIMEOUT, CALL_TIMEOUT)
        .withLoops(loops);
  }

  /**
   * Makes the files of a VM; its disks are empty until the guest writes, and thin unless they are
   * to be thick and the array reserves space: {@link VirtualDisk#provisioning} tells.
   *
   * @throws DatastoreException if that failed; nothing of it is left behind
   */
  public VirtualMachine createVm(Datastore datastore, VmSpec spec) {
    VirtualMachine vm = VirtualMachine.create(options, locks, datastore, spec);
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
    CloneResult result = new CloneVmTask(options, source, request).run();
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
      datastores.forEach(Datastore::close);
      loops.close();
    }
  }
}
