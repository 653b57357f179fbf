/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;
import org.facsim.hypervisor.log.HostEvent;
import org.facsim.hypervisor.log.VmkernelLog;
import org.facsim.hypervisor.time.HostTime;
import org.facsim.protocol.rpc.Credential;
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
  private final MountOptions options;
  private final HostSide host;
  private final String ident;
  private final DatastoreHealth health;
  private final MountProtocol protocol;
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
    this.host = host;
    this.ident = ident(options);
    this.health = new DatastoreHealth(host.time(), host.settings(), this::pathBecame);
    this.protocol =
        switch (options.version()) {
          case NFS3 ->
              new MountedNfs3(
                  options, connectionCount, nfsServer, mountServer, host, network, health);
          case NFS41 -> new MountedNfs41(options, connectionCount, host, network, health);
        };
    VaaiOffload offload =
        new VaaiOffload(
            new VaaiClient(protocol.ofHost()), options.export(), options.version(), host);
    this.datastore =
        new Datastore(
            options, nfsServer.toString(), host, protocol.service(), offload, this::status);
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
        protocol.connectionCount(),
        datastore.accelerationStatus());
  }

  private boolean isAccessible() {
    return protocol.connectionCount() > 0 && !exportGone && health.state() == PathState.ACCESSIBLE;
  }

  /** Opens or ends connections while the mount works. */
  void setConnections(int count) {
    protocol.setConnections(count);
    log().info("NFS", 402, "Connections of %s set to %d".formatted(options.label(), count));
  }

  /** Mounts once more what was unmounted. */
  void mountAgain(int connectionCount) {
    protocol.mountAgain(connectionCount);
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
                protocol.path(),
                protocol
                    .heartbeat()
                    .whenComplete(
                        (gone, failure) -> {
                          late.cancel();
                          if (failure == null) {
                            judge(gone);
                          }
                        }));
  }

  private void judge(boolean gone) {
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
      protocol.askForRootAgain();
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
        if (protocol != null) { // not while it is being mounted
          protocol.giveUpCallsOfHost();
        }
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
      protocol.sayUnmounted();
    }
    datastore.forgetAcceleration();
    protocol.close();
  }

  /** Ends the mount as if the host had lost its power: nothing is sent any more. */
  void crash() {
    synchronized (this) {
      mounted = false;
      beat.cancel();
    }
    protocol.close();
  }

  /** Forgets that the server was silent. */
  void resetHealth() {
    health.reset();
  }
}
