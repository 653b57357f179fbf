/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.facsim.protocol.mount.Mount3Client;
import org.facsim.protocol.mount.MountException;
import org.facsim.protocol.nfs3.GetAttr3;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.rpc.RpcCaller;
import org.facsim.protocol.rpc.RpcClient;

/**
 * A mount over NFSv3: the root comes from MOUNT, the heartbeat is a GETATTR, and MOUNT is told of
 * the end.
 */
final class MountedNfs3 implements MountProtocol {
  /** By the machine's clock: how long the server may take to hear that it is unmounted. */
  private static final long FAREWELL_SECONDS = 2;

  private final MountOptions options;
  private final InetSocketAddress mountServer;
  private final HostSide host;
  private final HostNetwork network;
  private final DatastoreHealth health;
  private final DatastoreConnections connections;
  private final Nfs3FileService service;

  /** NFSv3 has no state, so a connection is good as it is, and calls stay on it for their xid. */
  private static final class Stateless implements DatastoreConnections.Manners {
    @Override
    public boolean isOfAttributes(int program, int procedure) {
      return program == Nfs3.PROGRAM && procedure == GetAttr3.PROCEDURE;
    }

    @Override
    public boolean movesBetweenConnections() {
      return false;
    }

    @Override
    public CompletableFuture<Void> greet(RpcCaller direct, InetSocketAddress server) {
      return CompletableFuture.completedFuture(null);
    }
  }

  /** How connections behave. */
  static DatastoreConnections.Manners manners() {
    return new Stateless();
  }

  /**
   * Mounts.
   *
   * @param nfsServer serves NFS
   * @param mountServer serves MOUNT
   * @throws DatastoreException if the server does not answer or refuses; nothing is left behind
   */
  MountedNfs3(
      MountOptions options,
      int connectionCount,
      InetSocketAddress nfsServer,
      InetSocketAddress mountServer,
      HostSide host,
      HostNetwork network,
      DatastoreHealth health) {
    this.options = options;
    this.mountServer = mountServer;
    this.host = host;
    this.network = network;
    this.health = health;
    Nfs3Handle root = askForRoot();
    connections =
        DatastoreConnections.to(
            List.of(nfsServer), NfsMount.rpcOptions(host, network), host.time(), health, manners());
    connections.setCount(connectionCount);
    try {
      service =
          Nfs3FileService.open(
              new Nfs3Client(connections.ofHost()),
              new Nfs3Client(connections.ofVirtualMachines()),
              root,
              connections::close);
    } catch (RuntimeException e) {
      connections.close();
      throw e;
    }
  }

  private Nfs3Handle askForRoot() {
    try (RpcClient client =
        Replies.await(RpcClient.connect(mountServer, NfsMount.rpcOptions(host, network)))) {
      Nfs3Handle root = Replies.await(new Mount3Client(client).mount(options.export())).handle();
      FileLimits.requireStorable(root.lengthBytes());
      return root;
    } catch (DatastoreException e) {
      throw e.getCause() instanceof MountException refused ? refused(refused) : e;
    }
  }

  private DatastoreException refused(MountException refusal) {
    DatastoreError error =
        switch (refusal.status()) {
          case NOENT, NOTDIR, NAMETOOLONG -> DatastoreError.NOT_FOUND;
          case PERM, ACCES -> DatastoreError.ACCESS_DENIED;
          case OK, IO, INVAL, NOTSUPP, SERVERFAULT -> DatastoreError.FILE_ERROR;
        };
    return MountProtocol.denied(options, error, refusal.status(), refusal);
  }

  @Override
  public FileService service() {
    return service;
  }

  @Override
  public DatastoreConnections connections() {
    return connections;
  }

  @Override
  public void setConnections(int count) {
    connections.setCount(count);
  }

  @Override
  public void mountAgain(int connectionCount) {
    Nfs3Handle root = askForRoot();
    connections.setCount(connectionCount);
    health.reset();
    try {
      service.changeRoot(root);
    } catch (RuntimeException e) {
      connections.close();
      throw e;
    }
  }

  @Override
  public void askForRootAgain() {
    service.changeRoot(askForRoot());
  }

  @Override
  public CompletableFuture<Boolean> heartbeat() {
    GetAttr3.Args root = new GetAttr3.Args(service.rootHandle());
    return connections
        .heartbeat(
            direct ->
                direct.call(
                    Nfs3.PROGRAM,
                    Nfs3.VERSION,
                    GetAttr3.PROCEDURE,
                    root::encode,
                    in -> in.readInt()))
        .thenApply(
            status -> status == Nfs3Status.STALE.code() || status == Nfs3Status.BADHANDLE.code());
  }

  @Override
  public void giveUpCallsOfHost() {
    connections.giveUpCallsOfHost();
  }

  @Override
  public void sayUnmounted() {
    CompletableFuture<RpcClient> connected =
        RpcClient.connect(mountServer, NfsMount.rpcOptions(host, network));
    CompletableFuture<?> said =
        connected.thenCompose(
            client ->
                new Mount3Client(client)
                    .unmount(options.export())
                    .whenComplete((done, failure) -> client.close()));
    try {
      said.get(FAREWELL_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      host.log().info("NFS", 229, "The server was not told of the unmount of " + options.label());
    } finally {
      var unused = connected.thenAccept(RpcClient::close);
    }
  }

  @Override
  public void close() {
    connections.close();
  }
}
