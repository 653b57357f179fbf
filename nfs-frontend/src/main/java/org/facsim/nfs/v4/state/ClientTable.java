/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.protocol.nfs4.Nfs4Status;

/**
 * The client ids: by number, and by the name that a client gives itself. Of a name there is at most
 * one confirmed client id and one that is not confirmed yet. Guarded by the state's monitor.
 */
final class ClientTable {
  private final int instance;
  private final int maxClients;
  private final Map<Long, Client4> byId = new LinkedHashMap<>();
  private final Map<Client4.Name, Client4> confirmed = new HashMap<>();
  private final Map<Client4.Name, Client4> unconfirmed = new LinkedHashMap<>();
  private final Map<InetAddress, Integer> byAddress = new HashMap<>();
  private int lastNumber;
  private int lastConfirm;

  /**
   * @param instance what tells this run of the array from others; the upper half of every client id
   */
  ClientTable(int instance, int maxClients) {
    this.instance = instance;
    this.maxClients = maxClients;
  }

  /** The number of a new client id. */
  long nextId() {
    lastNumber++;
    return (long) instance << Integer.SIZE | Integer.toUnsignedLong(lastNumber);
  }

  /** A verifier that a client of minor version 0 must repeat. */
  long nextConfirmVerifier() {
    lastConfirm++;
    return (long) instance << Integer.SIZE | Integer.toUnsignedLong(lastConfirm);
  }

  /** Whether a client id or stateid was made by this run. */
  boolean isOfThisRun(long clientId) {
    return (int) (clientId >>> Integer.SIZE) == instance;
  }

  Client4 find(long id) {
    return byId.get(id);
  }

  Client4 confirmed(Client4.Name name) {
    return confirmed.get(name);
  }

  Client4 unconfirmed(Client4.Name name) {
    return unconfirmed.get(name);
  }

  Collection<Client4> all() {
    return byId.values();
  }

  int count() {
    return byId.size();
  }

  /**
   * Makes room for a client id, if there is none, at the cost of the oldest one that is not
   * confirmed: of the same address, or of any if the address has little.
   *
   * @throws Nfs4Exception DELAY if there is no room
   */
  void requireRoom(InetAddress address) {
    int mine = byAddress.getOrDefault(address, 0);
    if (mine < maxClients - byId.size()) {
      return;
    }
    for (Client4 old : unconfirmed.values()) {
      if (mine == 0 || old.address().equals(address)) {
        remove(old);
        return;
      }
    }
    throw new Nfs4Exception(Nfs4Status.DELAY, "more than " + maxClients + " clients");
  }

  /** Adds a client that is not confirmed, in place of an earlier one of the same name. */
  void add(Client4 client) {
    Client4 before = unconfirmed.get(client.name());
    if (before != null) {
      remove(before);
    }
    byId.put(client.id(), client);
    unconfirmed.put(client.name(), client);
    byAddress.merge(client.address(), 1, Integer::sum);
  }

  /** The client has confirmed that it exists. An earlier one of the same name must be gone. */
  void confirm(Client4 client) {
    unconfirmed.remove(client.name(), client);
    confirmed.put(client.name(), client);
    client.isConfirmed = true;
  }

  void remove(Client4 client) {
    client.goes();
    if (byId.remove(client.id()) != null) {
      byAddress.merge(client.address(), -1, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
    }
    confirmed.remove(client.name(), client);
    unconfirmed.remove(client.name(), client);
  }

  /** Those that have not confirmed in time. */
  List<Client4> overdue(long nowNanos, long leaseNanos) {
    List<Client4> overdue = new ArrayList<>();
    for (Client4 client : unconfirmed.values()) {
      if (client.silentNanos(nowNanos) > leaseNanos) {
        overdue.add(client);
      }
    }
    return overdue;
  }
}
