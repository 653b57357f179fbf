/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs the steps of jobs. What a job has to wait for, its rate, is a delay here, so that a test
 * decides what time it is.
 */
public interface JobScheduler extends AutoCloseable {
  /** Runs a step, never on the caller's thread, once the delay is over; steps never overlap. */
  void schedule(Runnable step, Duration delay);

  /** Runs nothing any more. Returns when the step that runs is done. */
  @Override
  void close();

  /** An executor keeps what its tasks throw to itself; an error must not stay there. */
  private static void runStep(Runnable step) {
    try {
      step.run();
    } catch (Error e) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      throw e;
    }
  }

  /** One thread of its own: copying takes one core at most from the NFS door. */
  static JobScheduler withThread() {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "facsim-clone");
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy()); // after the end
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.prestartAllCoreThreads(); // when a job comes, the host may have no thread left
    return new JobScheduler() {
      @Override
      public void schedule(Runnable step, Duration delay) {
        var unused = executor.schedule(() -> runStep(step), delay.toNanos(), TimeUnit.NANOSECONDS);
      }

      @Override
      public void close() {
        executor.shutdown();
        try {
          if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("a clone's step does not end");
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    };
  }
}
