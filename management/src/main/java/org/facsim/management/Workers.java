/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that run work that may wait for a volume's lock or for the disk. The event loop never
 * waits. The threads are never interrupted: an interrupt closes the file channel on which a thread
 * waits, and that would close it for all users of the file. Vert.x's own worker pool interrupts its
 * threads, so it is not used.
 *
 * <p>All threads are made at the start and stay, because at its limit of threads the operating
 * system gives none when a request comes.
 */
final class Workers {
  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
  private static final int THREADS = 4;

  /** How many requests may wait for a thread; more are refused. */
  private static final int MAX_WAITING = 64;

  private final AtomicInteger started = new AtomicInteger();
  private final ThreadPoolExecutor executor =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MAX_WAITING),
          this::thread);

  Workers() {
    executor.prestartAllCoreThreads();
  }

  private Thread thread(Runnable work) {
    Thread thread = new Thread(work, "facsim-http-" + started.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Runs something as soon as a thread is free.
   *
   * @throws Problem 503 if too many requests wait
   */
  void run(Runnable work) {
    try {
      executor.execute(work);
    } catch (RejectedExecutionException e) {
      throw new Problem(
          503, "Busy", MAX_WAITING + " requests wait for a thread already; try again later");
    }
  }

  /** The number of requests that wait for a thread. */
  int waitingCount() {
    return executor.getQueue().size();
  }

  /** Accepts no more work, drops waiting work, and waits for running work, within a bound. */
  void close(Duration timeout) {
    executor.shutdown();
    executor.getQueue().clear();
    boolean isInterrupted = false;
    long deadlineNanos = System.nanoTime() + timeout.toNanos();
    while (!executor.isTerminated()) {
      long leftNanos = deadlineNanos - System.nanoTime();
      if (leftNanos <= 0) {
        LOG.warn("{} HTTP requests still run; they are not waited for", executor.getActiveCount());
        break;
      }
      try {
        var unused = executor.awaitTermination(leftNanos, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        isInterrupted = true; // go on waiting: the store must not close while a request uses it
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
