/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.Volume;
import org.facsim.array.Volume.ZeroFill;
import org.facsim.services.state.Delegations;
import org.facsim.services.state.Intent;

/**
 * A clone that takes time, because the array copies blocks or zeroes holes.
 *
 * <h2>Steps</h2>
 *
 * <ol>
 *   <li>The source is frozen: a file without a name shares its blocks. From now on a write to the
 *       source, a rename or its removal does not change the clone.
 *   <li>A second file without a name is built block by block. The destination stays as it is. Each
 *       step moves a bounded piece and then waits as long as the profile's rate demands.
 *   <li>The contents of that file and of the destination are exchanged in one step. An observer
 *       sees the old file before it and the whole clone after it. What was written to the
 *       destination meanwhile is replaced.
 *   <li>The files without names are freed, and the old contents with them.
 * </ol>
 *
 * <p>If an error, an abort or the removal of the destination ends the job before the third step,
 * the destination stays as it was. The same is true of a crash: the next start frees the files
 * without names, and knows the job's id as one of an earlier run.
 *
 * <p>A restore of a named state ends the job. The state may contain the files without names, half
 * built as they were when it was saved. Therefore the third step is refused once the array has been
 * restored.
 *
 * <p>Known flaw: while the job runs, the volume holds the old contents and the new ones, and the
 * copy does not use space that was reserved for the destination.
 */
final class AsideClone {
  /** The most that is zeroed under one hold of the volume's lock. */
  private static final long MAX_ZEROED_BYTES = 16L << 20;

  private final CloneWork job;
  private final ClonePlanner.Plan plan;
  private final JobScheduler scheduler;
  private final JobEnd end;
  private final JobPace pace;

  /** All jobs share it, because steps never overlap. */
  private final ByteBuffer buffer;

  private final Delegations delegations;
  private final boolean copies;
  private Inode frozen;
  private Inode aside;

  // Used by the steps only, which follow each other.
  private long offsetBytes;
  private long sizeBytes;

  // Guarded by this.
  private boolean stepping;
  private boolean released;

  AsideClone(
      CloneWork job,
      ClonePlanner.Plan plan,
      JobScheduler scheduler,
      JobEnd end,
      JobPace pace,
      ByteBuffer buffer,
      Delegations delegations) {
    this.job = job;
    this.plan = plan;
    this.scheduler = scheduler;
    this.end = end;
    this.pace = pace;
    this.buffer = buffer;
    this.delegations = delegations;
    this.copies = plan.way().copies();
  }

  /** Freezes the source, and leaves the rest to the scheduler. */
  void run() {
    if (!job.start() || !enter()) {
      return;
    }
    try {
      freeze();
      job.expect(plan.destination().inode().handle(), sizeBytes);
      scheduler.schedule(this::step, Duration.ZERO);
    } catch (RuntimeException | Error e) {
      end.fail(job, e);
    } finally {
      leave();
    }
    var unused = job.finished().thenRun(this::releaseIfIdle);
  }

  private void freeze() {
    plan.noteCostBefore(plan.destination().inode());
    aside = plan.volume().clones().createUnnamed(plan.caller());
    Caller reader = plan.reader();
    Volume from = plan.source().volume();
    if (copies) {
      frozen = from.clones().createUnnamed(reader);
    }
    Inode target = copies ? frozen : aside;
    sizeBytes = from.clones().cloneFile(reader, plan.source(), target).after().sizeBytes();
  }

  private void step() {
    if (!enter()) {
      return;
    }
    try {
      switch (pace.stopAt(offsetBytes, sizeBytes)) {
        case FAILED -> throw pace.failure();
        case STALLED -> pace.whenResumed(() -> scheduler.schedule(this::step, Duration.ZERO));
        case NONE -> goOn();
      }
    } catch (RuntimeException | Error e) {
      end.fail(job, e);
    } finally {
      leave();
    }
  }

  private void goOn() {
    if (offsetBytes < sizeBytes) {
      long moved = movePiece();
      scheduler.schedule(this::step, pace.pause(moved));
    } else if (!waitsForDestination() && job.commit()) {
      putInPlace();
    }
  }

  /** A client may have got a delegation on the destination while the copy was made. */
  private boolean waitsForDestination() {
    CompletableFuture<Void> recall =
        delegations.recall(plan.destination().inode(), Intent.CHANGE, null);
    if (recall == null) {
      return false;
    }
    var unused = recall.thenRun(() -> scheduler.schedule(this::step, Duration.ZERO));
    return true;
  }

  /** Returns how many bytes it copied or zeroed. */
  private long movePiece() {
    Inode from = copies ? frozen : aside;
    Volume volume = from.volume();
    long data = volume.files().seekData(readerOf(from), from, offsetBytes).offsetBytes();
    long stop = pace.nextStopBytes(offsetBytes, sizeBytes);
    if (data > offsetBytes) {
      return overHole(Math.min(data, stop));
    }
    long hole = volume.files().seekHole(readerOf(from), from, offsetBytes).offsetBytes();
    long dataEnd = Math.min(hole, stop);
    if (!copies) {
      job.progress(dataEnd - offsetBytes, dataEnd - offsetBytes, 0);
      offsetBytes = dataEnd;
      return 0;
    }
    int length = (int) Math.min(pace.pieceBytes(Volume.MAX_TRANSFER_BYTES), dataEnd - offsetBytes);
    buffer.clear().limit(length);
    volume.files().read(readerOf(from), from, offsetBytes, buffer);
    plan.volume().files().write(plan.caller(), aside, offsetBytes, buffer.flip());
    job.progress(length, 0, length);
    offsetBytes += length;
    return length;
  }

  private long overHole(long holeEnd) {
    if (!plan.fillsHoles()) {
      job.progress(holeEnd - offsetBytes, 0, 0);
      offsetBytes = holeEnd;
      return 0;
    }
    long length = Math.min(pace.pieceBytes(MAX_ZEROED_BYTES), holeEnd - offsetBytes);
    plan.volume().files().allocate(plan.caller(), aside, offsetBytes, length, ZeroFill.EAGER);
    job.progress(length, 0, length);
    offsetBytes += length;
    return length;
  }

  private Caller readerOf(Inode from) {
    return from == aside ? plan.caller() : plan.reader();
  }

  /** The one step that an observer sees. */
  private void putInPlace() {
    Volume volume = plan.volume();
    Mutation mutation = volume.unlessRestored(job.restoreCount(), this::exchange);
    end.succeedWhenDurable(
        job, mutation.transactionGroup(), copies ? "blocks copied" : "blocks shared, holes filled");
  }

  private Mutation exchange() {
    Volume volume = plan.volume();
    volume
        .attributes()
        .setAttributes(plan.caller(), aside, AttributeChanges.ofSize(sizeBytes), null);
    Inode destination = plan.destination().inode();
    Mutation mutation = volume.clones().exchangeContents(plan.caller(), aside, destination);
    plan.noteCostAfter(destination);
    return mutation;
  }

  private synchronized boolean enter() {
    if (released) {
      return false;
    }
    stepping = true;
    return true;
  }

  private void leave() {
    synchronized (this) {
      stepping = false;
    }
    if (job.isFinished()) {
      releaseIfIdle();
    }
  }

  /** Frees what was built: now, or at the end of the step that runs. */
  private void releaseIfIdle() {
    synchronized (this) {
      if (stepping || released) {
        return;
      }
      released = true;
    }
    release(aside);
    release(frozen);
  }

  private static void release(Inode unnamed) {
    if (unnamed != null) {
      unnamed.volume().files().release(unnamed);
    }
  }
}
