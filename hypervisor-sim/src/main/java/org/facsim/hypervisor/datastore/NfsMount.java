/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.CRC32;
import org.facsim.hypervisor.log.HostEvent;
import org.facsim.hypervisor.log.VmkernelLog;
import org.facsim.hypervisor.time.HostTime;
import org.facsim.protocol.mount.Mount3Client;
import org.facsim.protocol.mount.MountException;
import org.facsim.protocol.nfs3.GetAttr3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.vaai.VaaiClient;

/**
 * One mount of a host: its connections, its heartbeat and what it tells the log. It can be
 * unmounted and mounted again; the {@link Datastore} and its open files stay the same, and work
 * again then.
 *
 * <p>The heartbeat is a GETATTR of the root. If the server answers that it has no such file, the
 * export is gone or another server stands behind the address: the datastore is not accessible, and
 * the host mounts it again every {@link AdvancedSetting#VOLUME_REMOUNT_FREQUENCY} until it has a
 * root. Thread-safe.
 */
final class NfsMount {
  /** By the machine's clock: how long the server may take to hear that it is unmounted. */
  private static final long FAREWELL_SECONDS = 2;

  private final MountOptions options;
  private final InetSocketAddress mountServer;
  private final HostSide host;
  private final HostNetwork network;
  private final String ident;
  private final DatastoreHealth health;
  private final DatastoreConnections connections;
  private final Nfs3FileService service;
  private final Datastore datastore;

  // Guarded by the monitor.
  private HostTime.Timer beat = () -> {};
  private boolean mounted;
  private volatile boolean exportGone;
  private Instant nextRemount = Instant.MIN;

  /**
   * Mounts.
   *
   * @param nfsServer serves NFS and VAAI
   * @param mountServer serves MOUNT
   * @throws DatastoreException if the server does not answer or refuses; nothing is left behind
   */
  NfsMount(
      MountOptions options,
      int connectionCount,
      InetSocketAddress nfsServer,
      InetSocketAddress mountServer,
      HostSide host,
      HostNetwork network) {
    this.options = options;
    this.mountServer = mountServer;
    this.host = host;
    this.network = network;
    this.ident = ident(options);
    this.health = new DatastoreHealth(host.time(), host.settings(), this::pathBecame);
    Nfs3Handle root = askForRoot();
    this.connections =
        DatastoreConnections.open(
            nfsServer, connectionCount, rpcOptions(host, network), host.time(), health);
    try {
      this.service =
          Nfs3FileService.open(
              new Nfs3Client(connections.ofHost()),
              new Nfs3Client(connections.ofVirtualMachines()),
              root,
              connections::close);
      VaaiOffload offload =
          new VaaiOffload(new VaaiClient(connections.ofHost()), options.export(), host);
      this.datastore =
          new Datastore(options, nfsServer.toString(), host, service, offload, this::status);
    } catch (RuntimeException e) {
      connections.close();
      throw e;
    }
    begin();
  }

  static RpcClientOptions rpcOptions(HostSide host, HostNetwork network) {
    return RpcClientOptions.defaults()
        .withCredential(new Credential.Sys(0, host.hostName(), 0, 0, List.of()))
        .withTimeouts(DatastoreMounts.CONNECT_TIMEOUT, host.patience().callTimeout())
        .withLoops(network.loops());
  }

  /** How the field names a filesystem in messages: two numbers that its server and path make. */
  private static String ident(MountOptions options) {
    CRC32 sum = new CRC32();
    sum.update(options.export().getBytes(UTF_8));
    long first = sum.getValue();
    sum.update(options.label().getBytes(UTF_8));
    return "%08x-%08x".formatted(first, sum.getValue());
  }

