/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.facsim.nfs.lock.LockTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hosts that have locked something, and what is known of their lives.
 *
 * <p>A host's locks end when it is gone, which shows by one of these: its NSM notifies of another
 * state than the one that its locks came with; a lock comes with a newer state; it calls FREE_ALL;
 * an admin says so. NSM proves nothing about who speaks: what counts is that the call comes from
 * the host's address. Bounded; a host that holds nothing makes room. Thread-safe.
 */
final class NlmHosts {
  private static final Logger LOG = LoggerFactory.getLogger(NlmHosts.class);
  private static final int UNKNOWN = 0;

  private final LockTable table;
  private final HostList list;

  /** The state of each host's NSM that was heard of last. */
  private final Map<NlmHost, Integer> states = new HashMap<>();

  NlmHosts(LockTable table, HostList list) {
    this.table = table;
    this.list = list;
  }

  /**
   * A host is about to lock.
   *
   * @param state of its NSM; 0 if it has none
   * @param monitored whether the host wants to be notified after a restart of this server
   * @return done when the host is on the list; failed if it cannot be put there
   */
  CompletableFuture<Void> meet(NlmHost host, int state, boolean monitored) {
    boolean reborn;
    synchronized (this) {
      Integer known = states.get(host);
      if (known == null && states.size() >= HostList.MAX_HOSTS && !makeRoom()) {
        return CompletableFuture.failedFuture(
            new IllegalStateException("more than " + HostList.MAX_HOSTS + " hosts"));
      }
      reborn = known != null && known != UNKNOWN && state != UNKNOWN && state - known > 0;
      if (known == null || known == UNKNOWN || reborn) {
        states.put(host, state);
      }
    }
    if (reborn) {
      release(host, "it has restarted, as its lock says");
    }
    return monitored ? list.add(host) : CompletableFuture.completedFuture(null);
  }

  private boolean makeRoom() {
    Iterator<NlmHost> each = states.keySet().iterator();
    while (each.hasNext()) {
      NlmHost host = each.next();
      if (!table.concerns(owner -> owner.client().equals(host))) {
        each.remove();
        return true;
      }
    }
    return false;
  }

  /** A host of an earlier life knows of the restart; it is on the list again if it locks again. */
  synchronized void told(NlmHost host) {
    if (!states.containsKey(host)) {
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
        if (states.get(host) != state) {
          states.put(host, state);
          reborn.add(host);
        }
      }
    }
    reborn.forEach(host -> release(host, "it has restarted"));
    return reborn;
  }

  /**
   * Hosts at the address with that name; whatever it is called if there is but one, because a
   * status monitor may know its host by another name than the lock manager. Those of an earlier
   * life that were not told of the restart yet count: who speaks may be one of them.
   */
  private List<NlmHost> meant(InetAddress address, String name) {
    Set<NlmHost> there = new HashSet<>(states.keySet());
    there.addAll(list.hosts());
    there.removeIf(host -> !host.address().equals(address));
    if (there.size() > 1) {
      there.removeIf(host -> !host.isCalled(name));
    }
    there.retainAll(states.keySet());
    return List.copyOf(there);
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
    int files = table.release(owner -> owner.client().equals(host));
    if (files > 0) {
      LOG.info("released the locks of {} on {} files: {}", host, files, why);
    }
    return files;
  }

  /** Every host that has locked something and was not forgotten. */
  synchronized Set<NlmHost> known() {
    return Set.copyOf(states.keySet());
  }
}
