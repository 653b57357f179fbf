/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.facsim.nfs.FilelessProgram;
import org.facsim.nfs.retransmission.DuplicateRequestCache;
import org.facsim.protocol.nlm.Nlm;
import org.facsim.protocol.nlm.NlmClient;
import org.facsim.protocol.nlm.NlmReply;
import org.facsim.protocol.rpc.RpcEventLoops;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.services.access.Grants;
import org.facsim.services.control.HostLocks;
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
 * the list, unless they have locked again.
 */
public final class LockManager implements HostLocks, AutoCloseable {
  private static final long REMEMBERED_BYTES = 256 << 10;

  private final Holdings holdings;
  private final HostList list;
  private final NlmHosts hosts;
  private final GracePeriod grace;
  private final GrantCalls grants;
  private final RemotePrograms remote;
  private final RebootNotices notices;
  private final DuplicateRequestCache remembered;
  private final List<RpcProgram> programs;

  private LockManager(
      Grants access,
      Holdings holdings,
      RpcEventLoops loops,
      LockManagerOptions options,
      HostList list) {
    this.holdings = Objects.requireNonNull(holdings);
    this.list = list;
    hosts = new NlmHosts(holdings, list);
    grace = new GracePeriod(options.grace(), options.nanoClock());
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
    if (!earlier.hosts.isEmpty()) {
      manager.grace.begin(earlier.hosts.keySet());
      earlier.hosts.forEach(
          (host, server) -> manager.notices.send(host, server, list.state(), told -> {}));
    }
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
    return new Earlier(list.state(), hosts.servers());
  }

  private void recover() {
    List<NlmHost> earlier = list.hosts();
    if (!earlier.isEmpty()) {
      grace.begin(earlier);
      earlier.forEach(host -> notices.send(host, list.server(host), list.state(), hosts::told));
    }
  }

  /** NLM and NSM, to be served over TCP and UDP. */
  public List<RpcProgram> programs() {
    return programs;
  }

  /**
   * Forgets the answers of earlier calls, because a file that was locked may be another one now, or
   * gone.
   */
  public void forgetCalls() {
    remembered.forgetAll();
  }

  /** Whether the grace period is under way. */
  public boolean inGrace() {
    return grace.isRunning();
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
    return hosts.release(host, "an admin said so");
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
    hosts.rebooted(address, name, state).forEach(grants::forget);
  }

  void freeAll(InetAddress address, String name) {
    hosts.freeAll(address, name).forEach(grants::forget);
  }

  /** Drops all locks and acts as after a restart. */
  void simulateCrash() {
    Map<NlmHost, InetAddress> known = hosts.servers();
    known.keySet().forEach(grants::forget);
    holdings.release(owner -> owner.client() instanceof NlmHost);
    int state = list.advance();
    if (!known.isEmpty()) {
      grace.begin(known.keySet());
      known.forEach((host, server) -> notices.send(host, server, state, told -> {}));
    }
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
