/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;
import org.facsim.array.ArrayListener;
import org.facsim.array.ArrayOptions;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.array.engine.ArrayPower;
import org.facsim.array.engine.DirectMemoryReserve;
import org.facsim.nfs.nlm.LockManager;
import org.facsim.nfs.retransmission.DuplicateRequestCache;
import org.facsim.nfs.v3.Nfs3Program;
import org.facsim.nfs.v4.Nfs4Parts;
import org.facsim.nfs.v4.Nfs4Program;
import org.facsim.nfs.v4.UnrepeatableCompounds;
import org.facsim.nfs.v4.state.Nfs4State;
import org.facsim.protocol.opensds.OpenSds;
import org.facsim.protocol.rpc.CallStatistics;
import org.facsim.protocol.rpc.ProcedureRouter;
import org.facsim.protocol.rpc.RpcEventLoops;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.facsim.protocol.rpc.RpcTransport;
import org.facsim.services.access.Grants;
import org.facsim.services.calls.Calls;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.control.ArrayStart;
import org.facsim.services.control.ManagementDoor;
import org.facsim.services.control.VolumeSpec;
import org.facsim.services.explain.Explanations;
import org.facsim.services.explain.FileTransfers;
import org.facsim.services.faults.FaultRules;
import org.facsim.services.journal.Journal;
import org.facsim.services.offload.Dialect;
import org.facsim.services.offload.OffloadEngine;
import org.facsim.services.offload.OffloadOptions;
import org.facsim.services.offload.session.HostSessions;
import org.facsim.services.offload.session.SessionCalls;
import org.facsim.services.offload.session.SessionOptions;
import org.facsim.services.state.Delegations;
import org.facsim.services.state.Holdings;
import org.facsim.vaai.RecordedLatency;
import org.facsim.vaai.VaaiProgram;
import org.facsim.vaai.opensds.OpenSdsCommands;
import org.facsim.vaai.opensds.OpenSdsProgram;

/**
 * Wires one array: opens the store, lets {@link ArrayStart} put it in order, then opens the doors
 * in the order in which they need each other. If a step fails, everything that was opened before is
 * closed again.
 */
final class ArrayAssembly {
  /** The file of the data directory that lists the NLM hosts whose locks a restart loses. */
  /** In the data directory: which clients of NFSv4 may reclaim what they hold. */
  private static final String NFS4_CLIENTS = "nfs4-clients";

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private static final String HOST_LIST = "locking-hosts";

  /** Makes the session ids of the HTTP door differ from those of the RPC program. */
  private static final long HTTP_SESSIONS = 0x4854_5450L;

  private final ArrayBuilder given;
  private final CallStatistics statistics = new CallStatistics();

  /** How often a data directory was opened. */
  private int openings;

  /** The one chain that the calls of all doors pass: here it is put together. */
  private final Calls calls = new Calls(StatusTable.ofAllDoors());

  private final RpcTap tap = new RpcTap(calls);

  /** Of all runs: who asks why a clone was lost asks after the takeover that it was lost in. */
  private final Explanations explanations;

  /** The last link of the chain. */
  private final Journal journal;

  private final DoorSecurity security;
  private final FaultedArray faulted;
  private final FaultRules faults;

  ArrayAssembly(ArrayBuilder given) {
    this.given = given;
    security = new DoorSecurity(given);
    given.interceptors.forEach(calls::install);
    explanations = new Explanations(given.clock);
    faulted = new FaultedArray(given.clock, calls);
    faults = new FaultRules(faulted, calls, given.faultSeed);
    journal =
        new Journal(
            calls,
            given.clock,
            System::nanoTime,
            new WireNames(),
            new JournalMemory(),
            faulted::volumeNames);
  }

  /** See {@link ArrayBuilder#start}. */
  FacsimArray start() throws IOException {
    Opened opened = openStorage();
    boolean started = false;
    try {
      journal.resize(given.journalEntries); // before the first call
      ArrayStart begun =
          new ArrayStart(
              opened.storage(),
              new ArrayStart.Options(given.volumes, given.exportRules, given.profiles),
              given.dataDirectory != null,
              given.clock);
      ArrayPorts ports = new ArrayPorts(given.nfsPort, 0, given.sidebandOptions.portmapPort());
      ArrayRun run =
          openDoors(new ArrayRun.Stored(opened.storage(), opened.power(), begun), ports, null);
      ArrayLife life = new ArrayLife(this, run, given);
      faulted.suffers(life);
      FacsimArray array = new FacsimArray(calls, life);
      started = true; // from here on closing the array closes the rest
      openManagement(array);
      return array;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      if (!started) {
        Closing.inOrder(journal::close, opened.storage()::close);
      }
    }
  }