  private Nfs3Handle askForRoot() {
    try (RpcClient client =
        Replies.await(RpcClient.connect(mountServer, rpcOptions(host, network)))) {
      Nfs3Handle root = Replies.await(new Mount3Client(client).mount(options.export())).handle();
      Nfs3FileService.requireStorable(root);
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
    return new DatastoreException(
        error,
        "the mount request of %s was denied by the NFS server: %s"
            .formatted(options.export(), refusal.status()),
        refusal);
  }

  MountOptions options() {
    return options;
  }

  Datastore datastore() {
    return datastore;
  }

  VmkernelLog log() {
    return host.log();
  }

  DatastoreStatus status() {
    return new DatastoreStatus(
        options.label(),
        options.server(),
        options.export(),
        isAccessible(),
        health.state(),
        options.readOnly(),
        connections.count(),
        datastore.accelerationStatus());
  }

  private boolean isAccessible() {
    return connections.count() > 0 && !exportGone && health.state() == PathState.ACCESSIBLE;
  }

  /** Opens or ends connections while the mount works. */
  void setConnections(int count) {
    connections.setCount(count);
    log().info("NFS", 402, "Connections of %s set to %d".formatted(options.label(), count));
  }

  /** Mounts once more what was unmounted. */
  void mountAgain(int connectionCount) {
    Nfs3Handle root = askForRoot();
    connections.setCount(connectionCount);
    health.reset(); // the server has just answered, on new connections
    try {
      service.changeRoot(root);
    } catch (RuntimeException e) {
      connections.close();
      throw e;
    }
    begin();
  }

  private synchronized void begin() {
    mounted = true;
    exportGone = false;
    health.reset();
    log()
        .info(
            "NFS",
            157,
            "Command: (mount) Server: (%s) Path: (%s) Label: (%s) Options: (%s)"
                .formatted(
                    serverText(),
                    options.export(),
                    options.label(),
                    options.readOnly() ? "ro" : "None"));
    log().info("StorageApdHandler", 692, "APD Handle %s Created with lock".formatted(ident));
    beatLater();
  }

  /** The port is left out: it is 2049 in the field, and differs from run to run in tests. */
  private String serverText() {
    return options.server().getAddress() == null
        ? options.server().getHostString()
        : options.server().getAddress().getHostAddress();
  }

  private synchronized void beatLater() {
    if (mounted) {
      beat =
          host.time()
              .after(host.settings().seconds(AdvancedSetting.HEARTBEAT_FREQUENCY), this::beatOnce);
    }
  }

  private void beatOnce() {
    beatLater();
    boolean recently =
        health.answeredAttributesWithin(host.settings().seconds(AdvancedSetting.HEARTBEAT_DELTA));
    if (recently && isAccessible()) {
      return;
    }
    Instant sent = host.time().now();
    HostTime.Timer late =
        host.time()
            .after(
                host.settings().seconds(AdvancedSetting.HEARTBEAT_TIMEOUT),
                () -> health.silentSince(sent));
    var unused =
        host.time()
            .expect(
                connections,
                connections
                    .heartbeat(new GetAttr3.Args(service.rootHandle())::encode)
                    .whenComplete(
                        (status, failure) -> {
                          late.cancel();
                          if (failure == null) {
                            judge(status);
                          }
                        }));
  }

  /** Whether the export is there, by the status that GETATTR of its root had. */
  private void judge(int status) {
    boolean gone = status == Nfs3Status.STALE.code() || status == Nfs3Status.BADHANDLE.code();
    synchronized (this) {
      if (!mounted) {
        return;
      }
      if (gone && !exportGone) {
        log()
            .warn(
                "NFS",
                2283,
                "Failed to get attributes of %s (%s): the export is gone or the server was replaced"
                    .formatted(options.label(), ident));
      }
      exportGone = gone;
      if (!gone || host.time().now().isBefore(nextRemount)) {
        return;
      }
      nextRemount =
          host.time().now().plus(host.settings().seconds(AdvancedSetting.VOLUME_REMOUNT_FREQUENCY));
    }
    var unused =
        host.time().expect(this, CompletableFuture.runAsync(this::remount, host.time().workers()));
  }

  private void remount() {
    try {
      service.changeRoot(askForRoot());
      exportGone = false;
      datastore.forgetAcceleration();
      log().info("NFS", 298, "Restored connection to " + whereText());
    } catch (DatastoreException e) {
      log().info("NFS", 1162, "Remount of %s failed: %s".formatted(whereText(), e.getMessage()));
    }
  }

  private String whereText() {
    return "the server %s mount point %s, mounted as %s (\"%s\")"
        .formatted(serverText(), options.export(), ident, options.label());
  }

  /** Tells the log and the listeners, in the words of the field. */
  private void pathBecame(PathState state, PathState before) {
    VmkernelLog log = log();
    String filesystem = "Device or filesystem with identifier [%s] ".formatted(ident);
    switch (state) {
      case ALL_PATHS_DOWN -> {
        log.warn("NFS", 292, "Lost connection to " + whereText());
        log.info("StorageApdHandler", 248, "APD Timer started for ident [%s]".formatted(ident));
        log.info("StorageApdHandler", 846, "APD Start for ident [%s]!".formatted(ident));
        log.event(HostEvent.NFS_DISCONNECT, options.label(), "Lost connection to " + whereText());
        log.event(
            HostEvent.APD_START,
            options.label(),
            filesystem + "has entered the All Paths Down state.");
      }
      case ALL_PATHS_DOWN_TIMEOUT -> {
        log.info("StorageApdHandler", 856, "APD Timeout for ident [%s]!".formatted(ident));
        String text =
            filesystem
                + "has entered the All Paths Down Timeout state after being in the All Paths Down"
                + " state for %d seconds. I/Os will now be fast failed."
                    .formatted(host.settings().get(AdvancedSetting.APD_TIMEOUT));
        log.warn("StorageApdHandlerEv", 126, text);
        log.event(HostEvent.APD_TIMEOUT, options.label(), text);
        connections.giveUpCallsOfHost();
      }
      case ACCESSIBLE -> {
        log.info("NFS", 298, "Restored connection to " + whereText());
        log.info("StorageApdHandler", 315, "APD Timer killed for ident [%s]".formatted(ident));
        String text = filesystem + "has exited the All Paths Down state.";
        log.info("StorageApdHandlerEv", 117, text);
        log.event(HostEvent.NFS_RESTORED, options.label(), "Restored connection to " + whereText());
        log.event(HostEvent.APD_RECOVERED, options.label(), text);
      }
    }
  }

  /** Ends the mount; calls under way fail. The datastore may be mounted again. */
  void unmount() {
    end();
    log().info("NFS", 221, "Command: (unmount) Label: (%s)".formatted(options.label()));
  }

  /** Ends the mount; says good-bye to a server that answers. */
  void end() {
    synchronized (this) {
      mounted = false;
      beat.cancel();
    }
    if (isAccessible()) {
      datastore.offload().close();
      sayUnmounted();
    }
    datastore.forgetAcceleration();
    connections.close();
  }

  /** Tells the server's MOUNT service; nobody waits for long, and a failure changes nothing. */
  private void sayUnmounted() {
    CompletableFuture<RpcClient> connected =
        RpcClient.connect(mountServer, rpcOptions(host, network));
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
      log().info("NFS", 229, "The server was not told of the unmount of " + options.label());
    } finally {
      var unused = connected.thenAccept(RpcClient::close);
    }
  }

  /** Ends the mount as if the host had lost its power: nothing is sent any more. */
  void crash() {
    synchronized (this) {
      mounted = false;
      beat.cancel();
    }
    connections.close();
  }

  /** Forgets that the server was silent. */
  void resetHealth() {
    health.reset();
  }
}
