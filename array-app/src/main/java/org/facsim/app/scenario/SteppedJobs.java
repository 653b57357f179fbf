/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.time.Duration;
import org.facsim.hypervisor.time.HostTime;
import org.facsim.services.offload.JobScheduler;

/**
 * Runs the steps of an array's clone jobs when the hosts' time has come that far, one after the
 * other, in the order in which they are due. While no host waits and nobody lets time pass, no job
 * goes on. So a job is as far as it was at the same moment of any other run. Thread-safe.
 */
final class SteppedJobs implements JobScheduler {
  private final HostTime time;
  private volatile boolean isClosed;

  SteppedJobs(HostTime time) {
    this.time = time;
  }

  @Override
  public void schedule(Runnable step, Duration delay) {
    time.after(delay, () -> run(step));
  }

  private void run(Runnable step) {
    if (!isClosed) {
      step.run();
    }
  }

  @Override
  public void close() {
    isClosed = true;
  }
}
