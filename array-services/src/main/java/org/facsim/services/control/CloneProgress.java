/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.time.Instant;
import java.time.InstantSource;
import org.facsim.services.offload.JobState;

/**
 * How far a clone task is: its state, what it has done, and whether it may go on. The steps are
 * {@link CloneTask}'s. Thread-safe: any thread reads it or cancels the task.
 */
final class CloneProgress {
  private final CloneRequest request;
  private final InstantSource clock;
  private final Told told;
  private final long restoreCount;
  private final long starts;

  // Guarded by this.
  private ConsoleClone status;
  private boolean isCancelled;
  private String whyLost = "";

  /** Is told of each state. */
  interface Told {
    void changed(ConsoleClone status, JobState from);
  }

  static final class Cancelled extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  static final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Lost(String why) {
      super(why);
    }
  }

  CloneProgress(long id, CloneRequest request, InstantSource clock, Told told) {
    this.request = request;
    this.clock = clock;
    this.told = told;
    restoreCount = request.volume().array().restoreCount();
    starts = request.volume().array().starts();
    status =
        new ConsoleClone(
            id,
            request.sourceVolume().name(),
            request.sourcePath(),
            request.volume().name(),
            request.path(),
            request.profile().name(),
            request.isCopied(),
            JobState.QUEUED,
            "",
            0,
            0,
            0,
            clock.instant(),
            null);
  }

  CloneRequest request() {
    return request;
  }

  long restoreCount() {
    return restoreCount;
  }

  /** Whether the array still is the one that the task began with. */
  boolean isSameRun() {
    return request.volume().array().restoreCount() == restoreCount
        && request.volume().array().starts() == starts;
  }

  synchronized ConsoleClone status() {
    return status;
  }

  /** Ends it as soon as it can; does nothing if it has ended. */
  void cancel() {
    boolean isWaiting;
    synchronized (this) {
      isCancelled = true;
      isWaiting = status.state() == JobState.QUEUED;
    }
    if (isWaiting) {
      enter(JobState.ABORTED, "cancelled");
    }
  }

  /** The array goes: no step begins any more. */
  void lose(String why) {
    boolean isWaiting;
    synchronized (this) {
      whyLost = why;
      isWaiting = status.state() == JobState.QUEUED;
    }
    if (isWaiting) {
      enter(JobState.LOST, why);
    }
  }

  /** Returns whether the task is in this state now; a task that has ended stays as it is. */
  boolean enter(JobState next, String reason) {
    ConsoleClone now;
    JobState from;
    synchronized (this) {
      if (status.hasEnded()) {
        return false;
      }
      from = status.state();
      Instant end = next == JobState.RUNNING ? null : clock.instant();
      long done = next == JobState.SUCCEEDED ? status.totalBytes() : status.doneBytes();
      now = with(next, reason, status.files(), status.totalBytes(), done, end);
      status = now;
    }
    told.changed(now, from);
    return true;
  }

  private ConsoleClone with(
      JobState state, String reason, int fileCount, long totalBytes, long doneBytes, Instant end) {
    return new ConsoleClone(
        status.id(),
        status.sourceVolume(),
        status.sourcePath(),
        status.volume(),
        status.path(),
        status.profile(),
        status.isCopied(),
        state,
        reason,
        fileCount,
        totalBytes,
        doneBytes,
        status.startedAt(),
        end);
  }

  /** What is to be cloned. */
  synchronized void has(int fileCount, long totalBytes) {
    status = with(status.state(), "", fileCount, totalBytes, 0, null);
  }

  synchronized void did(long bytes) {
    long done = Math.min(status.totalBytes(), status.doneBytes() + bytes);
    status = with(status.state(), "", status.files(), status.totalBytes(), done, null);
  }

  /**
   * Before each step.
   *
   * @throws Cancelled somebody cancelled it
   * @throws Lost the array is another one now
   */
  void checkGoesOn() {
    synchronized (this) {
      if (isCancelled) {
        throw new Cancelled();
      }
      if (!whyLost.isEmpty()) {
        throw new Lost(whyLost);
      }
    }
    if (request.volume().array().restoreCount() != restoreCount) {
      throw new Lost("a named state was restored meanwhile");
    }
    if (request.volume().array().starts() != starts) {
      throw new Lost("the array went away meanwhile");
    }
  }
}
