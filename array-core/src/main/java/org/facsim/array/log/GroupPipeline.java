/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;

/**
 * The groups between their cut and their durability, in order: one that was cut only in part, those
 * that failed and have to be appended again, and those that the log has.
 *
 * <p>Whoever holds the commit lock uses it. Outcomes arrive from any thread and wait until the
 * holder of the commit lock settles them.
 */
final class GroupPipeline implements GroupLog.Outcomes {
  /**
   * What became of a group.
   *
   * @param failure null if it is durable
   */
  private record Outcome(Group group, Throwable failure) {}

  private final TransactionGroups.Source source;
  private final GroupLog log;
  private final LongConsumer heap;

  /** Is told of each group that is durable, after the source. */
  private final LongConsumer durable;

  /** Is told that an outcome has arrived. */
  private final Runnable arrived;

  /** The group during whose cut memory ended; null if there is none. */
  private Group half;

  private final Deque<Group> failed = new ArrayDeque<>();
  private final Deque<Group> inFlight = new ArrayDeque<>();

  /** How many bytes all groups were charged last. */
  private long chargedBytes;

  /** Guards what follows it. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition outcome = lock.newCondition();
  private final Deque<Outcome> outcomes = new ArrayDeque<>();

  GroupPipeline(
      TransactionGroups.Source source,
      GroupLog log,
      LongConsumer heap,
      LongConsumer durable,
      Runnable arrived) {
    this.source = source;
    this.log = log;
    this.heap = heap;
    this.durable = durable;
    this.arrived = arrived;
  }

  // ---------------------------------------------------------------- outcomes, from any thread

  @Override
  public void durable(Group group) {
    arrive(new Outcome(group, null));
  }

  @Override
  public void failed(Group group, Throwable why) {
    arrive(new Outcome(group, why));
  }

  @Override
  public void termLost(long newTerm) {
    String what = "another node may append since term " + newTerm + "; the array is to be loaded";
    arrive(new Outcome(null, new IllegalStateException(what)));
  }

  private void arrive(Outcome one) {
    lock.lock();
    try {
      outcomes.add(one);
      outcome.signal();
    } finally {
      lock.unlock();
    }
    arrived.run();
  }

  /** Whether {@link #settle} would find something. */
  boolean hasArrived() {
    lock.lock();
    try {
      return !outcomes.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  // ---------------------------------------------------------------- by whoever commits

  /** Waits until the log takes another group. Returns the failure, or null. */
  ArrayException awaitRoom() {
    return settle(log.maxInFlight() - 1);
  }

  /** Appends again what failed, one group after another. Returns the failure, or null. */
  ArrayException appendFailed() {
    ArrayException failure = null;
    while (failure == null && !failed.isEmpty()) {
      append(failed.removeFirst());
      failure = settle(0);
    }
    return failure;
  }

  /**
   * Cuts a group, or completes the one that was cut in part, and appends it. The log has room for
   * it.
   */
  ArrayException cut(long number) {
    try {
      if (half == null) {
        half = new Group(log.term(), number, source.newBatch());
      }
      half.setNumber(number);
      source.cut(half);
    } catch (OutOfMemoryError e) {
      if (half != null) {
        half.batch().dropUnfinished();
      }
      return noMemory(e);
    } finally {
      charge();
    }
    Group whole = half;
    half = null;
    append(whole);
    return null;
  }

  private void append(Group group) {
    inFlight.addLast(group);
    if (group.batch().isEmpty()) {
      arrive(new Outcome(group, null)); // nothing to keep
    } else {
      log.append(group, this);
    }
  }

  /**
   * Takes the outcomes that have arrived, and waits until at most {@code maxInFlight} groups are
   * without an outcome. If a group has failed, it waits until none is.
   *
   * @return the first failure, or null
   */
  ArrayException settle(int maxInFlight) {
    ArrayException failure = null;
    Outcome next = next(inFlight.size() > maxInFlight);
    while (next != null) {
      if (next.failure() instanceof ArrayException e) {
        failure = failure == null ? e : failure;
        inFlight.remove(next.group());
        failed.addLast(next.group());
      } else if (next.failure() != null
          || failure != null
          || next.group() != inFlight.peekFirst()) {
        throw defect(next);
      } else {
        inFlight.removeFirst();
        source.durable(next.group().number());
        durable.accept(next.group().number());
      }
      next = next(inFlight.size() > (failure == null ? maxInFlight : 0));
    }
    charge();
    return failure;
  }

  private static RuntimeException defect(Outcome met) {
    if (met.failure() instanceof Error error) {
      throw error;
    }
    return met.failure() instanceof RuntimeException e
        ? e
        : new IllegalStateException("the log tells of groups out of order", met.failure());
  }

  /** It is not interruptible, because a group cannot end in any other way. */
  private Outcome next(boolean waits) {
    lock.lock();
    try {
      while (waits && outcomes.isEmpty()) {
        outcome.awaitUninterruptibly();
      }
      return outcomes.pollFirst();
    } finally {
      lock.unlock();
    }
  }

  private void charge() {
    long bytes = half == null ? 0 : half.batch().heapBytes();
    for (Group group : failed) {
      bytes += group.batch().heapBytes();
    }
    for (Group group : inFlight) {
      bytes += group.batch().heapBytes();
    }
    heap.accept(bytes - chargedBytes);
    chargedBytes = bytes;
  }

  static ArrayException noMemory(OutOfMemoryError e) {
    return new ArrayException(
        ArrayError.NO_SPACE, "the operating system has no memory: " + e.getMessage());
  }
}
