/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.facsim.array.Caller;
import org.facsim.array.FileHandle;
import org.facsim.services.explain.CloneReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A clone job, as one state machine.
 *
 * <pre>
 *  QUEUED ----> RUNNING ----> SUCCEEDED
 *     |            |--------> FAILED
 *     |            |--------> ABORTED
 *     |            '--------> LOST
 *     '--> FAILED, ABORTED, LOST
 * </pre>
 *
 * <p>A job that shares blocks is queued, runs and succeeds within one call; only a durable array
 * keeps it RUNNING until its transaction group is on stable storage. A job that copies runs as long
 * as its copy takes. After {@link #commit}, what was done cannot be undone, so the job cannot be
 * aborted any more.
 */
final class CloneWork {
  private static final Logger LOG = LoggerFactory.getLogger(CloneWork.class);

  private final long id;
  private final String volumeName;
  private final String client;
  private final long ownerUid;
  private final long restoreCount;
  private final CompletableFuture<JobSnapshot> finished = new CompletableFuture<>();

  // Guarded by this. The listener is called with the lock held, so that it is told the true order.
  private JobState state = JobState.QUEUED;
  private Optional<OffloadError> error = Optional.empty();
  private String reason = "accepted";
  private long totalBytes;
  private long doneBytes;
  private long sharedBytes;
  private long copiedBytes;
  private boolean abortable = true;
  private Optional<FileHandle> destination = Optional.empty();

  /** Null once the job is over and nobody will ask about it. */
  private CloneReport report;

  /** Null once the job has ended, so that a remembered job keeps nothing else in memory. */
  private Consumer<Transition> listener;

  /** A change of state that the listener is told after it happened. */
  record Transition(
      long jobId,
      JobState from,
      JobState to,
      Optional<OffloadError> error,
      String reason,
      long totalBytes) {}

  /**
   * Makes a job that waits for its turn.
   *
   * @param volumeName the name of the destination's volume
   * @param client the address of the host that asked
   * @param restoreCount how often the array had been restored when the clone was asked for
   * @param report where questions about the job are counted
   */
  CloneWork(
      long id,
      String volumeName,
      String client,
      Caller owner,
      long restoreCount,
      CloneReport report,
      Consumer<Transition> listener) {
    this.id = id;
    this.volumeName = volumeName;
    this.client = client;
    this.ownerUid = owner.uid();
    this.restoreCount = restoreCount;
    this.report = report;
    this.listener = listener;
  }

  long id() {
    return id;
  }

  /** The name that the destination's volume had when the clone was asked for. */
  String volumeName() {
    return volumeName;
  }

  /** The address of the host that asked. */
  String client() {
    return client;
  }

  /** How often the array had been restored when the clone was asked for. */
  long restoreCount() {
    return restoreCount;
  }

  /** A host asks how the job stands. */
  synchronized void asked() {
    if (report != null) {
      report.asked();
    }
  }

  /** A host was told how it ended, and questions are counted no more. */
  synchronized void forgetReport() {
    report = null;
  }

  /** Completes with the final state. */
  CompletableFuture<JobSnapshot> finished() {
    return finished;
  }

  synchronized boolean isFinished() {
    return state.isFinal();
  }

  /** The job now. */
  synchronized JobSnapshot snapshot() {
    return new JobSnapshot(
        id, state, error, reason, totalBytes, doneBytes, sharedBytes, copiedBytes, destination);
  }

  /** What is known before the job runs. */
  synchronized void expect(FileHandle target, long sizeBytes) {
    totalBytes = sizeBytes;
    destination = Optional.of(target);
  }

  /** Sets the size that the destination will have; for a destination that is still to be made. */
  synchronized void expect(long sizeBytes) {
    totalBytes = sizeBytes;
  }

  /** Leaves the queue. Returns whether the job may run; it may not if it ended before its turn. */
  boolean start() {
    return moveUnlessFinished(JobState.RUNNING, null, "running");
  }

  /**
   * Counts what was done since the last time. The done bytes never exceed the total and never
   * shrink.
   */
  synchronized void progress(long moreDone, long moreShared, long moreCopied) {
    doneBytes = Math.min(totalBytes, doneBytes + moreDone);
    sharedBytes += moreShared;
    copiedBytes += moreCopied;
  }

  /**
   * Notes that the job is about to take its last step, which cannot be undone.
   *
   * @return whether it may; it may not if it has ended before
   */
  synchronized boolean commit() {
    if (state != JobState.RUNNING) {
      return false;
    }
    abortable = false;
    return true;
  }

  /**
   * Records what the only step of a sharing clone did.
   *
   * @param sizeBytes the source's size, all of it done
   * @param mappedBytes how many of these are mapped and shared
   */
  synchronized void sharedAll(FileHandle target, long sizeBytes, long mappedBytes) {
    totalBytes = sizeBytes;
    doneBytes = sizeBytes;
    sharedBytes = Math.min(mappedBytes, sizeBytes);
    destination = Optional.of(target);
    abortable = false;
  }

  void succeed(String words) {
    moveUnlessFinished(JobState.SUCCEEDED, null, words);
  }

  void fail(OffloadError why, String words) {
    moveUnlessFinished(JobState.FAILED, why, words);
  }

  /** Ends the job because the array stops, or is restored to a named state. */
  void lose(String words) {
    moveUnlessFinished(JobState.LOST, OffloadError.LOST, words);
  }

  /**
   * Aborts the job if that is still possible; the snapshot says whether it was.
   *
   * @throws OffloadFailure PERM unless the caller is root or asked for the clone
   */
  JobSnapshot abort(Caller caller, String words) {
    if (!caller.isRoot() && caller.uid() != ownerUid) {
      throw new OffloadFailure(
          OffloadError.NOT_PERMITTED,
          "clone job " + id + " is of another user than " + caller.uid());
    }
    boolean aborted;
    synchronized (this) {
      if (report != null) {
        report.askedToAbort();
      }
      aborted =
          abortable && !state.isFinal() && move(JobState.ABORTED, OffloadError.ABORTED, words);
    }
    if (aborted) {
      finished.complete(snapshot());
    }
    return snapshot();
  }

  private boolean moveUnlessFinished(JobState next, OffloadError errorOrNull, String words) {
    synchronized (this) {
      if (state.isFinal()) {
        return false;
      }
      move(next, errorOrNull, words);
    }
    if (next.isFinal()) {
      finished.complete(snapshot());
    }
    return true;
  }

  /** The only place where the state changes. The lock is held; the caller completes the future. */
  private boolean move(JobState next, OffloadError errorOrNull, String words) {
    if (!isAllowed(state, next)) {
      throw new IllegalStateException("clone job " + id + ": " + state + " to " + next);
    }
    JobState before = state;
    state = next;
    error = Optional.ofNullable(errorOrNull);
    reason = words;
    if (next == JobState.SUCCEEDED) {
      doneBytes = totalBytes;
    }
    LOG.debug("clone job {}: {} -> {}, {} ({})", id, before, next, errorOrNull, words);
    listener.accept(new Transition(id, before, next, error, words, totalBytes));
    if (next.isFinal()) {
      listener = null;
    }
    return true;
  }

  static boolean isAllowed(JobState from, JobState to) {
    return switch (from) {
      case QUEUED -> to == JobState.RUNNING || (to.isFinal() && to != JobState.SUCCEEDED);
      case RUNNING -> to.isFinal();
      case NONE, SUCCEEDED, FAILED, ABORTED, LOST -> false;
    };
  }
}
