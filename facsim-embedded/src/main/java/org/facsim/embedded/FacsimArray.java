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
import org.facsim.services.calls.CallInterceptor;
import org.facsim.services.calls.Calls;
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
 * <p>The doors answer when {@link Builder#start} returns. Thread-safe.
 */
public final class FacsimArray implements AutoCloseable {
  /** The port on which NFS listens by default. */
  public static final int DEFAULT_NFS_PORT = 2049;

  private final StorageArray storage;
  private final ExportTable exports;
  private final Calls calls;
  private final Holdings holdings;
  private final OffloadEngine offload;
  private final RpcServer server;
  private final Sideband sideband;
  private final ArrayControl control;

  /** Null if there is none. */
  private ManagementDoor.Opened management;

  private final AtomicBoolean isClosed = new AtomicBoolean();

  FacsimArray(
      StorageArray storage,
      ExportTable exports,
      Calls calls,
      Holdings holdings,
      OffloadEngine offload,
      RpcServer server,
      Sideband sideband,
      ArrayControl control) {
    this.storage = storage;
    this.exports = exports;
    this.calls = calls;
    this.holdings = holdings;
    this.offload = offload;
    this.server = server;
    this.sideband = sideband;
    this.control = control;
  }

  /** Notes that the management door is open; it is closed with the array. */
  void openedManagement(ManagementDoor.Opened door) {
    management = door;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The address at which NFS, MOUNT and VAAI answer. */
  public InetSocketAddress nfsAddress() {
    return server.address();
  }

  /**
   * The address at which MOUNT answers over UDP. Its port is the NFS port, unless port 0 was
   * requested and the free TCP port was taken for UDP.
   */
  public InetSocketAddress udpAddress() {
    return sideband.udpAddress();
  }

  /** The locks of all doors. */
  public LockTable lockTable() {
    return holdings.locks();
  }

  /**
   * The locks of NFSv3 clients: the grace period, the NLM hosts that lock, and how an administrator
   * frees their locks.
   */
  public LockManager lockManager() {
    return sideband.locks();
  }

  /**
   * The address at which portmap and rpcbind answer, over TCP and UDP; empty if the array has no
   * port mapper of its own.
   */
  public Optional<InetSocketAddress> portmapAddress() {
    return sideband.portmapAddress();
  }

  /**
   * The volumes that the array has now, in the order of their making; each path is {@code /name}.
   */
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

  /**
   * The array behind the doors: its ledger, and what an administrator does in the array console.
   */
  public StorageArray storage() {
    return storage;
  }

  /**
   * The export rules of each volume. A change applies from the next call on. A volume that {@link
   * #control} makes is exported at once; one that {@link #storage} makes is exported by an entry
   * here. A deleted volume is no longer exported. Changes are stored in the data directory, and are
   * part of named states.
   */
  public ExportTable exports() {
    return exports;
  }

  /** The chain that every call of every door passes; links may come and go while calls run. */
  public Calls calls() {
    return calls;
  }

  /** The counts of every client's calls so far, over TCP and UDP, by program and procedure. */
  public CallStatistics statistics() {
    return server.statistics();
  }

  /**
   * The engine for hosts that offload: its jobs and statistics, and the profiles of the volumes.
   * Profiles may be changed while the array runs; changes are stored in the data directory, and are
   * part of named states.
   */
  public OffloadEngine offload() {
    return offload;
  }

  /** The address at which the management answers; empty if there is no {@link ManagementDoor}. */
  public Optional<InetSocketAddress> managementAddress() {
    return Optional.ofNullable(management).map(ManagementDoor.Opened::address);
  }

  /** {@code host:port}, an IPv6 host in brackets. */
  public static String hostAndPort(InetSocketAddress address) {
    return ListeningAddress.hostAndPort(address);
  }

  /**
   * Closes the array, in this order: the management, because its calls may wait for the store; NFS
   * and the programs beside it; the offload's thread; and the store last, when nothing can call it
   * any more. If closing one fails, the others are closed all the same. Closing again does nothing.
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

  /** Collects the settings with which an array is started. Not thread-safe. */
  public static final class Builder {
    // ArrayAssembly reads these fields.
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
    final List<CallInterceptor> interceptors = new ArrayList<>();
    OpenSdsFlags openSdsFlags = OpenSdsFlags.DEFAULT;

    /** Null for none. */
    ManagementDoor management;

    private Builder() {}

    /** Sets how a volume behaves toward hosts that offload. By default, its clones share blocks. */
    public Builder vaaiProfile(String volumeName, ArrayProfile profile) {
      profiles.put(volumeName, Objects.requireNonNull(profile));
      return this;
    }

    /**
     * Sets what the bits mean that hosts pass through the OpenSDS plugin. By default, the lowest
     * bit is a lazy clone.
     */
    public Builder openSdsFlags(OpenSdsFlags flags) {
      openSdsFlags = Objects.requireNonNull(flags);
      return this;
    }

    /**
     * Appends a link to the chain that every call of every door passes, from the first call on; see
     * {@link FacsimArray#calls} for one that comes later or goes again.
     */
    public Builder interceptor(CallInterceptor link) {
      interceptors.add(Objects.requireNonNull(link));
      return this;
    }

    /** Sets a listener that is told every change of a clone job's state. */
    public Builder cloneJobListener(CloneJobListener listener) {
      cloneJobListener = Objects.requireNonNull(listener);
      return this;
    }

    /** Sets what runs the steps of copying clones, with its own time. By default, a thread does. */
    public Builder jobScheduler(JobScheduler scheduler) {
      jobScheduler = Objects.requireNonNull(scheduler);
      return this;
    }

    /**
     * Sets the data directory. By default, the array is ephemeral and lives in memory. An existing
     * array keeps its volumes, handles and seed. Volumes added here are made if they do not exist,
     * and resized if they have another size.
     */
    public Builder dataDirectory(Path directory) {
      dataDirectory = Objects.requireNonNull(directory);
      return this;
    }

    /** Adds a thin volume. If none is added, a new array has none, and nothing can be mounted. */
    public Builder volume(String name, long sizeBytes) {
      return volume(new VolumeSpec(name, sizeBytes));
    }

    public Builder volume(VolumeSpec volume) {
      volumes.add(volume);
      return this;
    }

    /**
     * Sets to whom a volume is exported. By default, every volume is exported to everyone with
     * {@link ExportOptions#DEFAULT}.
     *
     * @param rules at most {@link org.facsim.services.access.Export#MAX_RULES}; if empty, no client
     *     is admitted
     */
    public Builder export(String volumeName, List<ExportRule> rules) {
      exportRules.put(volumeName, List.copyOf(rules));
      return this;
    }

    /** Sets the local address to listen on; the loopback address by default. */
    public Builder listen(InetAddress address) {
      listen = Objects.requireNonNull(address);
      return this;
    }

    /**
     * Sets the TCP port of all programs; 0 takes a free one, see {@link FacsimArray#nfsAddress}.
     */
    public Builder nfsPort(int port) {
      nfsPort = port;
      return this;
    }

    /**
     * Opens a port mapper (portmap 2, rpcbind 3 and 4) over TCP and UDP; by default there is none.
     *
     * @param port {@value PortmapProgram#PORT}, where clients look, or 0 for a free one, see {@link
     *     FacsimArray#portmapAddress}
     */
    public Builder portmapPort(int port) {
      sidebandOptions = sidebandOptions.withPortmapPort(OptionalInt.of(port));
      return this;
    }

    /**
     * Registers all programs with an rpcbind that runs on this machine, as long as the array runs.
     *
     * @param rpcbind its address, which must be a loopback address, because rpcbind refuses other
     *     callers
     */
    public Builder registerWith(InetSocketAddress rpcbind) {
      sidebandOptions = sidebandOptions.withRpcbind(Optional.of(rpcbind));
      return this;
    }

    /**
     * Sets the grace period of a durable array: how long after a restart only locks held before may
     * be reclaimed, if any were held. The default is that of {@link LockManagerOptions#DEFAULT}.
     */
    public Builder lockGrace(Duration grace) {
      sidebandOptions = sidebandOptions.withLocks(sidebandOptions.locks().withGrace(grace));
      return this;
    }

    /**
     * Sets the name by which clients' status monitors know this array, for notices of a restart.
     * The default is the address that each client reaches, which is right without address
     * translation.
     */
    public Builder nsmName(String name) {
      sidebandOptions = sidebandOptions.withLocks(sidebandOptions.locks().withServerName(name));
      return this;
    }

    /**
     * Sets how long a connection may be idle; zero never closes one. The default is six minutes.
     */
    public Builder idleTimeout(Duration timeout) {
      idleTimeout = Objects.requireNonNull(timeout);
      return this;
    }

    /** Opens a door for administrators, too. By default there is none. */
    public Builder management(ManagementDoor door) {
      management = Objects.requireNonNull(door);
      return this;
    }

    /** Sets the source of all timestamps. */
    public Builder clock(InstantSource source) {
      clock = Objects.requireNonNull(source);
      return this;
    }

    /** Sets the seed that determines handles, generations and session ids; random by default. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /**
     * Makes the array and opens its doors.
     *
     * @throws IOException if the address cannot be listened on; a {@link java.net.BindException} if
     *     it is taken or not a local address; a {@link SidebandException} if this concerns a port
     *     beside NFS, or if registering with rpcbind fails
     * @throws UnknownVolumeException if there are export rules or a profile for a volume that does
     *     not exist
     * @throws ArrayException if two volumes have the same name, or the data directory is in use,
     *     damaged or something else
     */
    public FacsimArray start() throws IOException {
      return new ArrayAssembly(this).start();
    }
  }
}
