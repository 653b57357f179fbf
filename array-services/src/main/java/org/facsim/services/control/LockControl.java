/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;
import org.facsim.services.state.HeldLock;
import org.facsim.services.state.Holdings;

/** The locks of clients of all doors, and the hosts that hold them. */
public final class LockControl {
  private final Holdings holdings;
  private final HostLocks door;
  private final ArrayEvents events;

  LockControl(Holdings holdings, HostLocks door, ArrayEvents events) {
    this.holdings = holdings;
    this.door = door;
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
