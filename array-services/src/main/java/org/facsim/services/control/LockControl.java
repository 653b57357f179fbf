/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;
import org.facsim.services.state.HeldLock;
import org.facsim.services.state.Holdings;

/** What clients hold through all doors, and the clients. */
public final class LockControl {
  private final Holdings holdings;
  private final HostLocks door;
  private final LeasedClients leased;
  private final ArrayEvents events;

  LockControl(Holdings holdings, HostLocks door, LeasedClients leased, ArrayEvents events) {
    this.holdings = holdings;
    this.door = door;
    this.leased = leased;
    this.events = events;
  }

  /** Every byte range that is locked now. */
  public List<HeldLock> held() {
    return holdings.locks().held();
  }

  /** The hosts that have locked something, whether they hold it now or not. */
  public List<HostLocks.Host> hosts() {
    return door.hosts();
  }

  /** The clients with leases, those of NFSv4, and what they hold. */
  public LeasedClients leased() {
    return leased;
  }

  /**
   * Forgets a client with a lease, with everything that it holds, without asking it.
   *
   * @return in how many files there was something; -1 if there is no such client
   */
  public int forget(long clientId) {
    String name =
        leased.clients().stream()
            .filter(client -> client.id() == clientId)
            .map(client -> client.name() + " (" + client.address().getHostAddress() + ")")
            .findFirst()
            .orElse("");
    int files = leased.forget(clientId);
    if (files >= 0) {
      events.add(new ArrayChange.LocksFreed(name, files));
    }
    return files;
  }

  /** Frees everything that anybody holds or waits for. */
  public void releaseAll() {
    hosts().forEach(this::release);
    leased.clients().forEach(client -> forget(client.id()));
  }

  /**
   * Frees everything that a host has locked and waits for, without asking it.
   *
   * @return in how many files there was something
   */
  public int release(HostLocks.Host host) {
    int files = door.release(host.client());
    events.add(new ArrayChange.LocksFreed(host.client().toString(), files));
    return files;
  }
}
