/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.facsim.services.state.Later;

/** Time that stands still until a test lets it pass. What is due at once runs on a thread. */
final class SteppedTime implements Later, LongSupplier, AutoCloseable {
  private record Task(long atNanos, Runnable what) {}

  private final ExecutorService atOnce =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "later"));
  private final List<Task> tasks = new ArrayList<>();
  private long nowNanos = 1_000_000_000_000L;

  @Override
  public synchronized long getAsLong() {
    return nowNanos;
  }

  @Override
  public void after(Duration delay, Runnable task) {
    if (delay.isZero()) {
      try {
        atOnce.execute(task);
      } catch (RejectedExecutionException e) {
        // closed
      }
      return;
    }
    synchronized (this) {
      tasks.add(new Task(nowNanos + delay.toNanos(), task));
    }
  }

  /** Lets time pass in steps of a second, and runs what is due. */
  void pass(Duration time) {
    for (long second = 0; second < time.toSeconds(); second++) {
      synchronized (this) {
        nowNanos += 1_000_000_000L;
      }
      for (Runnable next = nextDue(); next != null; next = nextDue()) {
        next.run();
      }
    }
  }

  private synchronized Runnable nextDue() {
    for (Task task : tasks) {
      if (task.atNanos <= nowNanos) {
        tasks.remove(task);
        return task.what;
      }
    }
    return null;
  }

  @Override
  public void close() {
    atOnce.shutdownNow();
  }
}
