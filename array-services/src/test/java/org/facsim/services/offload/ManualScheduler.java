/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicReference;

/** Steps run when the test lets time pass, on its thread. */
public final class ManualScheduler implements JobScheduler {
  private final AtomicReference<Instant> now;
  private final PriorityQueue<Due> due = new PriorityQueue<>();
  private long count;
  private boolean closed;
  private boolean refusing;

  private record Due(Instant at, long order, Runnable step) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = at.compareTo(other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  ManualScheduler(AtomicReference<Instant> now) {
    this.now = now;
  }

  public long nanoTime() {
    Instant time = now.get();
    return time.getEpochSecond() * 1_000_000_000L + time.getNano();
  }

  @Override
  public synchronized void schedule(Runnable step, Duration delay) {
    if (refusing) {
      refusing = false;
      throw new IllegalStateException("a defect, by a test");
    }
    if (!closed) {
      due.add(new Due(now.get().plus(delay), count++, step));
    }
  }

  /** Whoever schedules next meets a defect. */
  public synchronized void refuseNext() {
    refusing = true;
  }

  public synchronized int waiting() {
    return due.size();
  }

  /** Lets time pass and runs what is due on the way, each at its time. */
  public void pass(Duration time) {
    Instant end = now.get().plus(time);
    for (Due next = nextUntil(end); next != null; next = nextUntil(end)) {
      now.set(next.at);
      next.step.run();
    }
    now.set(end);
  }

  /** Runs what is due now and what that schedules for now, up to so many steps. */
  public int runDue(int maxSteps) {
    int steps = 0;
    while (steps < maxSteps) {
      Due next = nextUntil(now.get());
      if (next == null) {
        break;
      }
      next.step.run();
      steps++;
    }
    return steps;
  }

  private synchronized Due nextUntil(Instant end) {
    Due next = due.peek();
    return next == null || next.at.isAfter(end) ? null : due.poll();
  }

  @Override
  public synchronized void close() {
    closed = true;
    due.clear();
  }
}
