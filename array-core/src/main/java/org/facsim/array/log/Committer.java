/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that commits groups, and the decision when it does: a second after the first change,
 * at once if somebody waits for the open group or much has changed, and 100 ms after a failure.
 *
 * <p>Thread-safe. It shares the lock of {@link TransactionGroups}.
 */
final class Committer {
  /** Without waiters and without much to write, a group closes after this time. */
  private static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** After a failure the next attempt comes after this time, whoever waits. */
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

  /** What the committer does, and what it has to know about it. */
  interface Work {
    /** Whether somebody waits for the open group. It is called with the lock held. */
    boolean isAwaited();

    /** Whether the last attempt failed. */
    boolean isFailing();

    /** Whether nothing is committed any more. */
    boolean isEnded();

    /** Whether groups have an outcome that {@link #settle} has not seen yet. */
    boolean hasOutcomes();

    /** Commits. What it throws ends the committer. */
    void commit();

    /** Looks at outcomes, and cuts nothing. What it throws ends the committer. */
    void settle();

    /** The committer ends because this was thrown. */
    void end(Throwable defect);
  }

  private enum Task {
    COMMIT,
    SETTLE,
    END
  }

  private final ReentrantLock lock;
  private final Condition wanted;
  private final Work work;
  private volatile boolean changed;
  private volatile boolean urgent;
  private boolean closed;
  private volatile Thread thread;

  /**
   * @param lock guards this
   */
  Committer(ReentrantLock lock, Work work) {
    this.lock = lock;
    this.work = work;
    wanted = lock.newCondition();
  }

  /** Starts the thread. It commits until {@link #stop}. */
  void start(String threadName) {
    Thread committer = new Thread(this::run, threadName);
    committer.setDaemon(true);
    thread = committer;
    committer.start();
  }

  /** Something changed. It is committed within about a second. */
  void noteChange() {
    if (!changed) {
      lock.lock();
      try {
        changed = true;
        wanted.signal();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Has it commit now. */
  void hurry() {
    if (!urgent) {
      lock.lock();
      try {
        urgent = true;
        wanted.signal();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Has it look again at what there is to do. */
  void wake() {
    lock.lock();
    try {
      wanted.signal();
    } finally {
      lock.unlock();
    }
  }

  /** The group that has all changes so far is about to be cut. The lock is held. */
  void groupCloses() {
    changed = false;
    urgent = false;
  }

  /**
   * Ends the thread, and waits for its end.
   *
   * @return whether it was still to be ended
   * @throws IllegalStateException if the thread itself calls this, because it cannot wait for its
   *     own end; nothing is changed then
   */
  boolean stop() {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException(
          "the committer cannot close its array; a waiter's executor must have a thread of its own");
    }
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      closed = true;
      wanted.signal();
    } finally {
      lock.unlock();
    }
    join();
    return true;
  }

  private void join() {
    boolean interrupted = false;
    while (thread != null && thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      Task task = awaitTask();
      while (task != Task.END) {
        if (task == Task.COMMIT) {
          work.commit();
        } else {
          work.settle();
        }
        task = awaitTask();
      }
    } catch (RuntimeException | Error e) {
      work.end(e); // nobody may wait for a thread that is gone
    }
  }

  private Task awaitTask() {
    lock.lock();
    try {
      boolean failing = work.isFailing();
      long left = failing ? RETRY_NANOS : MAX_AGE_NANOS;
      while (!closed && !work.isEnded()) {
        boolean due = (changed || failing) && left <= 0;
        boolean pressing = !failing && (urgent || work.isAwaited());
        if (due || pressing) {
          return Task.COMMIT;
        }
        if (work.hasOutcomes()) {
          return Task.SETTLE;
        }
        try {
          if (changed || failing) {
            left = wanted.awaitNanos(left);
          } else {
            wanted.await();
          }
        } catch (InterruptedException e) {
          LOG.warn("the committer was interrupted and goes on: only closing ends it");
        }
      }
      return Task.END;
    } finally {
      lock.unlock();
    }
  }
}
