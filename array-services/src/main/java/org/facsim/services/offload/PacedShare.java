/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.time.Duration;

/**
 * A clone that shares blocks and has a fault: its bytes count as done at the fault's pace, and the
 * blocks are shared at the end, in the one step of {@link SharingClone}. Whatever ends the job
 * before that has changed nothing.
 */
final class PacedShare {
  private final CloneWork job;
  private final ClonePlanner.Plan plan;
  private final JobScheduler scheduler;
  private final JobEnd end;
  private final JobPace pace;
  private final SharingClone share;
  private final long sizeBytes;

  // Of the steps, which follow each other.
  private long doneBytes;

  PacedShare(
      CloneWork job,
      ClonePlanner.Plan plan,
      JobScheduler scheduler,
      JobEnd end,
      JobPace pace,
      SharingClone share) {
    this.job = job;
    this.plan = plan;
    this.scheduler = scheduler;
    this.end = end;
    this.pace = pace;
    this.share = share;
    this.sizeBytes = plan.source().attributes().sizeBytes();
  }

  void run() {
    if (!job.start()) {
      return;
    }
    if (plan.destination().exists()) {
      job.expect(plan.destination().inode().handle(), sizeBytes);
    } else {
      job.expect(sizeBytes);
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
    } catch (RuntimeException e) {
      end.fail(job, e);
    }
  }

  private void goOn() {
    if (doneBytes >= sizeBytes) {
      share.share();
      return;
    }
    long left = pace.nextStopBytes(doneBytes, sizeBytes) - doneBytes;
    long piece = Math.min(pace.pieceBytes(left), left);
    doneBytes += piece;
    job.progress(piece, 0, 0);
    scheduler.schedule(this::step, pace.pause(piece));
  }
}
