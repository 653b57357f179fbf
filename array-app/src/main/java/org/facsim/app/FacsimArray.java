/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.facsim.app.http.HttpDoor;
import org.facsim.array.ArrayException;
import org.facsim.array.ArrayOptions;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.nfs.ExportOptions;
import org.facsim.nfs.ExportRule;
import org.facsim.nfs.ExportTable;
import org.facsim.nfs.lock.LockTable;
import org.facsim.nfs.nlm.LockManager;
import org.facsim.nfs.nlm.LockManagerOptions;
import org.facsim.nfs.v3.Nfs3Program;
import org.facsim.protocol.opensds.OpenSds;
import org.facsim.protocol.portmap.PortmapProgram;
import org.facsim.protocol.rpc.CallStatistics;
import org.facsim.protocol.rpc.DuplicateRequestCache;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.facsim.vaai.VaaiEndpoint;
import org.facsim.vaai.VaaiOptions;
import org.facsim.vaai.VaaiProgram;
import org.facsim.vaai.offload.ArrayProfile;
import org.facsim.vaai.offload.CloneJobListener;
import org.facsim.vaai.offload.Dialect;
import org.facsim.vaai.offload.JobScheduler;
import org.facsim.vaai.offload.NamedProfiles;
import org.facsim.vaai.offload.OffloadEngine;
import org.facsim.vaai.offload.OffloadOptions;
import org.facsim.vaai.offload.VolumeProfiles;
import org.facsim.vaai.opensds.OpenSdsCommands;
import org.facsim.vaai.opensds.OpenSdsFlags;
import org.facsim.vaai.opensds.OpenSdsProgram;

