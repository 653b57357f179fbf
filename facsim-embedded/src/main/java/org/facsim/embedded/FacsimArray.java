/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.facsim.array.StorageArray;
import org.facsim.array.engine.ArrayPower;
import org.facsim.nfs.nlm.LockManager;
import org.facsim.protocol.rpc.CallStatistics;
import org.facsim.services.access.ExportTable;
import org.facsim.services.calls.Calls;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.control.ListeningAddress;
import org.facsim.services.control.ManagementDoor;
import org.facsim.services.control.StateControl;
import org.facsim.services.control.VolumeSpec;
import org.facsim.services.explain.Explanation;
import org.facsim.services.faults.ArrayFaults;
import org.facsim.services.faults.FaultRules;
import org.facsim.services.journal.Journal;
import org.facsim.services.offload.OffloadEngine;
import org.facsim.services.offload.session.SessionCalls;
import org.facsim.services.state.LockTable;

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
 * <p>The doors answer when {@link ArrayBuilder#start} returns. Thread-safe.
 */
public final class FacsimArray implements AutoCloseable {
  /** The port on which NFS listens by default. */
  public static final int DEFAULT_NFS_PORT = 2049;

  /** The name of the state to which {@link #reset} returns. */
  public static final String START_STATE = "facsim-start";

  private final Calls calls;
  private final ArrayLife life;

  /** Null if there is none. */
  private ManagementDoor.Opened management;

  private final ArrayFiles files = new ArrayFiles(this::storage);

  private final AtomicBoolean isClosed = new AtomicBoolean();

  FacsimArray(Calls calls, ArrayLife life) {
    this.calls = calls;
    this.life = life;
  }

  /** Notes that the management door is open; it is closed with the array. */
  void openedManagement(ManagementDoor.Opened door) {
    management = door;
  }

  public static ArrayBuilder builder() {
    return new ArrayBuilder();
  }

  /** The address at which NFS, MOUNT and VAAI answer. */
  public InetSocketAddress nfsAddress() {
    return life.run().server().address();
  }

  /**
   * The address at which MOUNT answers over UDP. Its port is the NFS port, unless port 0 was
   * requested and the free TCP port was taken for UDP.
   */
  public InetSocketAddress udpAddress() {
    return life.run().sideband().udpAddress();
  }

  /** The locks of all doors. */
  public LockTable lockTable() {
    return life.run().holdings().locks();
  }

  /**
   * The locks of NFSv3 clients: the grace period, the NLM hosts that lock, and how an administrator
   * frees their locks.
   */
  public LockManager lockManager() {
    return life.run().sideband().locks();
  }

  /**
   * The address at which portmap and rpcbind answer, over TCP and UDP; empty if the array has no
   * port mapper of its own.
   */
  public Optional<InetSocketAddress> portmapAddress() {
    return life.run().sideband().portmapAddress();
  }

  /**
   * The volumes that the array has now, in the order of their making; each path is {@code /name}.
   */
  public List<VolumeSpec> volumes() {
    return storage().volumes().stream()
        .map(volume -> new VolumeSpec(volume.name(), volume.sizeBytes()))
        .toList();
  }

  /**
   * The array as an administrator sees it: makes, resizes and deletes volumes, changes exports and
   * profiles, and tells what changed.
   */
  public ArrayControl control() {
    return life.control();
  }

  /**
   * The array behind the doors: its ledger, and what an administrator does in the array console.
   */
  public StorageArray storage() {
    return life.run().stored().storage();
  }

  /**
   * The export rules of each volume. A change applies from the next call on. A volume that {@link
   * #control} makes is exported at once; one that {@link #storage} makes is exported by an entry
   * here. A deleted volume is no longer exported. Changes are stored in the data directory, and are
   * part of named states.
   */
  public ExportTable exports() {
    return life.run().stored().begun().exports();
  }

  /** The chain that every call of every door passes; links may come and go while calls run. */
  public Calls calls() {
    return calls;
  }

  /** Faults on demand: rules that say which calls are to meet which fault. */
  public FaultRules faults() {
    return life.control().faults();
  }

  /**
   * The latest calls of all doors, to be asked, verified and exported; see {@link
   * ArrayBuilder#journal}. It can still be read when the array is closed.
   */
  public Journal journal() {
    return life.control().journal();
  }

  /** The files by their paths, for data that is there before a test begins. */
  public ArrayFiles files() {
    return files;
  }

  /**
   * Whether the array cloned a file, and if not, why not.
   *
   * @param path {@code /volume/directory/file}
   * @return empty if the array knows neither the file nor a clone of that name
   */
  public Optional<Explanation> why(String path) {
    return control().explanations().ofPath(path);
  }

  /**
   * Keeps what is there now as what {@link #reset} returns to: volumes, files, exports and
   * profiles. It takes as long as saving a named state, and is one, called {@value #START_STATE}.
   * If it is refused, what was kept before is still there.
   *
   * @throws org.facsim.array.ArrayException as {@link StateControl#saveOver}
   */
  public void keepAsStart() {
    control().states().saveOver(START_STATE);
  }

  /**
   * Makes the array what it was at {@link #keepAsStart}, for the next test: volumes, files, exports
   * and profiles return, clone jobs end, locks are freed, fault rules and planned power failures
   * are taken away, and the journal begins anew. Addresses and connections stay. Clients notice a
   * new write verifier, and stale handles of what was made since.
   *
   * @throws IllegalStateException if nothing was kept, or the array is away
   * @throws org.facsim.array.ArrayException as {@link StateControl#restore}
   */
  public void reset() {
    if (life.isAway()) {
      throw new IllegalStateException("the array is away: it cannot be reset until it is back");
    }
    if (storage().states().stream().noneMatch(state -> state.name().equals(START_STATE))) {
      throw new IllegalStateException("nothing to return to: call keepAsStart first");
    }
    faults().clear();
    life.cancelPowerFailures();
    control().locks().releaseAll();
    control().states().restore(START_STATE);
    journal().clear();
  }

  /** The counts of every client's calls so far, over TCP and UDP, by program and procedure. */
  public CallStatistics statistics() {
    return life.run().server().statistics();
  }

  /**
   * The engine for hosts that offload: its jobs and statistics, and the profiles of the volumes.
   * Profiles may be changed while the array runs; changes are stored in the data directory, and are
   * part of named states.
   */
  public OffloadEngine offload() {
    return life.run().offload();
  }

  /** The address at which the management answers; empty if there is no {@link ManagementDoor}. */
  public Optional<InetSocketAddress> managementAddress() {
    return Optional.ofNullable(management).map(ManagementDoor.Opened::address);
  }

  /**
   * Stops the array in order and starts it again in place, with the same addresses and handles.
   * Connections end, clone jobs and locks are lost, hosts that locked are notified and reclaim in
   * the grace period, the write verifier is a new one. A durable array is closed and opened again;
   * one in memory keeps its contents, as with a battery. The management door stays and answers 503
   * meanwhile. What {@link #storage}, {@link #exports}, {@link #offload}, {@link #lockTable} and
   * {@link #lockManager} gave before belongs to the run before: ask again.
   *
   * @throws IllegalStateException if the array is away or closed
   * @throws IOException if an address is taken; then the array stays away
   * @throws org.facsim.array.ArrayException if it cannot be closed or opened; likewise
   */
  public void restart() throws IOException {
    life.restart();
  }

  /**
   * What a fault can do to the array as a whole: takeovers and power failures. What is said of
   * {@link #restart} applies to them, too.
   */
  public ArrayFaults arrayFaults() {
    return life;
  }

  /** Lets the power fail at the nth commit group from now on; for {@link PowerFailures}. */
  void failPowerAtGroup(long group, ArrayPower.Moment moment) {
    life.failPowerAtGroup(group, moment);
  }

  /** The sessions of the management door. */
  SessionCalls httpSessions() {
    return life.httpSessions();
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
      Closing.inOrder(this::closeManagement, faults()::close, life::close, journal()::seal);
    }
  }

  private void closeManagement() {
    if (management != null) {
      management.close();
    }
  }
}
