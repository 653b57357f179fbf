/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.time.Duration;
import org.facsim.services.offload.JobScheduler;

/**
 * A scheduler of the embedding program during one run of the array. Closing it ends the steps of
 * this run; the scheduler itself goes on for the next run.
 */
final class SchedulerOfRun implements JobScheduler {
  private final JobScheduler scheduler;
  private boolean isClosed;

  SchedulerOfRun(JobScheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public void schedule(Runnable step, Duration delay) {
    scheduler.schedule(() -> run(step), delay);
  }

  /** The monitor is held while a step runs, so that none runs after the closing. */
  private synchronized void run(Runnable step) {
    if (!isClosed) {
      step.run();
    }
  }

  @Override
  public synchronized void close() {
    isClosed = true;
  }
}