  // ---------------------------------------------------------------- another run

  /**
   * Opens a durable array again that was closed or lost its power.
   *
   * @throws org.facsim.array.ArrayException as at a start
   */
  ArrayRun.Stored reopen(ArrayRun.Stored before) {
    Opened opened = openStorage();
    boolean done = false;
    try {
      ArrayRun.Stored stored =
          new ArrayRun.Stored(
              opened.storage(), opened.power(), before.begun().again(opened.storage()));
      done = true;
      return stored;
    } finally {
      if (!done) {
        opened.storage().close();
      }
    }
  }

  /** The array goes away: fault rules do not see it until its doors are open again. */
  void hide() {
    faulted.shows(null, null);
    faults.forgetFiles();
  }

  /** Forgets what protected calls. */
  void closeSecurity() {
    security.close();
  }

  /** Where the doors listen. */
  InetAddress listen() {
    return given.listen;
  }

  // ---------------------------------------------------------------- the store

  private record Opened(StorageArray storage, Optional<ArrayPower> power) {}

  private Opened openStorage() {
    Path directory = given.dataDirectory;
    if (directory != null) {
      ArrayPower power = new ArrayPower(given.seed() + openings++);
      // existing volumes add their sizes: the volumes alone are the limit
      ArrayOptions options = new ArrayOptions(Long.MAX_VALUE, given.storageClock(), given.seed());
      StorageArray storage = ArrayEngine.open(options, directory, power);
      if (given.storageClock() instanceof SteppedClock stepped) {
        stepped.advance(Duration.ofDays(storage.starts())); // beyond what earlier starts stamped
      }
      return new Opened(storage, Optional.of(power));
    }
    long capacityBytes = 0;
    for (VolumeSpec volume : given.volumes) {
      capacityBytes = saturatedSum(capacityBytes, volume.sizeBytes());
    }
    ArrayOptions options =
        new ArrayOptions(
            Math.max(capacityBytes, VolumeSpec.MIN_SIZE_BYTES), given.storageClock(), given.seed());
    return new Opened(ArrayEngine.ephemeral(options), Optional.empty());
  }

  private static long saturatedSum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  // ---------------------------------------------------------------- doors

  /**
   * Opens the doors. If one cannot be opened, closes the others and ends the offload's thread.
   *
   * @param earlier what the run before leaves of its clients; null for the first run
   */
  ArrayRun openDoors(ArrayRun.Stored stored, ArrayPorts ports, ArrayRun.Left earlier)
      throws IOException {
    StorageArray storage = stored.storage();
    ArrayStart begun = stored.begun();
    begun.exports().offer(security.offered());
    Grants grants = new Grants(storage, begun.exports());
    RpcEventLoops loops = RpcEventLoops.start(RpcTransport.AUTOMATIC, 1, "sideband");
    Holdings holdings = new Holdings((delay, task) -> loops.schedule(task, delay));
    holdings.delegations().addDoor(loops::whenPassed);
    Sideband sideband =
        sideband(begun, grants, holdings, loops, ports, earlier == null ? null : earlier.locks());
    OffloadEngine offload = null;
    Nfs4State nfs4 = null;
    boolean open = false;
    try {
      nfs4 =
          Nfs4Assembly.state(
              storage,
              holdings,
              sideband.locks().sharedGrace(),
              loops,
              leaseClock(),
              nfs4Clients(),
              earlier == null ? null : earlier.nfs4());
      offload = offload(storage, begun, holdings.delegations());
      begun.follow(offload.explanations());
      offload.cloneFaults(faults.cloneFaults());
      begun.follower().addMemory(sideband.locks()::forgetCalls);
      begun.follower().addMemory(nfs4::forgetCalls);
      begun.follower().addFollower((gone, returned) -> forgetLocks(sideband, gone));
      begun.follower().addFollower(restoredJobs(offload));
      storage.addListener(holdings);
      RpcServer server =
          serve(
              sideband, ports, programs(storage, begun, grants, holdings, sideband, offload, nfs4));
      holdings.delegations().addDoor(server::whenPassed);
      ArrayControl control =
          begun.control(
              offload,
              holdings,
              sideband.locks(),
              nfs4.leasedClients(),
              () -> StatisticsReader.figures(server.statistics()),
              journal,
              faults,
              new OpenNfsDoor(server.address(), storage, given.dataDirectory != null));
      SessionCalls http =
          given.management == null ? null : sessions(storage, begun, grants, offload, Dialect.HTTP);
      faulted.shows(storage, begun.exports());
      open = true;
      return new ArrayRun(stored, holdings, nfs4, offload, server, sideband, http, control);
    } finally {
      if (!open) {
        storage.removeListener(holdings);
        begun.follower().forgetDoors();
        OffloadEngine made = offload;
        Nfs4State begunState = nfs4;
        Closing.inOrder(
            () -> {
              if (begunState != null) {
                begunState.close();
              }
            },
            sideband::close,
            () -> {
              if (made != null) {
                made.close();
              }
            });
      }
    }
  }

