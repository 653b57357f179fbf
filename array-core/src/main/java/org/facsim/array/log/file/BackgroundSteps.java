/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs work step by step in the background, by one thread at a time, until there is none left.
 * After a step that failed, the work stops. It goes on when somebody calls {@link #start} again,
 * but not before some time has passed ({@link Backoff}).
 *
 * <p>The monitor of its user guards it. Its user holds the monitor when it calls these methods.
 */
final class BackgroundSteps {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundSteps.class);

  /** What is done. */
  interface Work {
    /** Whether there is anything to do. It is called with the monitor held. */
    boolean isWaiting();

    /**
     * Does one step. It is called without the monitor.
     *
     * @return false if there was nothing to do
     * @throws ArrayException if the step failed and may be tried again
     */
    boolean step();
  }

  /** For a person: what the work is. */
  private final String name;

  private final Object monitor;
  private final Executor executor;
  private final Backoff backoff;
  private final Work work;

  private boolean running;
  private boolean stopped;

  /** Why the last run ended early; null if it did not. */
  private volatile ArrayException failure;

  /**
   * @param monitor guards this; it is notified when a run ends
   * @param executor one thread for the background, or the caller's own
   * @param nanoTime as {@link System#nanoTime}
   */
  BackgroundSteps(
      String name, Object monitor, Executor executor, LongSupplier nanoTime, Work work) {
    this.name = name;
    this.monitor = monitor;
    this.executor = executor;
    backoff = new Backoff(nanoTime);
    this.work = work;
  }

  /** Starts a run if there is work, none is running, and the last failure is long enough ago. */
  void start() {
    boolean hasWork = work.isWaiting() || failure != null;
    if (hasWork && backoff.isDue() && !running && !stopped) {
      running = true;
      try {
        executor.execute(this::run);
      } catch (RejectedExecutionException | OutOfMemoryError e) { // no thread is to be had
        ended(new ArrayException(ArrayError.IO, name + " gets no thread: " + e));
      }
    }
  }

  boolean isRunning() {
    return running;
  }

  /** Why the last run ended early; null if it did not. It needs no monitor. */
  ArrayException failure() {
    return failure;
  }

  /** Waits until a run ends, and starts no other one from then on. */
  void stop() {
    while (running) {
      await();
    }
    stopped = true;
  }

  /** Waits until the monitor is notified. It is not interruptible. */
  void await() {
    boolean interrupted = false;
    boolean notified = false;
    while (!notified) {
      try {
        monitor.wait();
        notified = true;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    ArrayException failed = null;
    try {
      while (work.step()) {
        LOG.debug("{}: a step is done", name);
      }
    } catch (ArrayException e) {
      failed = e;
    } catch (OutOfMemoryError e) {
      failed =
          new ArrayException(
              ArrayError.NO_SPACE, "the operating system has no memory: " + e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("{} met a defect", name, e);
      failed = defect(e);
    } catch (Error e) {
      failed = defect(e);
      throw e;
    } finally {
      ended(failed);
    }
  }

  private ArrayException defect(Throwable met) {
    return new ArrayException(ArrayError.IO, name + " met a defect: " + met);
  }

  private void ended(ArrayException failed) {
    synchronized (monitor) {
      failure = failed;
      if (failed == null) {
        backoff.succeeded();
      } else {
        backoff.failed();
      }
      running = false;
      monitor.notifyAll();
      if (failed == null) {
        start(); // work may have come since the last look
      }
    }
  }
}
