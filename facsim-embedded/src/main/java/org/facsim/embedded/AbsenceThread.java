/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which an array goes away and comes back. It exists only while it has something
 * to do. After {@link #end}, it takes nothing more, and nothing that waits for its time is done.
 */
final class AbsenceThread {
  private static final Logger LOG = LoggerFactory.getLogger(AbsenceThread.class);
  private static final int END_TIMEOUT_SECONDS = 60;

  private final ScheduledThreadPoolExecutor executor;

  /** A piece of work that may fail. */
  interface Work {
    void run() throws IOException;
  }

  AbsenceThread() {
    executor = new ScheduledThreadPoolExecutor(1, AbsenceThread::thread);
    executor.setKeepAliveTime(1, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  private static Thread thread(Runnable work) {
    Thread made = new Thread(work, "facsim-life");
    made.setDaemon(true);
    return made;
  }

  /**
   * Does some work.
   *
   * @throws RejectedExecutionException after the end
   */
  void execute(Runnable work) {
    executor.execute(work);
  }

  /**
   * Does some work when a time has passed.
   *
   * @throws RejectedExecutionException after the end
   */
  void after(Duration delay, Runnable work) {
    var unused = executor.schedule(work, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Does some work for which somebody waits.
   *
   * @throws RejectedExecutionException after the end
   */
  Task submit(Work work) {
    return new Task(
        executor.submit(
            () -> {
              work.run();
              return null;
            }));
  }

  /** Work that somebody waits for. */
  static final class Task {
    private final Future<Void> done;

    private Task(Future<Void> done) {
      this.done = done;
    }

    /**
     * Waits until it is done. An interrupt is kept until then, because the array must not be left
     * half way.
     *
     * @throws IOException or an unchecked exception: that of the work
     */
    void await() throws IOException {
      boolean interrupted = false;
      try {
        while (true) {
          try {
            done.get();
            return;
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException failed) {
          throw failed;
        }
        if (e.getCause() instanceof RuntimeException failed) {
          throw failed;
        }
        throw new IllegalStateException(e.getCause());
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /** Takes nothing more, and waits for what is being done. An interrupt is kept until then. */
  void end() {
    executor.shutdown();
    boolean interrupted = false;
    while (true) {
      try {
        if (!executor.awaitTermination(END_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
          LOG.warn("the array is still on its way after {} s", END_TIMEOUT_SECONDS);
        }
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