  /** Starts the lock manager. If it cannot be started, ends the thread that it would have used. */
  private Sideband sideband(
      ArrayStart begun,
      Grants grants,
      Holdings holdings,
      RpcEventLoops loops,
      ArrayPorts ports,
      LockManager.Earlier earlier) {
    boolean started = false;
    try {
      Sideband sideband =
          new Sideband(
              begun.exports(),
              grants,
              holdings,
              loops,
              sidebandOptions().withPortmapPort(ports.portmap()),
              given.clock,
              statistics,
              tap,
              earlier);
      started = true;
      return sideband;
    } finally {
      if (!started) {
        loops.close();
      }
    }
  }

  private static ArrayListener restoredJobs(OffloadEngine offload) {
    return (gone, returned) -> {
      offload.restored();
      offload.volumesGone(gone);
    };
  }

  private SidebandOptions sidebandOptions() {
    SidebandOptions options = given.sidebandOptions;
    return given.dataDirectory == null
        ? options
        : options.withLocks(options.locks().withHostList(given.dataDirectory.resolve(HOST_LIST)));
  }

  private OffloadEngine offload(StorageArray storage, ArrayStart begun, Delegations delegations) {
    OffloadOptions options =
        OffloadOptions.of(
            given.clock, begun.jobListener(given.cloneJobListener), RecordedLatency::new);
    return new OffloadEngine(
        storage,
        begun.profiles(),
        given.jobScheduler == null
            ? options
            : options.withScheduler(new SchedulerOfRun(given.jobScheduler)),
        storage,
        delegations,
        explanations);
  }

  /** What was granted on a volume that is deleted must not be granted again from memory. */
  private static void forgetLocks(Sideband sideband, Set<Volume> gone) {
    if (!gone.isEmpty()) {
      sideband.locks().forgetCalls();
    }
  }

  /** The programs on the NFS port. VAAI judges clients by the same export table as NFS. */
  private List<RpcProgram> programs(
      StorageArray storage,
      ArrayStart begun,
      Grants grants,
      Holdings holdings,
      Sideband sideband,
      OffloadEngine offload,
      Nfs4State nfs4) {
    List<RpcProgram> programs = new ArrayList<>(sideband.programs());
    OpenSdsCommands openSds = new OpenSdsCommands(grants, offload, given.openSdsFlags);
    begun.follower().addMemory(openSds::forgetClones);
    FileTransfers transfers = offload.explanations().transfers();
    begun.follower().addMemory(transfers::forgetAll);
    Nfs3Program nfs = new Nfs3Program(storage, grants, holdings.delegations(), transfers);
    OpenSdsProgram procedure = new OpenSdsProgram(openSds);
    VaaiProgram vaai = new VaaiProgram(sessions(storage, begun, grants, offload, Dialect.VAAI_NAS));
    programs.add(nfs3(storage, begun, nfs, procedure));
    Nfs4Parts parts =
        new Nfs4Parts(
            storage,
            begun.exports(),
            grants,
            holdings.delegations(),
            transfers,
            offload,
            calls,
            nanosOf(given.storageClock().instant()));
    programs.add(nfs4(storage, begun, Nfs4Assembly.program(parts, nfs4)));
    programs.add(vaai);
    tap.tells(new KeptClones(vaai, procedure));
    return programs;
  }

