/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

/**
 * Is told that a lock for which it waited is held from now on. Called on the thread that made room
 * for the lock, without any lock of the table. It must not block.
 */
@FunctionalInterface
public interface LockWaiter {
  void granted(HeldLock lock);
}
