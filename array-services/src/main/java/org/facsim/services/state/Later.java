/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import java.time.Duration;

/** Runs tasks later; measures all time limits in this package. */
@FunctionalInterface
public interface Later {
  /**
   * Runs a task once.
   *
   * @param delay from now; zero means as soon as possible, but never within this call
   * @param task must not block
   */
  void after(Duration delay, Runnable task);
}
