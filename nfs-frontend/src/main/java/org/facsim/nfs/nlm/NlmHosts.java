/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.facsim.services.state.Holdings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hosts that have locked something, and their NSM state numbers.
 *
 * <p>A host's locks end when the host is gone. One of these events shows it: its NSM notifies
 * another state number than the one that came with its locks; a lock comes with a newer number; the
 * host calls FREE_ALL; or an administrator says so. NSM does not authenticate the caller: what
 * counts is that the call comes from the host's address. The table is bounded and shared among
 * addresses; a host that holds nothing is removed for a new one. Thread-safe.
 */
final class NlmHosts {
  private static final Logger LOG = LoggerFactory.getLogger(NlmHosts.class);

  /** The state number of a host without NSM. */
  static final int UNKNOWN = 0;

  private final Holdings holdings;
  private final HostList list;

  private final int maxHosts;

  /** The hosts, in the order in which they appeared. */
  private final Map<NlmHost, Known> known = new LinkedHashMap<>();

  private final Map<InetAddress, Integer> hostsAt = new HashMap<>();

  /**
   * Hosts that are about to lock, with the number of such calls; they must stay known until then.
   */
  private final Map<NlmHost, Integer> meeting = new HashMap<>();

  /**
   * What is known of a host.
   *
   * @param state the last known state number of its NSM
   * @param server the local address that it called last; null if unknown
   */
  private record Known(int state, InetAddress server) {}

  NlmHosts(Holdings holdings, HostList list) {
    this(holdings, list, HostList.MAX_HOSTS);
  }

  NlmHosts(Holdings holdings, HostList list, int maxHosts) {
    this.holdings = holdings;
    this.list = list;
    this.maxHosts = maxHosts;
  }

  /**
   * A host is about to lock.
   *
   * @param server the local address that it called; null if unknown
   * @param state the state number of its NSM; 0 if it has none
   * @param monitored whether the host wants to be notified after a restart of this server
   * @param then called with null to lock when the host is on the list; called with a failure if the
   *     host cannot be put there, or if its address has its full share of hosts. The host stays
   *     known until the result completes
   * @return the result of {@code then}
   */
  <T> CompletableFuture<T> meet(
      NlmHost host,
      InetAddress server,
      int state,
      boolean monitored,
      Function<Throwable, CompletableFuture<T>> then) {
    boolean reborn;
    synchronized (this) {
      Known before = known.get(host);
      if (before == null && !hasRoom(host.address()) && !makeRoom(host.address())) {
        IllegalStateException full =
            new IllegalStateException("too many hosts at " + host.address().getHostAddress());
        return CompletableFuture.failedFuture(full)
            .handle((unused, failure) -> failure)
            .thenCompose(then);
      }
      int last = before == null ? UNKNOWN : before.state();
      reborn = last != UNKNOWN && state != UNKNOWN && state - last > 0;
      put(host, new Known(last == UNKNOWN || reborn ? state : last, server));
      meeting.merge(host, 1, Integer::sum);
    }
    if (reborn) {
      release(host, "it has restarted, as its lock says");
    }
    CompletableFuture<Void> listed =
        monitored ? list.add(host, server) : CompletableFuture.completedFuture(null);
    return listed
        .handle((unused, failure) -> failure)
        .thenCompose(then)
        .whenComplete((answer, failure) -> met(host));
  }

  private synchronized void met(NlmHost host) {
    meeting.merge(host, -1, (a, b) -> a + b == 0 ? null : a + b);
  }

  private void put(NlmHost host, Known newKnown) {
    if (known.put(host, newKnown) == null) {
      hostsAt.merge(host.address(), 1, Integer::sum);
    }
  }

  /**
   * Whether an address may have one more host: at most as many as are left for all other addresses,
   * like with locks.
   */
  private boolean hasRoom(InetAddress address) {
    return hostsAt.getOrDefault(address, 0) < maxHosts - known.size();
  }

  /**
   * Removes a host that holds nothing, to make room: one behind the same address or, if the whole
   * table is full, any.
   */
  private boolean makeRoom(InetAddress address) {
    boolean full = known.size() >= maxHosts;
    boolean hasShare = hostsAt.getOrDefault(address, 0) > 0;
    Iterator<NlmHost> each = known.keySet().iterator();
    while (each.hasNext()) {
      NlmHost host = each.next();
      boolean counts = host.address().equals(address) || (full && !hasShare);
      if (counts && !meeting.containsKey(host) && holdings.isIdle(host)) {
        each.remove();
        hostsAt.merge(host.address(), -1, (a, b) -> a + b == 0 ? null : a + b);
        list.remove(host);
        return true;
      }
    }
    return false;
  }

  /**
   * A host of an earlier run was notified of the restart. It is put on the list again if it locks
   * again.
   */
  synchronized void told(NlmHost host) {
    if (!known.containsKey(host)) {
      list.remove(host);
    }
  }

  /**
   * A host's NSM says that it has restarted.
   *
   * @return the hosts to which this applies
   */
  List<NlmHost> rebooted(InetAddress address, String name, int state) {
    List<NlmHost> reborn = new ArrayList<>();
    synchronized (this) {
      for (NlmHost host : meant(address, name)) {
        Known before = known.get(host);
        if (before.state() != state) {
          put(host, new Known(state, before.server()));
          reborn.add(host);
        }
      }
    }
    reborn.forEach(host -> release(host, "it has restarted"));
    return reborn;
  }

  /**
   * Hosts at the address with that name, or with the address for a name. Another name means another
   * host, even if only one host is known at the address, because the caller may be another host
   * behind that address that has not locked yet. If a host's status monitor uses another name than
   * its lock manager, its restart is noticed when it locks again, with a newer state number.
   */
  private List<NlmHost> meant(InetAddress address, String name) {
    return known.keySet().stream()
        .filter(host -> host.address().equals(address) && host.isCalled(name))
        .toList();
  }

  /**
   * A host gives up everything.
   *
   * @return the hosts to which this applies
   */
  List<NlmHost> freeAll(InetAddress address, String name) {
    List<NlmHost> meant;
    synchronized (this) {
      meant = meant(address, name);
    }
    meant.forEach(host -> release(host, "it asked for it"));
    return meant;
  }

  /**
   * Releases everything that a host holds or waits for.
   *
   * @return the number of files in which something was released
   */
  int release(NlmHost host, String why) {
    int files = holdings.release(owner -> owner.client().equals(host));
    if (files > 0) {
      LOG.info("released the locks of {} on {} files: {}", host, files, why);
    }
    return files;
  }

  /** Every host that has locked something and was not forgotten. */
  synchronized Set<NlmHost> known() {
    return Set.copyOf(known.keySet());
  }

  /** The same hosts, each with the local address that it called; null if that is unknown. */
  synchronized Map<NlmHost, InetAddress> servers() {
    Map<NlmHost, InetAddress> servers = new HashMap<>();
    known.forEach((host, what) -> servers.put(host, what.server()));
    return servers;
  }
}
