/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Time that passes when somebody says so, and then at once. {@link #advance} runs everything that
 * falls due on its way, in the order of time and then of registration, each at its own moment, on
 * the thread of the caller.
 *
 * <p><b>Servers.</b> Answers come over sockets, in the machine's time. Before each step, time waits
 * until everything that was expected ({@link #expect}) has come. It goes on without those that are
 * missing when nothing at all has come for {@link #PATIENCE}: they count as silent, and so does
 * their path, on which later calls get {@link #PATIENCE_WITH_A_SILENT_PATH} only, until one of the
 * missing has come after all. The cost of a silent server is therefore one wait, whatever the time
 * that passes.
 *
 * <p><b>Sleepers.</b> A thread that {@link #sleep}s waits until another thread has advanced the
 * time that far. If there is only one thread, {@link #movedBySleepers} makes a time that a sleeper
 * advances itself.
 */
public final class SteppedTime implements HostTime {
  /** By the machine's clock. */
  static final Duration PATIENCE = Duration.ofSeconds(1);

  /** By the machine's clock. */
  static final Duration PATIENCE_WITH_A_SILENT_PATH = Duration.ofMillis(20);

  private static final Instant DEFAULT_START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Executor WORKERS = SystemTime.workerThreads("stepped-worker");

  private final Instant start;
  private final boolean sleepersMoveTime;
  private final Expectations expectations;
  private final Clock clock = new OfThis();

  /** Held by the thread that advances; taken before the monitor. */
  private final ReentrantLock advancing = new ReentrantLock();

  // Written under the monitor of this object.
  private final TreeSet<Due> dues = new TreeSet<>();
  private long registrations;
  private volatile long elapsedNanos;

  private SteppedTime(Instant start, boolean sleepersMoveTime, Duration patience) {
    this.start = start;
    this.sleepersMoveTime = sleepersMoveTime;
    this.expectations = new Expectations(patience, PATIENCE_WITH_A_SILENT_PATH);
  }

  /** Begins at a fixed moment, the same in each run. */
  public SteppedTime() {
    this(DEFAULT_START);
  }

  public SteppedTime(Instant start) {
    this(start, false, PATIENCE);
  }

  /**
   * Time that a sleeper advances by as long as it sleeps, so that a task that waits needs no second
   * thread. Of several sleepers each adds its own time, one after the other.
   */
  public static SteppedTime movedBySleepers(Instant start) {
    return movedBySleepers(start, PATIENCE);
  }

  /** Likewise, with another patience with servers, by the machine's clock. */
  public static SteppedTime movedBySleepers(Instant start, Duration patience) {
    return new SteppedTime(start, true, patience);
  }

  /** The same kind of time with another patience with servers, by the machine's clock. */
  public static SteppedTime withPatience(Duration patience) {
    return new SteppedTime(DEFAULT_START, false, patience);
  }

  private final class Due implements Comparable<Due>, Timer {
    final long atNanos;
    final long registration;
    final Runnable task;

    Due(long atNanos, long registration, Runnable task) {
      this.atNanos = atNanos;
      this.registration = registration;
      this.task = task;
    }

    @Override
    public int compareTo(Due other) {
      int byTime = Long.compare(atNanos, other.atNanos);
      return byTime != 0 ? byTime : Long.compare(registration, other.registration);
    }

    @Override
    public void cancel() {
      synchronized (SteppedTime.this) {
        dues.remove(this);
      }
    }
  }

  /** Follows the time. */
  private final class OfThis extends Clock {
    @Override
    public Instant instant() {
      return start.plusNanos(elapsedNanos);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @Override
  public Clock clock() {
    return clock;
  }

  @Override
  public long nanoTime() {
    return elapsedNanos;
  }

  @Override
  public synchronized Timer after(Duration delay, Runnable task) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("delay of " + delay + "; allowed: 0 and more");
    }
    Due due = new Due(Math.addExact(elapsedNanos, delay.toNanos()), registrations++, task);
    dues.add(due);
    return due;
  }

  /** How many timers run. */
  public synchronized int timers() {
    return dues.size();
  }

  /**
   * Lets time pass. What falls due meanwhile has run when this returns, and what servers answer to
   * it has come; what silent servers owe has not.
   *
   * @param by zero or more; zero runs what is due now
   * @throws IllegalStateException if a task of this time calls it; if a task failed, with the cause
   */
  public void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("advance by " + by + "; allowed: 0 and more");
    }
    if (advancing.isHeldByCurrentThread()) {
      throw new IllegalStateException("a task of this time cannot let it pass");
    }
    advancing.lock();
    try {
      advanceTo(Math.addExact(elapsedNanos, by.toNanos()));
    } finally {
      advancing.unlock();
    }
  }

  private void advanceTo(long targetNanos) {
    RuntimeException failure = null;
    expectations.settle();
    for (Due due = next(targetNanos); due != null; due = next(targetNanos)) {
      try {
        due.task.run();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = new IllegalStateException("a task failed at " + clock.instant(), e);
        } else {
          failure.addSuppressed(e);
        }
      }
      expectations.settle();
    }
    synchronized (this) {
      elapsedNanos = targetNanos;
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Takes what is due next, and moves the time there; null if nothing is due until then. */
  private synchronized Due next(long targetNanos) {
    if (dues.isEmpty() || dues.first().atNanos > targetNanos) {
      return null;
    }
    Due due = dues.pollFirst();
    elapsedNanos = Math.max(elapsedNanos, due.atNanos);
    return due;
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    if (sleepersMoveTime) {
      advance(time);
      return;
    }
    CountDownLatch over = new CountDownLatch(1);
    Timer timer = after(time, over::countDown);
    try {
      over.await();
    } finally {
      timer.cancel();
    }
  }

  @Override
  public Executor workers() {
    return WORKERS;
  }

  @Override
  public <T> CompletableFuture<T> expect(Object path, CompletableFuture<T> answer) {
    expectations.add(path, answer);
    return answer;
  }
}
