/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the process able to stop where the host lets it make no more threads (a limit of the user,
 * of its container or of the host). What serves has all its threads from the beginning, but the JVM
 * makes new ones for each signal and for each shutdown hook: without room for them, SIGTERM is
 * lost. So some threads wait here and do nothing. Each second one more is made as a trial; if that
 * fails, those that wait end, and leave their room to the end of the process. From time to time it
 * is tried whether they can be made again.
 *
 * <p>Known flaws: a SIGTERM in the second between the last free thread and the trial is lost and
 * has to be sent again, and other processes under the same limit may take the room.
 */
final class ThreadReserve {
  /** A signal's, the hooks' of the program and of libraries, those that Netty ends with. */
  static final int THREADS = 8;

  /** Seconds until it is tried whether the limit is gone. */
  static final int RETRY_SECONDS = 30;

  private static final Logger LOG = LoggerFactory.getLogger(ThreadReserve.class);

  /** Makes threads. */
  interface Threads {
    /**
     * Starts one that runs a task.
     *
     * @throws OutOfMemoryError if the host has none left
     */
    void start(Runnable task);
  }

  private final Threads threads;

  /** Those that wait end with it; null while there are none. */
  private CountDownLatch waiting;

  /** Since the last failure none was made. */
  private boolean failed;

  private int secondsToRetry;

  ThreadReserve(Threads threads) {
    this.threads = threads;
  }

  /** Begins, with a thread of its own that keeps nothing alive. */
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
    } catch (OutOfMemoryError e) { // of threads: the JVM has no other word for it
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

  /** Whether the threads wait. */
  boolean isFull() {
    return waiting != null;
  }
}
