/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.facsim.nfs.FilelessProgram;
import org.facsim.nfs.retransmission.DuplicateRequestCache;
import org.facsim.protocol.nlm.Nlm;
import org.facsim.protocol.nlm.NlmClient;
import org.facsim.protocol.nlm.NlmReply;
import org.facsim.protocol.rpc.RpcEventLoops;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.services.access.Grants;
import org.facsim.services.control.HostLocks;
import org.facsim.services.state.Grace;
import org.facsim.services.state.Holdings;
import org.facsim.services.state.LockClient;
import org.facsim.services.state.LockTable;

/**
 * The locks of NFSv3 clients: NLM and NSM, wired.
 *
 * <p>A lock's life: LOCK is granted, denied or waits in the {@link LockTable}. A wait ends with
 * GRANTED ({@link GrantCalls}) or CANCEL. A lock ends with UNLOCK. All locks of a host end when the
 * host is gone, see {@link NlmHosts}, or when the array restarts and the host does not reclaim
 * them. A client that is only silent keeps its locks, because NLM has no leases; an administrator
 * can use {@link #release}.
 *
 * <p>A restart: an array in memory has lost locks and files, and notifies no host. A durable one
 * reads which hosts held locks ({@link HostList}) and notifies each of them ({@link
 * RebootNotices}). It begins its grace period, in which only these hosts may take locks, by
 * reclaiming them. If no host held a lock, there is no grace period. Hosts that were notified leave
 * the list when it is over, unless they have locked again.
 */
public final class LockManager implements HostLocks, AutoCloseable {
  private static final long REMEMBERED_BYTES = 256 << 10;

  /** How often is looked whether the grace period is over. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Holdings holdings;
  private final RpcEventLoops loops;
  private final HostList list;
  private final NlmHosts hosts;
  private final GracePeriod grace;
  private final GrantCalls grants;
  private final RemotePrograms remote;
  private final RebootNotices notices;
  private final DuplicateRequestCache remembered;
  private final List<RpcProgram> programs;

  // Guarded by this.
  private Map<NlmHost, InetAddress> reclaimers = Map.of();
  private final Set<NlmHost> told = new HashSet<>();

  private LockManager(
      Grants access,
      Holdings holdings,
      RpcEventLoops loops,
      LockManagerOptions options,
      HostList list) {
    this.holdings = Objects.requireNonNull(holdings);
    this.loops = loops;
    this.list = list;
    hosts = new NlmHosts(holdings, list);
    grace = new GracePeriod(new Grace(options.grace(), options.nanoClock()));
    remote = new RemotePrograms(loops, options.portmapPort());
    grants =
        new GrantCalls(holdings.locks(), remote, loops, options.nanoClock(), options.firstPause());
    notices = new RebootNotices(remote, loops, options.firstPause(), options.serverName());
    remembered =
        new DuplicateRequestCache(
            new NlmProgram(access, this), NlmProgram.NOT_IDEMPOTENT, REMEMBERED_BYTES);
    programs = List.of(remembered, new FilelessProgram(new StatusMonitor(this, remote)));
  }

  /**
   * Starts the lock manager of an array. After a restart of a durable array it begins with the
   * grace period.
   *
   * @param access decides which files a client may lock
   * @param holdings holds the locks, shared with the other doors
   * @param loops the threads that call clients; the caller still owns them
   */
  public static LockManager start(
      Grants access, Holdings holdings, RpcEventLoops loops, LockManagerOptions options) {
    HostList list =
        options.hostList() == null
            ? HostList.inMemory()
            : HostList.open(options.hostList(), InstantSource.system());
    LockManager manager = new LockManager(access, holdings, loops, options, list);
    manager.recover();
    return manager;
  }

  /**
   * Starts the lock manager of an array that goes on with the contents that it had, on another
   * controller or after a restart in place. It begins with the grace period.
   *
   * @param earlier what the lock manager before it knew; an array with a list of hosts reads that
   *     instead
   */
  public static LockManager startAgain(
      Grants access,
      Holdings holdings,
      RpcEventLoops loops,
      LockManagerOptions options,
      Earlier earlier) {
    if (options.hostList() != null) {
      return start(access, holdings, loops, options);
    }
    HostList list = HostList.inMemory(earlier.state + 2);
    LockManager manager = new LockManager(access, holdings, loops, options, list);
    manager.recover(earlier.hosts);
    return manager;
  }

  /** What a lock manager leaves to the next one: which hosts lock, and its own state number. */
  public static final class Earlier {
    private final int state;
    private final Map<NlmHost, InetAddress> hosts;

