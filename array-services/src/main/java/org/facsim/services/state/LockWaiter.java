/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

/**
 * Told that a lock that was waited for is held from now on: on the thread that made room for it, in
 * no lock of the table's; it must not block.
 */
@FunctionalInterface
public interface LockWaiter {
  void granted(HeldLock lock);
}
