/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.facsim.array.ArrayListener;
import org.facsim.array.ArrayOptions;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.array.engine.DirectMemoryReserve;
import org.facsim.nfs.v3.Nfs3Program;
import org.facsim.protocol.opensds.OpenSds;
import org.facsim.protocol.rpc.CallStatistics;
import org.facsim.protocol.rpc.CallTap;
import org.facsim.protocol.rpc.DuplicateRequestCache;
import org.facsim.protocol.rpc.ProcedureRouter;
import org.facsim.protocol.rpc.RpcEventLoops;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.facsim.protocol.rpc.RpcTransport;
import org.facsim.services.access.ExportOptions;
import org.facsim.services.access.ExportRule;
import org.facsim.services.access.ExportTable;
import org.facsim.services.access.Grants;
import org.facsim.services.calls.Calls;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.Dialect;
import org.facsim.services.offload.OffloadEngine;
import org.facsim.services.offload.OffloadOptions;
import org.facsim.services.offload.session.HostSessions;
import org.facsim.services.offload.session.SessionOptions;
import org.facsim.services.state.Delegations;
import org.facsim.services.state.Holdings;
import org.facsim.vaai.RecordedLatency;
import org.facsim.vaai.VaaiProgram;
import org.facsim.vaai.opensds.OpenSdsCommands;
import org.facsim.vaai.opensds.OpenSdsProgram;

/**
 * Wires one array: opens the store, provides its volumes, then opens the doors in the order in
 * which they need each other. If a step fails, everything that was opened before is closed again.
 */
final class ArrayAssembly {
  /** The file of the data directory that lists the NLM hosts whose locks a restart loses. */
  private static final String HOST_LIST = "locking-hosts";

  /** Makes the session ids of the HTTP door differ from those of the RPC program. */
  private static final long HTTP_SESSIONS = 0x4854_5450L;

  private static final List<ExportRule> FOR_EVERYONE =
      List.of(ExportRule.forEveryone(ExportOptions.DEFAULT));

  private final FacsimArray.Builder given;
  private final ExportTable exports = new ExportTable();
  private final CallStatistics statistics = new CallStatistics();

  /** The one chain that the calls of all doors pass: here it is put together. */
  private final Calls calls = new Calls();

  private final CallTap tap = new RpcTap(calls);
  private final ArrayFollower follower = new ArrayFollower();

  ArrayAssembly(FacsimArray.Builder given) {
    this.given = given;
    given.interceptors.forEach(calls::install);
  }

  /** See {@link FacsimArray.Builder#start}. */
  FacsimArray start() throws IOException {
    StorageArray storage = openStorage();
    boolean started = false;
    try {
      given.volumes.forEach(volume -> provide(storage, volume));
      requireVolumesOfRules(storage);
      List<VolumeSpec> exported = new ArrayList<>();
      for (Volume volume : storage.volumes()) {
        exported.add(new VolumeSpec(volume.name(), volume.sizeBytes()));
      }
      StoredSettings settings = settings(storage);
      settings.begin();
      follower.addFollower((gone, returned) -> settings.follow(gone));
      storage.addListener(follower);
      FacsimArray array = openDoors(storage, List.copyOf(exported));
      started = true; // from here on closing the array closes the rest
      openManagement(array);
      return array;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      if (!started) {
        storage.close();
      }
    }
  }

  // ---------------------------------------------------------------- the store

  private StorageArray openStorage() {
    Path directory = given.dataDirectory;
    if (directory != null) {
      // existing volumes add their sizes: the volumes alone are the limit
      return ArrayEngine.open(new ArrayOptions(Long.MAX_VALUE, given.clock, given.seed), directory);
    }
    long capacityBytes = 0;
    for (VolumeSpec volume : given.volumes) {
      capacityBytes = saturatedSum(capacityBytes, volume.sizeBytes());
    }
    return ArrayEngine.ephemeral(
        new ArrayOptions(
            Math.max(capacityBytes, VolumeSpec.MIN_SIZE_BYTES), given.clock, given.seed));
  }

  private static long saturatedSum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  private void provide(StorageArray storage, VolumeSpec wanted) {
    Optional<Volume> there =
        given.dataDirectory == null ? Optional.empty() : storage.volume(wanted.name());
    if (there.isEmpty()) {
      storage.createVolume(wanted.name(), wanted.sizeBytes());
    } else if (there.get().sizeBytes() != wanted.sizeBytes()) {
      storage.resizeVolume(there.get(), wanted.sizeBytes());
    }
  }

  // ---------------------------------------------------------------- volumes and their settings

  private void requireVolumesOfRules(StorageArray storage) {
    requireVolumes(storage, "VAAI profile", given.profiledVolumes);
    requireVolumes(storage, "export rules", given.exportRules.keySet());
  }

  private static void requireVolumes(StorageArray storage, String what, Set<String> names) {
    for (String name : names) {
      if (storage.volume(name).isEmpty()) {
        throw new UnknownVolumeException(
            what,
            name,
            storage.volumes().stream().map(Volume::name).collect(Collectors.joining(", ")));
      }
    }
  }

  private StoredSettings settings(StorageArray storage) {
    Map<String, ArrayProfile> profiles =
        given.profiledVolumes.stream().collect(Collectors.toMap(name -> name, given.profiles::of));
    return new StoredSettings(
        storage, exports, given.profiles, given.exportRules, profiles, FOR_EVERYONE);
  }

  // ---------------------------------------------------------------- doors