    private Earlier(int state, Map<NlmHost, InetAddress> hosts) {
      this.state = state;
      this.hosts = hosts;
    }
  }

  /** For the lock manager that comes after this one. */
  public Earlier leave() {
    return new Earlier(list.state(), entitled());
  }

  /**
   * The hosts that hold locks, and those that may still reclaim what they held before, with the
   * local address that each called; null if that is unknown.
   */
  private synchronized Map<NlmHost, InetAddress> entitled() {
    Map<NlmHost, InetAddress> entitled = new HashMap<>();
    if (grace.isRunning()) {
      entitled.putAll(reclaimers);
    }
    entitled.putAll(hosts.servers());
    return entitled;
  }

  private void recover() {
    Map<NlmHost, InetAddress> earlier = new HashMap<>();
    list.hosts().forEach(host -> earlier.put(host, list.server(host)));
    recover(earlier);
  }

  /** Begins the grace period, and notifies the hosts that may reclaim; does nothing without any. */
  private void recover(Map<NlmHost, InetAddress> earlier) {
    if (earlier.isEmpty()) {
      return;
    }
    synchronized (this) {
      reclaimers = earlier;
      grace.begin(earlier.keySet());
    }
    int state = list.state();
    earlier.forEach((host, server) -> notices.send(host, server, state, this::told));
    awaitEndOfGrace();
  }

  /**
   * A host was notified. It stays on the list until the grace period is over: if the array restarts
   * before that, the host must be notified again, because it may not have reclaimed anything yet.
   */
  private void told(NlmHost host) {
    synchronized (this) {
      if (grace.isRunning()) {
        told.add(host);
        return;
      }
    }
    hosts.told(host);
  }

  private void awaitEndOfGrace() {
    List<NlmHost> over;
    synchronized (this) {
      if (grace.isRunning()) {
        loops.schedule(this::awaitEndOfGrace, LOOK);
        return;
      }
      over = List.copyOf(told);
      told.clear();
    }
    over.forEach(hosts::told);
  }

  /** NLM and NSM, to be served over TCP and UDP. */
  public List<RpcProgram> programs() {
    return programs;
  }

  /**
   * Forgets the answers of earlier calls: a file that was locked may be another one now, or gone,
   * or its locks were released, so that another host may have them.
   */
  public void forgetCalls() {
    remembered.forgetAll();
  }

  /** Whether the grace period is under way. */
  public boolean inGrace() {
    return grace.isRunning();
  }

  /** The grace period, which all doors of the array share. */
  public Grace sharedGrace() {
    return grace.shared();
  }

  @Override
  public List<HostLocks.Host> hosts() {
    return hosts.known().stream()
        .map(host -> new HostLocks.Host(host.address(), host.name(), host))
        .toList();
  }

  @Override
  public int release(LockClient client) {
    if (!(client instanceof NlmHost host)) {
      return 0;
    }
    grants.forget(host);
    int files = hosts.release(host, "an admin said so");
    forgetCalls();
    return files;
  }

  Holdings holdings() {
    return holdings;
  }

  NlmHosts knownHosts() {
    return hosts;
  }

  GracePeriod grace() {
    return grace;
  }

  GrantCalls grants() {
    return grants;
  }

  int state() {
    return list.state();
  }

  void rebooted(InetAddress address, String name, int state) {
    released(hosts.rebooted(address, name, state));
  }

  void freeAll(InetAddress address, String name) {
    released(hosts.freeAll(address, name));
  }

  private void released(List<NlmHost> gone) {
    if (!gone.isEmpty()) {
      gone.forEach(grants::forget);
      forgetCalls();
    }
  }

  /** Drops all locks and acts as after a restart. */
  void simulateCrash() {
    Map<NlmHost, InetAddress> entitled = entitled();
    entitled.keySet().forEach(grants::forget);
    holdings.release(owner -> owner.client() instanceof NlmHost);
    forgetCalls();
    list.advance();
    recover(entitled);
  }

  /**
   * Sends the answer to a one-way message, once; a lost answer is not repeated.
   *
   * @param server the local address to which the message came; null if unknown
   */
  void answer(InetAddress client, InetAddress server, int procedure, NlmReply reply) {
    var unused =
        remote.call(
            client,
            server,
            Nlm.PROGRAM,
            Nlm.VERSION,
            rpc -> new NlmClient(rpc).answer(procedure, reply));
  }

  @Override
  public void close() {
    list.close();
  }
}
