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
 * The hosts that have locked something, and what is known of their lives.
 *
 * <p>A host's locks end when it is gone, which shows by one of these: its NSM notifies of another
 * state than the one that its locks came with; a lock comes with a newer state; it calls FREE_ALL;
 * an admin says so. NSM proves nothing about who speaks: what counts is that the call comes from
 * the host's address. Bounded, and shared out among addresses; a host that holds nothing makes
 * room. Thread-safe.
 */
final class NlmHosts {
  private static final Logger LOG = LoggerFactory.getLogger(NlmHosts.class);

  /** The state of a host without NSM. */
  static final int UNKNOWN = 0;

  private final Holdings holdings;
  private final HostList list;

  private final int maxHosts;

  /** In the order in which they were heard of first. */
  private final Map<NlmHost, Known> known = new LinkedHashMap<>();

  private final Map<InetAddress, Integer> hostsAt = new HashMap<>();

  /** Those about to lock, which must stay known until they have: how often. */
  private final Map<NlmHost, Integer> meeting = new HashMap<>();

  /**
   * What is known of a host.
   *
   * @param state of its NSM, that was heard of last
   * @param server the address of this host that it called last; null if unknown
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
   * @param server the address of this host that it called; null if unknown
   * @param state of its NSM; 0 if it has none
   * @param monitored whether the host wants to be notified after a restart of this server
   * @param then locks, given null, when the host is on the list; given a failure if it cannot be
   *     put there, or its address has its share of hosts. Until its answer is there the host stays
   *     known
   * @return what that returns
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

  /** As many hosts behind one address as are left for the others, as with their locks. */
  private boolean hasRoom(InetAddress address) {
    return hostsAt.getOrDefault(address, 0) < maxHosts - known.size();
  }

  /** A host that holds nothing makes room for another behind its address; if all is full, any. */
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

  /** A host of an earlier life knows of the restart; it is on the list again if it locks again. */
  synchronized void told(NlmHost host) {
    if (!known.containsKey(host)) {
      list.remove(host);
    }
  }

  /**
   * A host's NSM says that it has restarted.
   *
   * @return the hosts that this was true of
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
   * Hosts at the address with that name, or with the address for a name. Another name is another
   * host's, also if only one is known there: who speaks may be a neighbour behind the address that
   * has not locked yet. A host whose status monitor has another name for it than its lock manager
   * is known to be gone when it locks again, with a newer state.
   */
  private List<NlmHost> meant(InetAddress address, String name) {
    return known.keySet().stream()
        .filter(host -> host.address().equals(address) && host.isCalled(name))
        .toList();
  }

  /**
   * A host gives everything up.
   *
   * @return the hosts that this was
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
   * Drops everything that a host holds and waits for.
   *
   * @return in how many files there was something
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

  /** The same, each with the address of this host that it called; null if that is unknown. */
  synchronized Map<NlmHost, InetAddress> servers() {
    Map<NlmHost, InetAddress> servers = new HashMap<>();
    known.forEach((host, what) -> servers.put(host, what.server()));
    return servers;
  }
}
