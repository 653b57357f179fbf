/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;

/**
 * Gathers mutations into groups and makes each group durable as a whole.
 *
 * <h2>One group</h2>
 *
 * <ol>
 *   <li>The next group is opened: what mutates from here on belongs to it.
 *   <li>Everything that changed is <em>cut</em>, volume by volume, each under its lock. A mutation
 *       that slipped into the cut although it was told the next group is durable early, never late.
 *   <li>The group is appended to the {@link GroupLog}, which sees to it that whatever the cut
 *       metadata names of payload is on the disk, and then that the batch is. This is the commit
 *       point.
 *   <li>Space that the group freed may be used again, and the waiters are told.
 * </ol>
 *
 * A crash before the third step leaves the state of the last group, after it that of this one.
 * Nothing that the last durable state names is overwritten meanwhile, because freed slots wait for
 * the fourth step. Several groups may be between the third step and the fourth, if the log allows
 * for them.
 *
 * <h2>When it fails</h2>
 *
 * Every waiter of the group is told (IO, or NO_SPACE if the operating system's disk is full), a new
 * write verifier is drawn, so that clients resend what they had not committed, and the batch is
 * kept: it is tried again before anything else is cut, so what is kept stays bounded. The source
 * rewrites the payload that may have been lost before it forces again. The array goes on; whoever
 * waits meanwhile is told of each failure. What changes meanwhile is bounded by {@link #admit}.
 *
 * <p>If memory ends during a cut, the batch is half a group. It is not appended before another cut
 * has completed it: the source forgets what changed only when it is in the batch.
 *
 * <p>Anything else that is thrown is a defect, and ends the groups for good: nothing is appended
 * any more, not when the array is closed either; waiters and mutations get IO. What was durable
 * before is what the next start finds.
 *
 * <p>Who commits: a thread of its own ({@link #start}), or a test through {@link #commit}. Commits
 * are one at a time. Waiters are called on their own executors, without any lock.
 */
public final class TransactionGroups implements AutoCloseable {
  /** What is made durable. */
  public interface Source {
    /**
     * Puts everything that changed since the last cut into the group's batch, and says what the
     * group needs of payload. If memory ends meanwhile, the next cut goes on with the same group:
     * it puts in everything that is not there as a whole change.
     */
    void cut(Group into);

    /** An empty batch. */
    default Batch newBatch() {
      return new Batch();
    }

    /** Everything up to and with this group is durable. */
    void durable(long group);
  }

  private final GroupPipeline pipeline;
  private final int maxInFlight;
  private final Runnable failed;
  private final LongConsumer heap;

  /** Held for a whole commit. */
  private final ReentrantLock commitLock = new ReentrantLock();

  /** Guards what follows it. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Waiters waiters = new Waiters();

  /** The last commit has been made. */
  private boolean finished;

  private volatile long open;
  private volatile long durable;

  /** Guarded by the commit lock: the last commit has been made. */
  private boolean ended;

  private final Admission admission = new Admission(System::nanoTime);

  private final Committer committer = new Committer(lock, new CommitterWork());

  /**
   * @param lastDurable the last group of the state that was loaded; 0 for a new array
   * @param failed called when a group failed, before its waiters are told: draw a new verifier
   */
  public TransactionGroups(Source source, GroupLog log, long lastDurable, Runnable failed) {
    this(source, log, lastDurable, failed, bytes -> {});
  }

  /**
   * The same.
   *
   * @param heap told how many bytes of the heap more, or less, are taken by what waits for a cut
   *     and by what is cut; from any thread, under locks
   */
  public TransactionGroups(
      Source source, GroupLog log, long lastDurable, Runnable failed, LongConsumer heap) {
    this.failed = failed;
    this.heap = heap;
    maxInFlight = log.maxInFlight();
    pipeline = new GroupPipeline(source, log, heap, this::becameDurable, committer::wake);
    durable = lastDurable;
    open = lastDurable + 1;
  }

  /** Starts a thread that commits until {@link #close}. */
  public void start(String threadName) {
    committer.start(threadName);
  }

  /** The group to which a mutation that has just been made belongs. */
  public long openGroup() {
    return open;
  }

  public boolean isDurable(long group) {
    return group <= durable;
  }

  /** Something changed; it will be durable within about a second. */
  public void noteChange() {
    committer.noteChange();
  }

  /**
   * To be asked before a mutation changes anything. Takes no lock.
   *
   * @throws ArrayException NO_SPACE, IO: groups fail, and what waits for them is as much as is
   *     kept; BUSY: the same, because the operating system's disk is slow; IO after a defect
   */
  public void admit() {
    admission.admit();
  }

  /** Whether so much waits for a cut that the background had better pause. Takes no lock. */
  public boolean isBehind() {
    return admission.isBehind();
  }

  /** About so many bytes more, or less, wait for a cut; if they are many it is made now. */
  public void addUncut(long bytes) {
    admission.addUncut(bytes);
    heap.accept(bytes); // it takes less now, and so much in the batch that it will be put into
    if (bytes > 0 && admission.isBehind()) {
      committer.hurry();
    }
  }

  /** So much has changed that it should be cut now, before a cut takes long. */
  public void hurry() {
    committer.hurry();
  }

