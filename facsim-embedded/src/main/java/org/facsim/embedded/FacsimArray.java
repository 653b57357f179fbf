/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.facsim.array.ArrayException;
import org.facsim.array.StorageArray;
import org.facsim.nfs.nlm.LockManager;
import org.facsim.nfs.nlm.LockManagerOptions;
import org.facsim.protocol.portmap.PortmapProgram;
import org.facsim.protocol.rpc.CallStatistics;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.facsim.services.access.ExportOptions;
import org.facsim.services.access.ExportRule;
import org.facsim.services.access.ExportTable;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.control.ListeningAddress;
import org.facsim.services.control.ManagementDoor;
import org.facsim.services.control.SidebandException;
import org.facsim.services.control.UnknownVolumeException;
import org.facsim.services.control.VolumeSpec;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.CloneJobListener;
import org.facsim.services.offload.JobScheduler;
import org.facsim.services.offload.OffloadEngine;
import org.facsim.services.state.Holdings;
import org.facsim.services.state.LockTable;
import org.facsim.vaai.opensds.OpenSdsFlags;

/**
 * A storage array with its doors open: array, exports, NFS, MOUNT and VAAI, wired to each other and
 * to one TCP port by {@link ArrayAssembly}. Several may run in one process; they share nothing.
 *
 * <pre>{@code
 * try (FacsimArray array =
 *     FacsimArray.builder().volume("datastore1", 40L << 30).nfsPort(0).start()) {
 *   mount(array.nfsAddress(), "/datastore1");
 * }
 * }</pre>
 *
 * <p>It answers when {@link Builder#start} returns. Thread-safe.
 */
public final class FacsimArray implements AutoCloseable {
  /** Where NFS listens unless told otherwise. */
  public static final int DEFAULT_NFS_PORT = 2049;

  private final StorageArray storage;
  private final ExportTable exports;
  private final Holdings holdings;
  private final OffloadEngine offload;
  private final RpcServer server;
  private final Sideband sideband;
  private final ArrayControl control;

  /** Null without one. */
  private ManagementDoor.Opened management;

  private final AtomicBoolean isClosed = new AtomicBoolean();

  FacsimArray(
      StorageArray storage,
      ExportTable exports,
      Holdings holdings,
      OffloadEngine offload,
      RpcServer server,
      Sideband sideband,
      ArrayControl control) {
    this.storage = storage;
    this.exports = exports;
    this.holdings = holdings;
    this.offload = offload;
    this.server = server;
    this.sideband = sideband;
    this.control = control;
  }

