/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.facsim.array.FileHandle;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.JobState;
import org.facsim.protocol.vaai.Opaque;
import org.facsim.protocol.vaai.VaaiStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A clone job: one state machine.
 *
 * <pre>
 *  QUEUED ----> RUNNING ----> SUCCEEDED
 *     |            |--------> FAILED
 *     |            |--------> ABORTED
 *     |            '--------> LOST
 *     '--> FAILED, ABORTED, LOST
 * </pre>
 *
 * <p>Today's clones share blocks: a job is queued, runs and succeeds within one call, and only a
 * durable array keeps it RUNNING until its transaction group is on stable storage. What it has done
 * by then cannot be undone, so it is not abortable; a job that copies will be.
 */
final class CloneWork {
  private static final Logger LOG = LoggerFactory.getLogger(CloneWork.class);

  private final long id;
  private final Consumer<Transition> listener;
  private final CompletableFuture<CloneJob> finished = new CompletableFuture<>();

  // Guarded by this; the listener is called with the lock held, so that it hears the true order.
  private JobState state = JobState.QUEUED;
  private VaaiStatus outcome = VaaiStatus.OK;
  private String reason = "accepted";
  private long totalBytes;
  private long doneBytes;
  private long sharedBytes;
  private boolean abortable = true;
  private Opaque destination = Opaque.EMPTY;

  /** A change of state, told after it happened. */
  record Transition(
      long jobId, JobState from, JobState to, VaaiStatus outcome, String reason, long totalBytes) {}

  CloneWork(long id, Consumer<Transition> listener) {
    this.id = id;
    this.listener = listener;
  }

  long id() {
    return id;
  }

  /** Completes with the final state. */
  CompletableFuture<CloneJob> finished() {
    return finished;
  }

  synchronized boolean isFinished() {
    return state.isFinal();
  }

  /** The job as the wire shows it. */
  synchronized CloneJob snapshot() {
    return new CloneJob(
        id, state, outcome, reason, totalBytes, doneBytes, sharedBytes, 0, destination);
  }

  /** Leaves the queue. */
  void start() {
    moveTo(JobState.RUNNING, VaaiStatus.OK, "running");
  }

  /**
   * Records what the one step of a sharing clone did; from here on there is no way back.
   *
   * @param sizeBytes the source's size, all of it done
   * @param mappedBytes of these, what is mapped and shared
   */
  synchronized void sharedAll(FileHandle target, long sizeBytes, long mappedBytes) {
    totalBytes = sizeBytes;
    doneBytes = sizeBytes;
    sharedBytes = Math.min(mappedBytes, sizeBytes);
    destination = Opaque.of(target.toBytes());
    abortable = false;
  }

  void succeed() {
    moveTo(JobState.SUCCEEDED, VaaiStatus.OK, "blocks shared");
  }

  void fail(VaaiStatus why, String words) {
    moveTo(JobState.FAILED, why, words);
  }

  /** Aborts the job if it is still possible; the snapshot tells. */
  synchronized CloneJob abort(String words) {
    if (!state.isFinal() && abortable) {
      moveTo(JobState.ABORTED, VaaiStatus.ABORTED, words);
    }
    return snapshot();
  }

  /** The only place where the state changes. */
  private void moveTo(JobState next, VaaiStatus newOutcome, String words) {
    CloneJob last;
    synchronized (this) {
      if (!isAllowed(state, next)) {
        throw new IllegalStateException("clone job " + id + ": " + state + " to " + next);
      }
      JobState before = state;
      state = next;
      outcome = newOutcome;
      reason = words;
      LOG.debug("clone job {}: {} -> {}, {} ({})", id, before, next, newOutcome, words);
      listener.accept(new Transition(id, before, next, newOutcome, words, totalBytes));
      last = snapshot();
    }
    if (next.isFinal()) {
      finished.complete(last);
    }
  }

  static boolean isAllowed(JobState from, JobState to) {
    return switch (from) {
      case QUEUED -> to == JobState.RUNNING || (to.isFinal() && to != JobState.SUCCEEDED);
      case RUNNING -> to.isFinal();
      case NONE, SUCCEEDED, FAILED, ABORTED, LOST -> false;
    };
  }
}