  /** Opens the doors. If one cannot be opened, closes the others and ends the offload's thread. */
  private FacsimArray openDoors(StorageArray storage, List<VolumeSpec> exported)
      throws IOException {
    Grants grants = new Grants(storage, exports);
    RpcEventLoops loops = RpcEventLoops.start(RpcTransport.AUTOMATIC, 1, "sideband");
    Holdings holdings = new Holdings((delay, task) -> loops.schedule(task, delay));
    holdings.delegations().addDoor(loops::whenPassed);
    Sideband sideband =
        new Sideband(
            exports, grants, holdings, loops, sidebandOptions(), given.clock, statistics, tap);
    OffloadEngine offload = null;
    boolean open = false;
    try {
      offload = offload(storage, holdings.delegations());
      follower.addMemory(sideband.locks()::forgetCalls);
      follower.addFollower(restoredJobs(offload));
      RpcServer server = serve(sideband, programs(storage, grants, holdings, sideband, offload));
      holdings.delegations().addDoor(server::whenPassed);
      storage.addListener(holdings);
      open = true;
      return new FacsimArray(
          storage, exports, calls, holdings, offload, server, sideband, exported);
    } finally {
      if (!open) {
        OffloadEngine begun = offload;
        Closing.inOrder(
            sideband::close,
            () -> {
              if (begun != null) {
                begun.close();
              }
            });
      }
    }
  }

  private static ArrayListener restoredJobs(OffloadEngine offload) {
    return (gone, returned) -> offload.restored();
  }

  private SidebandOptions sidebandOptions() {
    SidebandOptions options = given.sidebandOptions;
    return given.dataDirectory == null
        ? options
        : options.withLocks(options.locks().withHostList(given.dataDirectory.resolve(HOST_LIST)));
  }

  private OffloadEngine offload(StorageArray storage, Delegations delegations) {
    OffloadOptions options =
        OffloadOptions.of(given.clock, given.cloneJobListener, RecordedLatency::new);
    return new OffloadEngine(
        storage,
        given.profiles,
        given.jobScheduler == null ? options : options.withScheduler(given.jobScheduler),
        storage,
        delegations);
  }

  /** The programs on the NFS port. VAAI judges clients by the same export table as NFS. */
  private List<RpcProgram> programs(
      StorageArray storage,
      Grants grants,
      Holdings holdings,
      Sideband sideband,
      OffloadEngine offload) {
    List<RpcProgram> programs = new ArrayList<>(sideband.programs());
    OpenSdsCommands openSds = new OpenSdsCommands(grants, offload, given.openSdsFlags);
    follower.addMemory(openSds::forgetClones);
    Nfs3Program nfs = new Nfs3Program(storage, grants, holdings.delegations());
    programs.add(nfs3(storage, nfs, new OpenSdsProgram(openSds)));
    programs.add(new VaaiProgram(sessions(storage, grants, offload, Dialect.VAAI_NAS)));
    return programs;
  }

  /**
   * Makes the sessions of one dialect. Their ids differ in each run of a durable array, whatever
   * the seed, so that a host that did not notice a restart is not mistaken for another host.
   */
  private HostSessions sessions(
      StorageArray storage, Grants grants, OffloadEngine offload, Dialect dialect) {
    long seed = given.seed ^ storage.starts() << Integer.SIZE;
    Random ids = new Random(dialect == Dialect.HTTP ? seed ^ HTTP_SESSIONS : seed);
    HostSessions sessions =
        new HostSessions(offload, grants, SessionOptions.of(given.clock, ids::nextLong), dialect);
    follower.addMemory(sessions::forgetRequests);
    return sessions;
  }

  /**
   * Makes the NFSv3 program with the OpenSDS procedure beside its own ones. Calls that must not run
   * twice pass one cache, whichever of the two serves them; all others go directly to NFS.
   */
  private RpcProgram nfs3(StorageArray storage, Nfs3Program nfs, OpenSdsProgram openSds) {
    Set<Integer> remembered = new HashSet<>(Nfs3Program.NOT_IDEMPOTENT);
    remembered.add(OpenSds.PROCEDURE);
    RpcProgram both = ProcedureRouter.to(nfs).with(Set.of(OpenSds.PROCEDURE), openSds);
    DuplicateRequestCache cache =
        new DuplicateRequestCache(both, remembered, DuplicateRequestCache.DEFAULT_BYTES);
    follower.addMemory(() -> cache.forgetAll(storage.restoreCount()));
    return ProcedureRouter.to(nfs).with(remembered, new ExportedCalls(cache, both, exports));
  }

  private RpcServer serve(Sideband sideband, List<RpcProgram> programs) throws IOException {
    RpcServer server =
        RpcServer.start(
            RpcServerOptions.listeningOn(new InetSocketAddress(given.listen, given.nfsPort))
                .withIdleTimeout(given.idleTimeout)
                .withMaxMemoryBytes(DirectMemoryReserve.bytes() / 2)
                .withMaxConnections(Descriptors.forNfs())
                .withStatistics(statistics)
                .withTap(tap),
            programs);
    boolean open = false;
    try {
      sideband.open(server.address(), given.nfsPort == 0, programs);
      open = true;
      return server;
    } finally {
      if (!open) {
        server.close();
      }
    }
  }

  private void openManagement(FacsimArray array) throws IOException {
    ManagementDoor management = given.management;
    if (management == null) {
      return;
    }
    HostSessions vaai =
        sessions(
            array.storage(), new Grants(array.storage(), exports), array.offload(), Dialect.HTTP);
    boolean open = false;
    try {
      array.openedManagement(management.open(array, vaai));
      open = true;
    } finally {
      if (!open) {
        array.close();
      }
    }
  }
}