  /** The management answers now, and is closed with the array. */
  void openedManagement(ManagementDoor.Opened door) {
    management = door;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Where NFS, MOUNT and VAAI answer. */
  public InetSocketAddress nfsAddress() {
    return server.address();
  }

  /** Where MOUNT answers over UDP: the NFS port too, unless that was a free one taken for UDP. */
  public InetSocketAddress udpAddress() {
    return sideband.udpAddress();
  }

  /** Who has locked what, over all doors. */
  public LockTable lockTable() {
    return holdings.locks();
  }

  /** The locks of NFSv3 clients: grace period, locking hosts, and an admin's way to free them. */
  public LockManager lockManager() {
    return sideband.locks();
  }

  /** Where portmap and rpcbind answer, over TCP and UDP; empty without a port mapper of our own. */
  public Optional<InetSocketAddress> portmapAddress() {
    return sideband.portmapAddress();
  }

  /** The volumes that it has now, in the order of their making; a path is {@code /name}. */
  public List<VolumeSpec> volumes() {
    return storage.volumes().stream()
        .map(volume -> new VolumeSpec(volume.name(), volume.sizeBytes()))
        .toList();
  }

  /**
   * The array as an administrator sees it: makes, resizes and deletes volumes, changes exports and
   * profiles, and tells what changed.
   */
  public ArrayControl control() {
    return control;
  }

  /** The array behind the doors: its ledger, and what an admin does in the array's own UI. */
  public StorageArray storage() {
    return storage;
  }

  /**
   * Who may do what on which volume; a change holds from the next call on. A volume that {@link
   * #control} makes is exported at once; one that {@link #storage} makes is exported by an entry
   * here; one that is deleted is exported no more. Changes are kept in the data directory, and are
   * part of named states.
   */
  public ExportTable exports() {
    return exports;
  }

  /** What every client called so far over TCP and UDP, by program and procedure. */
  public CallStatistics statistics() {
    return server.statistics();
  }

  /**
   * What the array does for hosts that offload: its jobs and statistics, and the profiles that its
   * volumes behave by, which may be changed while it runs; changes are kept in the data directory,
   * and are part of named states.
   */
  public OffloadEngine offload() {
    return offload;
  }

  /** Where the management answers; empty without a {@link ManagementDoor}. */
  public Optional<InetSocketAddress> managementAddress() {
    return Optional.ofNullable(management).map(ManagementDoor.Opened::address);
  }

  /** {@code host:port}, an IPv6 host in brackets. */
  public static String hostAndPort(InetSocketAddress address) {
    return ListeningAddress.hostAndPort(address);
  }

  /**
   * Closes the doors, the management first because its calls may wait for the store, then NFS and
   * what is beside it, then the offload's thread; the store last, when nobody can call it any more.
   * A failure of one keeps none of the others open. May be called twice.
   */
  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      Closing.inOrder(
          this::closeManagement, sideband::close, server::close, offload::close, storage::close);
    }
  }

  private void closeManagement() {
    if (management != null) {
      management.close();
    }
  }

  /** Collects what an array is started with. Not thread-safe. */
  public static final class Builder {
    // What ArrayAssembly reads.
    final List<VolumeSpec> volumes = new ArrayList<>();
    InetAddress listen = InetAddress.getLoopbackAddress();
    int nfsPort = DEFAULT_NFS_PORT;
    InstantSource clock = Clock.systemUTC();
    long seed = new SecureRandom().nextLong();
    Path dataDirectory;
    Duration idleTimeout = RpcServerOptions.DEFAULT_IDLE_TIMEOUT;
    final Map<String, List<ExportRule>> exportRules = new HashMap<>();
    SidebandOptions sidebandOptions = SidebandOptions.NONE;
    final Map<String, ArrayProfile> profiles = new HashMap<>();
    CloneJobListener cloneJobListener = CloneJobListener.NONE;
    JobScheduler jobScheduler;
    OpenSdsFlags openSdsFlags = OpenSdsFlags.DEFAULT;

    /** Null for none. */
    ManagementDoor management;

    private Builder() {}

    /** How a volume behaves toward hosts that offload; shares blocks unless told. */
    public Builder vaaiProfile(String volumeName, ArrayProfile profile) {
      profiles.put(volumeName, Objects.requireNonNull(profile));
      return this;
    }

    /**
     * What the bits mean that hosts pass through the OpenSDS plugin; the lowest is a lazy clone.
     */
    public Builder openSdsFlags(OpenSdsFlags flags) {
      openSdsFlags = Objects.requireNonNull(flags);
      return this;
    }

    /** Hears every change of a clone job's state. */
    public Builder cloneJobListener(CloneJobListener listener) {
      cloneJobListener = Objects.requireNonNull(listener);
      return this;
    }

    /** Runs the steps of copying clones, by its own idea of time; a thread unless told. */
    public Builder jobScheduler(JobScheduler scheduler) {
      jobScheduler = Objects.requireNonNull(scheduler);
      return this;
    }

    /**
     * Where the array lives; in memory unless told. An array that is there already keeps its
     * volumes, handles and seed; volumes added here are made if they are not there, and resized if
     * they have another size.
     */
    public Builder dataDirectory(Path directory) {
      dataDirectory = Objects.requireNonNull(directory);
      return this;
    }

    /** Adds a thin volume. Without any, the array has none and nothing can be mounted. */
    public Builder volume(String name, long sizeBytes) {
      return volume(new VolumeSpec(name, sizeBytes));
    }

    public Builder volume(VolumeSpec volume) {
      volumes.add(volume);
      return this;
    }

    /**
     * Whom a volume is exported to; without a call, every volume is exported to everyone as {@link
     * ExportOptions#DEFAULT} says.
     *
     * @param rules at most {@link org.facsim.services.access.Export#MAX_RULES}; without any, nobody
     *     is admitted
     */
    public Builder export(String volumeName, List<ExportRule> rules) {
      exportRules.put(volumeName, List.copyOf(rules));
      return this;
    }

    /** The local address to listen on; the loopback address unless told otherwise. */
    public Builder listen(InetAddress address) {
      listen = Objects.requireNonNull(address);
      return this;
    }

    /** The TCP port of all programs; 0 takes a free one, see {@link FacsimArray#nfsAddress}. */
    public Builder nfsPort(int port) {
      nfsPort = port;
      return this;
    }

    /**
     * Opens a port mapper (portmap 2, rpcbind 3 and 4) over TCP and UDP; there is none unless told.
     *
     * @param port {@value PortmapProgram#PORT} is where clients look, 0 takes a free one, see
     *     {@link FacsimArray#portmapAddress}
     */
    public Builder portmapPort(int port) {
      sidebandOptions = sidebandOptions.withPortmapPort(OptionalInt.of(port));
      return this;
    }

    /**
     * Registers everything with a running rpcbind of this host while the array runs.
     *
     * @param rpcbind its address, which must be a loopback one: rpcbind refuses others
     */
    public Builder registerWith(InetSocketAddress rpcbind) {
      sidebandOptions = sidebandOptions.withRpcbind(Optional.of(rpcbind));
      return this;
    }

    /**
     * How long after a restart of a durable array only locks of before are taken, if any were held;
     * {@link LockManagerOptions#DEFAULT} unless told.
     */
    public Builder lockGrace(Duration grace) {
      sidebandOptions = sidebandOptions.withLocks(sidebandOptions.locks().withGrace(grace));
      return this;
    }

    /**
     * The name by which clients' status monitors know this array, to tell them of a restart; the
     * address that each client reaches unless told, which is right without address translation.
     */
    public Builder nsmName(String name) {
      sidebandOptions = sidebandOptions.withLocks(sidebandOptions.locks().withServerName(name));
      return this;
    }

    /** How long a connection may be idle; zero never closes one. Six minutes unless told. */
    public Builder idleTimeout(Duration timeout) {
      idleTimeout = Objects.requireNonNull(timeout);
      return this;
    }

    /** Opens a door for administrators, too; there is none unless told. */
    public Builder management(ManagementDoor door) {
      management = Objects.requireNonNull(door);
      return this;
    }

    /** The source of all timestamps. */
    public Builder clock(InstantSource source) {
      clock = Objects.requireNonNull(source);
      return this;
    }

    /** Decides handles, generations and session ids; drawn at random unless told. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /**
     * Makes the array and opens its doors.
     *
     * @throws IOException if the address cannot be listened on; a {@link java.net.BindException} if
     *     it is taken or not ours; a {@link SidebandException} if that is so of a port beside NFS,
     *     or rpcbind cannot be registered with
     * @throws UnknownVolumeException if there are export rules or a profile for a volume that is
     *     not there
     * @throws ArrayException if two volumes have one name, or the data directory is in use, damaged
     *     or something else
     */
    public FacsimArray start() throws IOException {
      return new ArrayAssembly(this).start();
    }
  }
}
