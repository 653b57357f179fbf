/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.time;

import java.time.Duration;

/** A task that is due again one period after it was due, whatever it throws. Thread-safe. */
final class Repetition implements HostTime.Timer {
  private final HostTime time;
  private final Duration period;
  private final Runnable task;
  private HostTime.Timer next;
  private boolean cancelled;

  Repetition(HostTime time, Duration period, Runnable task) {
    if (period.isNegative() || period.isZero()) {
      throw new IllegalArgumentException("period of " + period + "; allowed: above 0");
    }
    this.time = time;
    this.period = period;
    this.task = task;
    synchronized (this) { // the task may run before this is set
      this.next = time.after(period, this::run);
    }
  }

  private void run() {
    synchronized (this) {
      if (cancelled) {
        return;
      }
      next = time.after(period, this::run);
    }
    task.run();
  }

  @Override
  public synchronized void cancel() {
    cancelled = true;
    next.cancel();
  }
}
