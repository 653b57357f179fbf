/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.time.Duration;
import org.facsim.array.Inode;

/**
 * A clone that shares blocks and has a fault: its bytes count as done at the fault's pace, and the
 * blocks are shared at the end, in one step. Whatever ends the job before that has changed nothing.
 */
final class PacedShare {
  private final CloneWork job;
  private final Inode destinationOrNull;
  private final JobScheduler scheduler;
  private final JobEnd end;
  private final JobPace pace;
  private final Runnable share;
  private final long sizeBytes;

  // Of the steps, which follow each other.
  private long doneBytes;

  /**
   * @param sizeBytes how much is cloned
   * @param destinationOrNull null if the clone makes it
   * @param share the step at the end, of a job that runs
   */
  PacedShare(
      CloneWork job,
      long sizeBytes,
      Inode destinationOrNull,
      JobScheduler scheduler,
      JobEnd end,
      JobPace pace,
      Runnable share) {
    this.job = job;
    this.sizeBytes = sizeBytes;
    this.destinationOrNull = destinationOrNull;
    this.scheduler = scheduler;
    this.end = end;
    this.pace = pace;
    this.share = share;
  }

  void run() {
    if (!job.start()) {
      return;
    }
    if (destinationOrNull == null) {
      job.expect(sizeBytes);
    } else {
      job.expect(destinationOrNull.handle(), sizeBytes);
    }
    scheduler.schedule(this::step, Duration.ZERO);
  }

  private void step() {
    if (job.isFinished()) {
      return;
    }
    try {
      switch (pace.stopAt(doneBytes, sizeBytes)) {
        case FAILED -> throw pace.failure();
        case STALLED -> pace.whenResumed(() -> scheduler.schedule(this::step, Duration.ZERO));
        case NONE -> goOn();
      }
    } catch (RuntimeException | Error e) {
      end.fail(job, e);
    }
  }

  private void goOn() {
    if (doneBytes >= sizeBytes) {
      share.run();
      return;
    }
    long left = pace.nextStopBytes(doneBytes, sizeBytes) - doneBytes;
    long piece = Math.min(pace.pieceBytes(left), left);
    doneBytes += piece;
    job.progress(piece, 0, 0);
    scheduler.schedule(this::step, pace.pause(piece));
  }
}
