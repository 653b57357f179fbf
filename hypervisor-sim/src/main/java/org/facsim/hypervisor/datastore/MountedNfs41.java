/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.client.Attributes4;
import org.facsim.protocol.nfs4.client.Compound4;
import org.facsim.protocol.nfs4.client.CompoundException;
import org.facsim.protocol.rpc.RpcException;

/**
 * A mount over NFSv4.1: a client id and a session, over one connection at least to each address.
 * There is no MOUNT: the root is looked up. The heartbeat renews the lease. At the end, session and
 * client id are given back.
 */
final class MountedNfs41 implements MountProtocol {
  /** By the machine's clock: how long the server may take to hear that it is unmounted. */
  private static final long FAREWELL_SECONDS = 2;

  private final MountOptions options;
  private final HostSide host;
  private final DatastoreHealth health;
  private final DatastoreConnections connections;
  private final Nfs41Lease lease;
  private final ShareReservations reservations;
  private final AtomicReference<Nfs41FileRef> root = new AtomicReference<>();
  private final Nfs41FileService service;

  /**
   * Mounts.
   *
   * @throws DatastoreException if a server does not answer or refuses, or is another one than the
   *     first; nothing is left behind
   */
  MountedNfs41(
      MountOptions options,
      int connectionCount,
      HostSide host,
      HostNetwork network,
      DatastoreHealth health) {
    this.options = options;
    this.host = host;
    this.health = health;
    lease =
        new Nfs41Lease(
            host,
            options.label(),
            health,
            ThreadLocalRandom.current().nextLong(),
            "VMware ESXi %s %s".formatted(host.hostName(), options.label()).getBytes(UTF_8));
    reservations = new ShareReservations(host, lease);
    connections =
        DatastoreConnections.to(
            options.servers(), NfsMount.rpcOptions(host, network), host.time(), health, lease);
    lease.begin(connections, reservations);
    try {
      connect(connectionCount);
      Attributes4 limits = askForRoot();
      service =
          new Nfs41FileService(
              lease, reservations, root, limits, host.hostName(), this::closeConnections);
    } catch (RuntimeException e) {
      closeConnections();
      throw e;
    }
  }

  private void connect(int count) {
    try {
      connections.setCount(Math.max(count, options.servers().size()));
      health.reset();
      Replies.await(lease.join());
    } catch (DatastoreException e) {
      throw refused(e);
    }
  }

  /** A server that does not serve the version, in the words of the field. */
  private static DatastoreException refused(DatastoreException failure) {
    boolean isOtherVersion =
        failure.getCause() instanceof RpcException rpc
            && switch (rpc.failure()) {
              case PROGRAM_MISMATCH, PROGRAM_UNAVAILABLE -> true;
              default -> false;
            };
    boolean isOtherMinor =
        failure.getCause() instanceof CompoundException answered
            && answered.status() == Nfs4Status.MINOR_VERS_MISMATCH;
    return isOtherVersion || isOtherMinor
        ? new DatastoreException(
            DatastoreError.FILE_ERROR, "Server doesn't support the NFS 4.1 protocol", failure)
        : failure;
  }

  /** Looks the export up; returns the bounds of READ and WRITE. */
  private Attributes4 askForRoot() {
    record Found(Nfs41FileRef root, Attributes4 limits) {}
    CompletableFuture<Found> asked =
        lease
            .calls()
            .call(
                false,
                () -> {
                  Compound4 walk = Compound4.empty().putRootFh();
                  names().forEach(walk::lookup);
                  return Nfs41FileService.naming(walk).getAttributes(Attr4.MAXREAD, Attr4.MAXWRITE);
                },
                false,
                results -> {
                  results.ok(Op4.PUTROOTFH);
                  names().forEach(name -> results.ok(Op4.LOOKUP));
                  return new Found(
                      Nfs41FileService.named(results), results.ok(Op4.GETATTR).attributes());
                });
    try {
      Found found = Replies.await(asked);
      root.set(found.root);
      return found.limits;
    } catch (DatastoreException e) {
      throw Nfs41Lease.rootOf(e.getCause() == null ? e : e.getCause())
              instanceof CompoundException refusal
          ? denied(refusal)
          : e;
    }
  }

  private List<String> names() {
    return Arrays.stream(options.export().split("/", -1)).filter(name -> !name.isEmpty()).toList();
  }

  private DatastoreException denied(CompoundException refusal) {
    DatastoreError error =
        switch (refusal.status()) {
          case NOENT, NOTDIR, NAMETOOLONG -> DatastoreError.NOT_FOUND;
          case PERM, ACCESS, WRONGSEC -> DatastoreError.ACCESS_DENIED;
          default -> DatastoreError.FILE_ERROR;
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
    int servers = options.servers().size();
    if (count < servers) {
      throw new IllegalArgumentException(
          "%d connections; allowed: %d and more, one to each server".formatted(count, servers));
    }
    connections.setCount(count);
  }

  @Override
  public void mountAgain(int connectionCount) {
    try {
      connect(connectionCount);
      var unused = askForRoot();
    } catch (RuntimeException e) {
      closeConnections();
      throw e;
    }
  }

  @Override
  public void askForRootAgain() {
    var unused = askForRoot();
  }

  @Override
  public CompletableFuture<Boolean> heartbeat() {
    return lease.heartbeat(root.get().handle());
  }

  @Override
  public void giveUpCallsOfHost() {
    lease.giveUpCallsOfHost();
  }

  @Override
  public void sayUnmounted() {
    try {
      lease.leave().get(FAREWELL_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      host.log().info("NFS41", 229, "The server was not told of the unmount of " + options.label());
    }
  }

  private void closeConnections() {
    lease.end();
    reservations.forget();
    connections.close();
  }

  @Override
  public void close() {
    closeConnections();
  }
}
