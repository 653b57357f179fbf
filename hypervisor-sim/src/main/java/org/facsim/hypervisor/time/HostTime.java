/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The time that a host goes by: its clock, its timers and its patience with a server. Any number of
 * hosts may share one, and they share its threads. Thread-safe.
 */
public interface HostTime {
  /** Stamps lock files, log lines and tasks. */
  Clock clock();

  default Instant now() {
    return clock().instant();
  }

  /** Measures durations; has no meaning but the difference of two. */
  long nanoTime();

  /**
   * Runs a task once.
   *
   * @param delay zero or more
   * @param task must not block; what it throws is reported and ends nothing
   */
  Timer after(Duration delay, Runnable task);

  /**
   * Runs a task again and again, the first time after one period.
   *
   * @param period above zero
   * @param task as above
   */
  default Timer every(Duration period, Runnable task) {
    return new Repetition(this, period, task);
  }

  /** Waits on the caller's thread. */
  void sleep(Duration time) throws InterruptedException;

  /** Runs what may block, on threads that all hosts of this time share. */
  Executor workers();

  /**
   * Notes that something is expected from a server. Time that is stepped waits for it before it
   * goes on, as far as the server answers at all. The machine's time takes no note.
   *
   * @param path on which it is expected; one that is silent is not waited for long
   * @param answer completes when it has come, or does not come any more; a stage behind everything
   *     that follows from it, because a future runs its dependents in no order, and what follows
   *     must not miss its moment
   * @return {@code answer}
   */
  <T> CompletableFuture<T> expect(Object path, CompletableFuture<T> answer);

  /** What {@link #after} or {@link #every} started. */
  interface Timer {
    /** The task does not run any more, unless it runs now. */
    void cancel();
  }

  /** The machine's. */
  static HostTime system() {
    return SystemTime.OF_MACHINE;
  }

  /** The machine's, except that this clock stamps. */
  static HostTime system(Clock clock) {
    return new SystemTime(clock);
  }
}
