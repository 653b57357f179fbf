/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import java.time.Duration;

/** Runs tasks later: the clock of everything here that has a bound in time. */
@FunctionalInterface
public interface Later {
  /**
   * Runs a task once.
   *
   * @param delay from now on; zero for as soon as can be, yet never within this call
   * @param task must not block
   */
  void after(Duration delay, Runnable task);
}