  /**
   * Tells {@code done} on its executor when the group is durable (null), or that it failed. Makes
   * the committer hurry.
   *
   * @throws ArrayException IO if the array is closed
   */
  public void whenDurable(long group, Executor executor, Consumer<Throwable> done) {
    if (group > open) {
      throw new IllegalArgumentException("group " + group + " was never issued");
    }
    Waiters.Waiter waiter = new Waiters.Waiter(group, executor, done);
    ArrayException failure = null;
    lock.lock();
    try {
      if (group > durable && admission.isEnded()) {
        failure = admission.ending();
      } else if (group > durable) {
        if (finished) {
          throw closedArray();
        }
        waiters.add(waiter);
        committer.wake();
        return;
      }
    } finally {
      lock.unlock();
    }
    waiter.tell(failure);
  }

  private static ArrayException closedArray() {
    return new ArrayException(ArrayError.IO, "the array is closed");
  }

  /**
   * Makes all that was changed before this call durable, in the calling thread.
   *
   * @throws ArrayException NO_SPACE, IO: the waiters were told the same; IO if the array is closed
   *     or after a defect
   */
  public void commit() {
    ArrayException failure;
    commitLock.lock();
    try {
      if (ended) {
        throw closedArray();
      }
      failure = commitLocked(true);
    } finally {
      commitLock.unlock();
    }
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * Returns the failure, or null. What is thrown ends the groups.
   *
   * @param toTheEnd whether to wait until the group is durable
   */
  private ArrayException commitLocked(boolean toTheEnd) {
    return guarded(() -> commitOrKeep(toTheEnd));
  }

  private ArrayException guarded(Supplier<ArrayException> part) {
    admission.requireNotEnded();
    try {
      return part.get();
    } catch (RuntimeException | Error defect) {
      end(defect);
      throw defect;
    }
  }

  private ArrayException commitOrKeep(boolean toTheEnd) {
    long group = open;
    ArrayException failure = pipeline.awaitRoom();
    if (failure == null) {
      failure = pipeline.appendFailed();
    }
    if (failure == null) {
      closeGroup(group);
      failure = pipeline.cut(group);
    }
    if (failure == null) {
      failure = pipeline.settle(toTheEnd ? 0 : maxInFlight);
    }
    return note(group, failure);
  }

  /** Outcomes have arrived and nothing is to be cut. */
  private ArrayException settle() {
    return note(open, pipeline.settle(maxInFlight));
  }

  private ArrayException note(long group, ArrayException failure) {
    if (failure != null) {
      admission.failed(group, failure);
      failed.run();
      tell(group, failure);
    }
    return failure;
  }

  private void becameDurable(long group) {
    durable = group;
    admission.succeeded(group);
    tell(group, null);
  }

  private void closeGroup(long group) {
    lock.lock();
    try {
      committer.groupCloses();
      open = group + 1; // whoever is told this group has mutated before the cut
    } finally {
      lock.unlock();
    }
  }

  private void tell(long group, ArrayException failure) {
    List<Waiters.Waiter> told;
    lock.lock();
    try {
      told = waiters.take(group);
    } finally {
      lock.unlock();
    }
    told.forEach(waiter -> waiter.tell(failure));
  }

  /** What the committer does, each time with the commit lock held. */
  private final class CommitterWork implements Committer.Work {
    @Override
    public boolean isAwaited() {
      return waiters.anyFrom(open);
    }

    @Override
    public boolean isFailing() {
      return admission.isFailing();
    }

    @Override
    public boolean isEnded() {
      return admission.isEnded();
    }

    @Override
    public boolean hasOutcomes() {
      return pipeline.hasArrived();
    }

    @Override
    public void commit() {
      commitLock.lock();
      try {
        commitLocked(false);
      } finally {
        commitLock.unlock();
      }
    }

    @Override
    public void settle() {
      commitLock.lock();
      try {
        guarded(TransactionGroups.this::settle);
      } finally {
        commitLock.unlock();
      }
    }

    @Override
    public void end(Throwable defect) {
      TransactionGroups.this.end(defect);
    }
  }

  /** Nothing is appended from here on, and nobody may wait for ever. */
  private void end(Throwable defect) {
    lock.lock();
    try {
      admission.end(defect);
      committer.wake();
    } finally {
      lock.unlock();
    }
    tell(Long.MAX_VALUE, admission.ending());
  }

  /**
   * Commits what is left and ends the committer; only the first call does anything.
   *
   * @throws ArrayException as {@link #commit}; the committer is ended all the same
   */
  @Override
  public void close() {
    if (!committer.stop()) {
      return;
    }
    ArrayException failure;
    commitLock.lock();
    try {
      ended = true;
      failure = commitLocked(true);
    } finally {
      commitLock.unlock();
      finish();
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Ends the committer and commits nothing more; whoever waits is told IO. */
  public void abandon() {
    if (committer.stop()) {
      commitLock.lock();
      try {
        ended = true;
      } finally {
        commitLock.unlock();
      }
      finish();
    }
  }

  /** Whoever came after the last cut is told, and nobody comes any more. */
  private void finish() {
    lock.lock();
    try {
      finished = true;
    } finally {
      lock.unlock();
    }
    tell(Long.MAX_VALUE, closedArray());
  }
}