/**
 * A storage array with its doors open: the one place where array, exports, NFS, MOUNT and VAAI are
 * wired to each other and to one TCP port. Several may run in one process; they share nothing.
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

  /** In the data directory: the hosts whose locks a restart loses. */
  private static final String HOST_LIST = "locking-hosts";

  private final StorageArray storage;
  private final ExportTable exports;
  private final LockTable lockTable;
  private final OffloadEngine offload;
  private final RpcServer server;
  private final Sideband sideband;
  private final List<VolumeSpec> volumes;

  /** Null without one. */
  private HttpDoor http;

  private FacsimArray(
      StorageArray storage,
      ExportTable exports,
      LockTable lockTable,
      OffloadEngine offload,
      RpcServer server,
      Sideband sideband,
      List<VolumeSpec> volumes) {
    this.storage = storage;
    this.exports = exports;
    this.lockTable = lockTable;
    this.offload = offload;
    this.server = server;
    this.sideband = sideband;
    this.volumes = volumes;
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
    return lockTable;
  }

  /** The locks of NFSv3 clients: grace period, locking hosts, and an admin's way to free them. */
  public LockManager lockManager() {
    return sideband.locks();
  }

  /** Where portmap and rpcbind answer, over TCP and UDP; empty without a port mapper of our own. */
  public Optional<InetSocketAddress> portmapAddress() {
    return sideband.portmapAddress();
  }

  /**
   * The volumes it was started with, in that order, or all that its data directory held and those;
   * each is exported as {@code /name}.
   */
  public List<VolumeSpec> volumes() {
    return volumes;
  }

  /** The array behind the doors: its ledger, and what an admin does in the array's own UI. */
  public StorageArray storage() {
    return storage;
  }

  /**
   * Who may do what on which volume; a change holds from the next call on. A volume made while the
   * array runs is exported by an entry here; one that is deleted is exported no more, and one that
   * comes back with a named state as it was before.
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
   * volumes behave by, which may be changed while it runs.
   */
  public OffloadEngine offload() {
    return offload;
  }

  /** Where the VAAI calls and the management answer over HTTP; empty unless asked for. */
  public Optional<InetSocketAddress> httpAddress() {
    return Optional.ofNullable(http).map(HttpDoor::address);
  }

  /** {@code host:port}, an IPv6 host in brackets. */
  public static String hostAndPort(InetSocketAddress address) {
    InetAddress host = address.getAddress();
    String text = host.getHostAddress();
    return (text.indexOf(':') < 0 ? text : "[" + text + "]") + ":" + address.getPort();
  }

  /** Closes the port and every connection, then gives the array's memory back. */
  @Override
  public void close() {
    try {
      if (http != null) {
        http.close();
      }
      sideband.close();
      server.close();
    } finally {
      try {
        offload.close();
      } finally {
        storage.close();
      }
    }
  }

  /** Collects what an array is started with. Not thread-safe. */
  public static final class Builder {
    /** Makes session ids of the HTTP door others than those of the RPC program. */
    private static final long HTTP_SESSIONS = 0x4854_5450L;

    private static final List<ExportRule> FOR_EVERYONE =
        List.of(ExportRule.forEveryone(ExportOptions.DEFAULT));

    private final List<VolumeSpec> volumes = new ArrayList<>();
    private InetAddress listen = InetAddress.getLoopbackAddress();
    private int nfsPort = DEFAULT_NFS_PORT;
    private InstantSource clock = Clock.systemUTC();
    private long seed = new SecureRandom().nextLong();
    private Path dataDirectory;
    private Duration idleTimeout = RpcServerOptions.DEFAULT_IDLE_TIMEOUT;
    private final Map<String, List<ExportRule>> exportRules = new HashMap<>();
    private SidebandOptions sidebandOptions = SidebandOptions.NONE;
    private final Set<String> profiledVolumes = new TreeSet<>();
    private final VolumeProfiles profiles = new VolumeProfiles(NamedProfiles.SHARING);
    private CloneJobListener cloneJobListener = CloneJobListener.NONE;
    private JobScheduler jobScheduler;
    private OpenSdsFlags openSdsFlags = OpenSdsFlags.DEFAULT;

    private InetSocketAddress httpListen;

    private Builder() {}

    /** How a volume behaves toward hosts that offload; shares blocks unless told. */
    public Builder vaaiProfile(String volumeName, ArrayProfile profile) {
      profiles.set(volumeName, profile);
      profiledVolumes.add(volumeName);
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
     * @param rules at most {@link org.facsim.nfs.Export#MAX_RULES}; without any, nobody is admitted
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

    /**
     * Opens the HTTP door on the loopback address; there is none unless told.
     *
     * @param port 0 takes a free one, see {@link FacsimArray#httpAddress}
     */
    public Builder httpPort(int port) {
      return http(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** Opens the HTTP door elsewhere. It lets in whoever can reach it. */
    public Builder http(InetSocketAddress address) {
      httpListen = Objects.requireNonNull(address);
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
     * @throws IllegalArgumentException if there are export rules or a profile for a volume that is
     *     not there
     * @throws ArrayException if two volumes have one name, or the data directory is in use, damaged
     *     or something else
     */
    public FacsimArray start() throws IOException {
      long capacityBytes = 0;
      for (VolumeSpec volume : volumes) {
        capacityBytes = saturatedSum(capacityBytes, volume.sizeBytes());
      }
      StorageArray storage = openStorage(Math.max(capacityBytes, VolumeSpec.MIN_SIZE_BYTES));
      boolean started = false;
      try {
        ExportTable exports = new ExportTable();
        volumes.forEach(volume -> provide(storage, volume));
        requireVolumesOfRules(storage);
        List<VolumeSpec> exported = new ArrayList<>();
        for (Volume volume : storage.volumes()) {
          exports.export(volume, rules(volume.name()));
          exported.add(new VolumeSpec(volume.name(), volume.sizeBytes()));
        }
        LockTable lockTable = new LockTable();
        storage.addListener((gone, returned) -> follow(exports, lockTable, gone, returned));
        CallStatistics statistics = new CallStatistics();
        Sideband sideband =
            new Sideband(
                storage, exports, lockTable, withHostList(sidebandOptions), clock, statistics);
        try {
          OffloadEngine offload = offload(storage);
          RpcServer server =
              openDoors(sideband, programs(storage, exports, sideband, offload), statistics);
          FacsimArray array =
              new FacsimArray(
                  storage, exports, lockTable, offload, server, sideband, List.copyOf(exported));
          started = true; // from here on closing the array closes the rest
          openHttp(array);
          return array;
        } finally {
          if (!started) {
            sideband.close();
          }
        }
      } catch (UncheckedIOException e) {
        throw e.getCause();
      } finally {
        if (!started) {
          storage.close();
        }
      }
    }

    /** Exports follow the volumes, and nobody keeps locks that nobody could give up. */
    private void follow(
        ExportTable exports, LockTable locks, Set<Volume> gone, Set<Volume> returned) {
      gone.forEach(exports::volumeGone);
      returned.forEach(volume -> exports.volumeReturned(volume, rules(volume.name())));
      locks.forgetGone();
    }

    private void requireVolumesOfRules(StorageArray storage) {
      for (String name : profiledVolumes) {
        if (storage.volume(name).isEmpty()) {
          throw new IllegalArgumentException(
              "VAAI profile for '" + name + "', which is no volume; allowed: " + names(storage));
        }
      }
      for (String name : exportRules.keySet()) {
        if (storage.volume(name).isEmpty()) {
          throw new IllegalArgumentException(
              "export rules for '" + name + "', which is no volume; allowed: " + names(storage));
        }
      }
    }

    private void openHttp(FacsimArray array) throws IOException {
      if (httpListen == null) {
        return;
      }
      VaaiOptions sessions = VaaiOptions.of(clock, new Random(seed ^ HTTP_SESSIONS)::nextLong);
      VaaiEndpoint vaai =
          new VaaiEndpoint(
              array.offload, new ExportedVolumes(array.exports), sessions, Dialect.HTTP);
      boolean open = false;
      try {
        array.http = HttpDoor.open(httpListen, new Management(array), vaai);
        open = true;
      } catch (IOException e) {
        throw new SidebandException(
            "cannot listen on "
                + hostAndPort(httpListen)
                + " for HTTP: "
                + e.getMessage()
                + "; choose another port with --http-port, 0 picks a free one",
            e);
      } finally {
        if (!open) {
          array.close();
        }
      }
    }

    private List<ExportRule> rules(String volumeName) {
      return exportRules.getOrDefault(volumeName, FOR_EVERYONE);
    }

    private RpcServer openDoors(
        Sideband sideband, List<RpcProgram> programs, CallStatistics statistics)
        throws IOException {
      RpcServer server =
          RpcServer.start(
              RpcServerOptions.listeningOn(new InetSocketAddress(listen, nfsPort))
                  .withIdleTimeout(idleTimeout)
                  .withStatistics(statistics),
              programs);
      boolean open = false;
      try {
        sideband.open(server.address(), nfsPort == 0, programs);
        open = true;
        return server;
      } finally {
        if (!open) {
          server.close();
        }
      }
    }

    private static String names(StorageArray storage) {
      return storage.volumes().stream().map(Volume::name).collect(Collectors.joining(", "));
    }

    private SidebandOptions withHostList(SidebandOptions given) {
      return dataDirectory == null
          ? given
          : given.withLocks(given.locks().withHostList(dataDirectory.resolve(HOST_LIST)));
    }

    private StorageArray openStorage(long capacityBytes) {
      if (dataDirectory == null) {
        return StorageArray.ephemeral(new ArrayOptions(capacityBytes, clock, seed));
      }
      // volumes that are there already add their sizes: the volumes alone are the limit
      return StorageArray.open(new ArrayOptions(Long.MAX_VALUE, clock, seed), dataDirectory);
    }

    private void provide(StorageArray storage, VolumeSpec wanted) {
      Optional<Volume> there =
          dataDirectory == null ? Optional.empty() : storage.volume(wanted.name());
      if (there.isEmpty()) {
        storage.createVolume(wanted.name(), wanted.sizeBytes());
      } else if (there.get().sizeBytes() != wanted.sizeBytes()) {
        storage.resizeVolume(there.get(), wanted.sizeBytes());
      }
    }

    private static long saturatedSum(long a, long b) {
      return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    /** All on one port; VAAI judges clients by the very export table that NFS uses. */
    private List<RpcProgram> programs(
        StorageArray storage, ExportTable exports, Sideband sideband, OffloadEngine offload) {
      VaaiOptions vaai = VaaiOptions.of(clock, new Random(seed)::nextLong);
      ExportedVolumes exported = new ExportedVolumes(exports);
      List<RpcProgram> programs = new ArrayList<>(sideband.programs());
      OpenSdsCommands openSds = new OpenSdsCommands(storage, exported, offload, openSdsFlags);
      programs.add(nfs3(new OpenSdsProgram(new Nfs3Program(storage, exports), openSds)));
      programs.add(new VaaiProgram(new VaaiEndpoint(offload, exported, vaai)));
      return programs;
    }

    /** The cache covers the procedure that stands before those of NFS, too. */
    private static RpcProgram nfs3(OpenSdsProgram program) {
      Set<Integer> remembered = new HashSet<>(Nfs3Program.NOT_IDEMPOTENT);
      remembered.add(OpenSds.PROCEDURE);
      return new DuplicateRequestCache(program, remembered, DuplicateRequestCache.DEFAULT_BYTES);
    }

    private OffloadEngine offload(StorageArray storage) {
      OffloadOptions options = OffloadOptions.of(clock, cloneJobListener);
      return new OffloadEngine(
          storage, profiles, jobScheduler == null ? options : options.withScheduler(jobScheduler));
    }
  }
}
