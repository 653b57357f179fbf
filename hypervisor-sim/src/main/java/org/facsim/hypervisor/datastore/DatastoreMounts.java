/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
 * A host's mounts. Makes the connections of each datastore, sends a heartbeat for each (GETATTR of
 * the root), and closes all of them together. Its methods block until they are done. Only one
 * thread at a time may use it.
 */
public final class DatastoreMounts implements AutoCloseable {
  private static final int MOUNT_VERSION = 3;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final String hostName;
  private final int connectionsPerDatastore;
  private final Clock clock;
  private final Patience patience;
  private final ScheduledExecutorService heartbeats;
  private final RpcEventLoops loops;
  private final List<Datastore> datastores = new ArrayList<>();

  /**
   * Makes a host without mounts.
   *
   * @param hostName the name in the host's calls (AUTH_SYS machine name)
   * @param connectionsPerDatastore TCP connections of a mount, 1 to 8
   * @param clock measures how long a server is silent, and how long a clone job stands still
   * @param patience with the server
   * @param heartbeats runs the heartbeats; the caller shuts it down before {@link #close}
   */
  public DatastoreMounts(
      String hostName,
      int connectionsPerDatastore,
      Clock clock,
      Patience patience,
      ScheduledExecutorService heartbeats) {
    this.hostName = hostName;
    this.connectionsPerDatastore = connectionsPerDatastore;
    this.clock = clock;
    this.patience = patience;
    this.heartbeats = heartbeats;
    this.loops = RpcEventLoops.start(RpcTransport.AUTOMATIC, 1, hostName + "-nfs");
  }

  /**
   * Mounts an export whose server answers NFS, MOUNT and VAAI on one port.
   *
   * @param datastoreName the host's name for it
   * @param exportPath such as {@code /datastore1}
   * @throws DatastoreException if the server does not answer or refuses; nothing is mounted then
   */
  public Datastore mount(String datastoreName, InetSocketAddress server, String exportPath) {
    return mount(datastoreName, server, server, exportPath);
  }

  /**
   * Mounts an export as ESXi does: the port mapper tells where MOUNT and NFS are.
   *
   * @param portmapper on port 111 in the field
   * @throws DatastoreException as {@link #mount}; NOT_FOUND if the port mapper knows no NFS
   */
  public Datastore mountThroughPortmap(
      String datastoreName, InetSocketAddress portmapper, String exportPath) {
    try (PortmapQuery query = PortmapQuery.connect(portmapper, rpcOptions(Patience.ESXI))) {
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
    try (RpcClient mountClient =
        Replies.await(RpcClient.connect(mountServer, rpcOptions(Patience.ESXI)))) {
      root = Replies.await(new Mount3Client(mountClient).mount(exportPath)).handle();
    }
    DatastoreConnections connections =
        DatastoreConnections.open(nfsServer, connectionsPerDatastore, rpcOptions(patience), clock);
    try {
      Nfs3FileService service =
          Nfs3FileService.open(new Nfs3Client(connections), root, connections::close);
      VaaiOffload offload =
          new VaaiOffload(new VaaiClient(connections), exportPath, hostName, patience, clock);
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

  private RpcClientOptions rpcOptions(Patience with) {
    return RpcClientOptions.defaults()
        .withCredential(new Credential.Sys(0, hostName, 0, 0, List.of()))
        .withTimeouts(CONNECT_TIMEOUT, with.callTimeout())
        .withLoops(loops);
  }

  /** Ends all mounts; calls under way fail. */
  @Override
  public void close() {
    datastores.forEach(Datastore::close);
    loops.close();
  }
}
