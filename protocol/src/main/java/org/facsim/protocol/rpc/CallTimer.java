/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.concurrent.Executor;

/**
 * The time by which the calls of a client run out. Without one, it is the machine's. A simulated
 * host gives its own, so that a silent server costs a test no time. Thread-safe.
 */
public interface CallTimer {
  /** As {@link System#nanoTime}: only the difference of two means anything. */
  long nanoTime();

  /**
   * Runs a task once, after that time.
   *
   * @param delayNanos zero or more
   * @param loop runs the task; it may have ended by then, and the task is left out
   * @return cancels it, if it has not begun
   */
  Runnable after(long delayNanos, Executor loop, Runnable task);
}
