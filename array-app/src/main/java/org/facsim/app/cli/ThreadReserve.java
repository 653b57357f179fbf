/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the process able to stop when the operating system lets it make no more threads (a limit of
 * the user, of the container or of the whole system). The array has all its threads from the start,
 * but the JVM makes new ones for each signal and each shutdown hook. If it cannot make them,
 * SIGTERM is lost. So some threads wait here and do nothing. Each second, one more is made as a
 * trial. If that fails, the waiting threads end, so that the process can use their places to stop.
 * From time to time the reserve tries to make them again.
 *
 * <p>Known flaws: a SIGTERM in the second between the last free thread and the trial is lost and
 * has to be sent again, and other processes under the same limit may take the room.
 */
final class ThreadReserve {
  /**
   * Enough for the signal, the hooks of the program and of libraries, and the threads that Netty
   * needs to stop.
   */
  static final int THREADS = 8;

  /** Seconds after which the reserve tries again to make threads. */
  static final int RETRY_SECONDS = 30;

  private static final Logger LOG = LoggerFactory.getLogger(ThreadReserve.class);

  /** Makes threads. */
  interface Threads {
    /**
     * Starts a thread that runs a task.
     *
     * @throws OutOfMemoryError if the operating system has none left
     */
    void start(Runnable task);
  }

  private final Threads threads;

  /** When this is counted down, the waiting threads end; null while there are none. */
  private CountDownLatch waiting;

  /** Whether the last attempt to make a thread failed. */
  private boolean failed;

  private int secondsToRetry;

  ThreadReserve(Threads threads) {
    this.threads = threads;
  }

  /** Starts the reserve, with a daemon thread of its own. */
  static void start() {
    ThreadReserve reserve = new ThreadReserve(task -> daemon(task, "facsim-reserve").start());
    daemon(
            () -> {
              while (true) {
                reserve.look();
                try {
                  Thread.sleep(1000);
                } catch (InterruptedException e) {
                  return;
                }
              }
            },
            "facsim-thread-watch")
        .start();
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(null, task, name, 64 << 10);
    thread.setDaemon(true);
    return thread;
  }

  /** Once each second. */
  void look() {
    if (secondsToRetry > 0) {
      secondsToRetry--;
      return;
    }
    boolean isFull = waiting != null;
    CountDownLatch latch = isFull ? waiting : new CountDownLatch(1);
    try {
      for (int i = 0; !isFull && i < THREADS; i++) {
        threads.start(() -> await(latch));
      }
      threads.start(() -> {});
      waiting = latch;
      if (failed) {
        failed = false;
        LOG.info("the host lets this process make threads again");
      }
    } catch (
        OutOfMemoryError e) { // this means that threads ran out: the JVM has no other error for it
      latch.countDown();
      waiting = null;
      secondsToRetry = RETRY_SECONDS;
      if (!failed) {
        failed = true;
        LOG.warn(
            "the host lets this process make no more threads; it serves on with those it has, but"
                + " raise the limit of processes (ulimit -u, or pids.max of its control group)");
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the reserve holds its threads. */
  boolean isFull() {
    return waiting != null;
  }
}