  /** Puts a duplicate request cache in front of NFSv4, for the minor version without sessions. */
  private static RpcProgram nfs4(StorageArray storage, ArrayStart begun, Nfs4Program program) {
    DuplicateRequestCache cache =
        new DuplicateRequestCache(
            program, UnrepeatableCompounds::contains, DuplicateRequestCache.DEFAULT_BYTES);
    begun.follower().addMemory(() -> cache.forgetAll(storage.restoreCount()));
    begun.follower().addFollower((gone, returned) -> cache.forgetAll());
    return cache;
  }

  private Path nfs4Clients() {
    return given.dataDirectory == null ? null : given.dataDirectory.resolve(NFS4_CLIENTS);
  }

  /** The machine's steps of the time of day must not end leases; a clock of the caller's may. */
  private LongSupplier leaseClock() {
    return given.hasClock() ? () -> nanosOf(given.clock.instant()) : System::nanoTime;
  }

  private static long nanosOf(Instant instant) {
    return instant.getEpochSecond() * NANOS_PER_SECOND + instant.getNano();
  }

  /**
   * Makes the sessions of one dialect. Their ids differ in each run of a durable array, whatever
   * the seed, so that a host that did not notice a restart is not mistaken for another host.
   */
  private HostSessions sessions(
      StorageArray storage,
      ArrayStart begun,
      Grants grants,
      OffloadEngine offload,
      Dialect dialect) {
    long seed = given.seed() ^ storage.starts() << Integer.SIZE;
    Random ids = new Random(dialect == Dialect.HTTP ? seed ^ HTTP_SESSIONS : seed);
    HostSessions sessions =
        new HostSessions(offload, grants, SessionOptions.of(given.clock, ids::nextLong), dialect);
    begun.follower().addMemory(sessions::forgetRequests);
    begun.follower().addFollower((gone, returned) -> sessions.volumesGone(gone));
    return sessions;
  }

  /**
   * Makes the NFSv3 program with the OpenSDS procedure beside its own ones. Calls that must not run
   * twice pass one cache, whichever of the two serves them; all others go directly to NFS.
   */
  private RpcProgram nfs3(
      StorageArray storage, ArrayStart begun, Nfs3Program nfs, OpenSdsProgram openSds) {
    Set<Integer> remembered = new HashSet<>(Nfs3Program.NOT_IDEMPOTENT);
    remembered.add(OpenSds.PROCEDURE);
    RpcProgram both = ProcedureRouter.to(nfs).with(Set.of(OpenSds.PROCEDURE), openSds);
    DuplicateRequestCache cache =
        new DuplicateRequestCache(both, remembered, DuplicateRequestCache.DEFAULT_BYTES);
    begun.follower().addMemory(() -> cache.forgetAll(storage.restoreCount()));
    return ProcedureRouter.to(nfs)
        .with(remembered, new ExportedCalls(cache, both, begun.exports()));
  }

  private RpcServer serve(Sideband sideband, ArrayPorts ports, List<RpcProgram> programs)
      throws IOException {
    RpcServer server =
        RpcServer.start(
            security.protect(
                RpcServerOptions.listeningOn(new InetSocketAddress(given.listen, ports.nfs()))
                    .withIdleTimeout(given.idleTimeout)
                    .withMaxMemoryBytes(DirectMemoryReserve.bytes() / 2)
                    .withMaxConnections(Descriptors.forNfs())
                    .withStatistics(statistics)
                    .withTap(tap)),
            programs);
    boolean open = false;
    try {
      int udpPort = ports.udp() == 0 ? server.address().getPort() : ports.udp();
      sideband.open(server.address(), udpPort, ports.nfs() == 0, programs);
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
    boolean open = false;
    try {
      array.openedManagement(management.open(array.control(), array.httpSessions(), calls));
      open = true;
    } finally {
      if (!open) {
        array.close();
      }
    }
  }
}
