/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs the steps of jobs. A job whose rate is limited waits by a delay here, so that a test can
 * decide what time it is.
 */
public interface JobScheduler extends AutoCloseable {
  /** Runs a step when the delay is over, never on the caller's thread. Steps never overlap. */
  void schedule(Runnable step, Duration delay);

  /** Stops running steps. Returns when the step that runs now is done. */
  @Override
  void close();

  /** Reports what a step throws, because an executor would keep it to itself. */
  private static void runStep(Runnable step) {
    try {
      step.run();
    } catch (Error e) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      throw e;
    }
  }

  /**
   * Makes a scheduler with one thread of its own, so that copying takes at most one core from the
   * NFS door.
   */
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
    executor.prestartAllCoreThreads(); // when a job comes, the machine may have no thread left
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
