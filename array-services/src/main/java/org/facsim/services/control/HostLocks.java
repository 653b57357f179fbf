/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.net.InetAddress;
import java.util.List;
import org.facsim.services.state.LockClient;

/**
 * A door through which hosts lock files without a lease. Only an administrator can know that such a
 * host is gone for good.
 */
public interface HostLocks {
  /** The hosts that have locked something, whether they hold it now or not. */
  List<Host> hosts();

  /**
   * Frees everything that a host has locked and waits for. The host is not asked and not told.
   *
   * @param client the client of one of {@link #hosts}
   * @return in how many files there was something
   */
  int release(LockClient client);

  /**
   * A host.
   *
   * @param name the name that it gives itself
   * @param client identifies it as the owner of locks
   */
  record Host(InetAddress address, String name, LockClient client) {}
}
