/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.http;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that run what may wait: for a volume's lock, for the disk. The event loop never does.
 * They are never interrupted, because an interrupt closes the file channel on which a thread waits
 * for everybody; Vert.x's own worker pool interrupts, so it is not used.
 *
 * <p>All of them are there from the beginning and stay: a host at its limit of threads has none
 * left when a request comes.
 */
final class Workers {
  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
  private static final int THREADS = 4;

  /** Requests that wait for a thread; more are refused. */
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
   * @throws Problem 503 if too many wait
   */
  void run(Runnable work) {
    try {
      executor.execute(work);
    } catch (RejectedExecutionException e) {
      throw new Problem(
          503, "Busy", MAX_WAITING + " requests wait for a thread already; try again later");
    }
  }

  /** Requests that wait for a thread. */
  int waitingCount() {
    return executor.getQueue().size();
  }

  /** Takes no more work, drops what waits, and waits for what runs, within a bound. */
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
        isInterrupted = true; // waiting goes on: the store must not close under a request
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
