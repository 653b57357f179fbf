/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.net.InetAddress;
import java.util.List;
import org.facsim.services.state.LockClient;

/**
 * A door through which hosts lock files without a lease, so that only an administrator can say that
 * one is gone for good.
 */
public interface HostLocks {
  /** The hosts that have locked something, whether they hold it now or not. */
  List<Host> hosts();

  /**
   * Frees everything that a host has locked and waits for. The host is not asked and not told.
   *
   * @param client of one of {@link #hosts}
   * @return in how many files there was something
   */
  int release(LockClient client);

  /**
   * A host.
   *
   * @param name as it calls itself
   * @param client by which locks name it
   */
  record Host(InetAddress address, String name, LockClient client) {}
}
