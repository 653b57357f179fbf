/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

/**
 * A door whose calls look for delegations and then act, in one turn of a thread. It tells when
 * every call that may have looked too early has ended.
 */
@FunctionalInterface
public interface QuietPoint {
  /**
   * Runs a task when every call that is under way now has ended; calls that begin meanwhile do not
   * matter.
   *
   * @param task must not block; may run within this call
   */
  void whenPassed(Runnable task);
}
