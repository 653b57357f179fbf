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
 * Collects mutations in groups, and makes each group durable as a whole.
 *
 * <h2>One group</h2>
 *
 * <ol>
 *   <li>The next group is opened. Mutations belong to it from then on.
 *   <li>Everything that changed is <em>cut</em>, volume by volume, each under its lock. A mutation
 *       that was told the next group may still be in this cut. Then it is durable earlier than it
 *       was told, which does no harm.
 *   <li>The group is appended to the {@link GroupLog}, which first makes the payload durable that
 *       the cut metadata names, and then the batch. This is the commit point.
 *   <li>The space that the group freed may be used again, and the waiters are told.
 * </ol>
 *
 * After a crash before the third step, the array is as it was at the end of the previous group;
 * after a crash behind it, as it was at the end of this group. Nothing that the last durable group
 * names is overwritten meanwhile, because freed slots wait for the fourth step. If the log allows
 * it, several groups may be between the third step and the fourth.
 *
 * <h2>When it fails</h2>
 *
 * Every waiter of the group is told (IO, or NO_SPACE if the operating system's disk is full). The
 * array draws a new write verifier, so that clients send again what they have not committed. The
 * batch is kept and tried again before anything else is cut, so there is never more than one group
 * to keep for each place in the log. The source rewrites payload that may be lost before it forces
 * again. The array goes on, and whoever waits meanwhile is told of each failure. {@link #admit}
 * bounds what changes meanwhile.
 *
 * <p>If memory ends during a cut, the batch is half a group. It is not appended until another cut
 * has completed it. That is possible because the source forgets a change only when the change is in
 * the batch.
 *
 * <p>Anything else that is thrown is a defect, and ends the groups for good. Nothing is appended
 * any more, not even when the array is closed, and waiters and mutations get IO. The next start
 * finds what was durable before.
 *
 * <p>A thread of its own commits ({@link #start}), or a caller through {@link #commit}. Commits run
 * one at a time. Waiters are told through their own executors.
 */
public final class TransactionGroups implements AutoCloseable {
  /** Whose changes are made durable. */
  public interface Source {
    /**
     * Puts everything that changed since the last cut into the group's batch, and says what the
     * group needs of payload. If memory ends meanwhile, the next cut continues the same group, and
     * adds every change that is not in the batch as a whole.
     */
    void cut(Group into);

    /** Makes an empty batch. */
    default Batch newBatch() {
      return new Batch();
    }

    /** This group is durable, and so are all groups before it. */
    void durable(long group);
  }

  private final GroupPipeline pipeline;
  private final int maxInFlight;
  private final Runnable failed;
  private final LongConsumer heap;

  /** Held for a whole commit. */
  private final ReentrantLock commitLock = new ReentrantLock();

  /** Guards the waiters, the open group and {@code finished}. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Waiters waiters = new Waiters();

  /** Whether the last commit was made and everyone was told. */
  private boolean finished;

  private volatile long open;
  private volatile long durable;

  /** Whether the last commit was begun. The commit lock guards it. */
  private boolean ended;

  private final Admission admission = new Admission(System::nanoTime);

  private final Committer committer = new Committer(lock, new CommitterWork());

  /**
   * @param lastDurable the last group of the state that was loaded; 0 for a new array
   * @param failed is called when a group failed, before its waiters are told, and draws a new
   *     verifier
   */
  public TransactionGroups(Source source, GroupLog log, long lastDurable, Runnable failed) {
    this(source, log, lastDurable, failed, bytes -> {});
  }

  /**
   * The same.
   *
   * @param heap is told how many more bytes of the heap are taken, or fewer if negative, by changes
   *     that wait for a cut and by batches; it is called by any thread, with locks held
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

  /** The group to which a mutation belongs that has just been made. */
  public long openGroup() {
    return open;
  }

  public boolean isDurable(long group) {
    return group <= durable;
  }

  /** Notes that something changed. It becomes durable within about a second. */
  public void noteChange() {
    committer.noteChange();
  }

  /**
   * Asks for admission, before a mutation changes anything. Takes no lock.
   *
   * @throws ArrayException NO_SPACE or IO if groups fail and as much waits for them as may wait;
   *     BUSY if as much waits because the operating system's disk is slow; IO after a defect
   */
  public void admit() {
    admission.admit();
  }

  /**
   * Makes durable that the array was opened, as {@link #commit}. If the disk is full for that, the
   * array can be read, and {@link #admit} refuses every change until it could be stored: before, a
   * crash would be taken for an orderly close, and numbers be given out twice.
   *
   * @throws ArrayException IO
   */
  public void begin() {
    try {
      commit();
    } catch (ArrayException e) {
      if (e.error() != ArrayError.NO_SPACE) {
        throw e;
      }
      admission.refuseUntilSuccess(e);
    }
  }

  /** Whether the background should pause because much waits for a cut. Takes no lock. */
  public boolean isBehind() {
    return admission.isBehind();
  }

  /**
   * Notes about how many more bytes wait for a cut, or fewer if negative. If many wait, they are
   * cut now.
   */
  public void addUncut(long bytes) {
    admission.addUncut(bytes);
    heap.accept(bytes); // an estimate of what it takes now and in its batch
    if (bytes > 0 && admission.isBehind()) {
      committer.hurry();
    }
  }

  /** Has the committer cut now, because a later cut would take long. */
  public void hurry() {
    committer.hurry();
  }

  /**
   * Runs {@code done} on its executor, with null when the group is durable, or with the failure.
   * The committer commits at once.
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
   * Makes everything durable that was changed before this call, in the calling thread.
   *
   * @throws ArrayException NO_SPACE or IO, as the waiters were told, too; IO if the array is
   *     closed, or after a defect
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

  /** Takes the outcomes that have arrived, without cutting anything. */
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
      open = group + 1; // a mutation that was told this group comes before the cut
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

  /** From now on nothing is appended, and nobody waits any more. */
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
   * Commits what is left, and ends the committer. Only the first call does anything.
   *
   * @throws ArrayException as {@link #commit}; the committer has ended all the same
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

  /** Ends the committer, and commits nothing more. Whoever waits is told IO. */
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

  /** Tells waiters that came after the last cut. No waiter can come any more. */
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
