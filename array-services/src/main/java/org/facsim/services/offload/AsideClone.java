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
 *   <li>The source is frozen: a file without a name shares its blocks. What happens to the source
 *       from now on, a write, a rename, its removal, does not matter to the clone.
 *   <li>Block by block a second file without a name is built beside the destination, which stays as
 *       it is. Each step moves a bounded piece and waits as long as the profile's rate asks.
 *   <li>Both contents are exchanged: for every observer the destination was the old file and is the
 *       whole clone. What was written to the destination meanwhile is replaced.
 *   <li>The files without names are let go, the old contents with them.
 * </ol>
 *
 * <p>Whatever ends the job before the third step, an error, an abort, the removal of the
 * destination, leaves the destination as it was. A crash does, too: files without names are gone at
 * the next start, and the job's id is known to be of an earlier run.
 *
 * <p>A restore of a named state ends the job. The state may hold the files without names as they
 * were when it was saved, half built; so the third step is refused once the array was restored.
 *
 * <p>Known flaw: while it runs the volume holds the old contents and the new ones, and space that
 * was reserved for the destination is not used for the copy.
 */
final class AsideClone {
  /** The most that is zeroed under one hold of the volume's lock. */
  private static final long MAX_ZEROED_BYTES = 16L << 20;

  /** So many pieces a second, if the rate is low. */
  private static final long PIECES_PER_SECOND = 8;

  private final CloneWork job;
  private final ClonePlanner.Plan plan;
  private final JobScheduler scheduler;
  private final JobEnd end;

  /** Shared by all jobs: steps never overlap. */
  private final ByteBuffer buffer;

  private final Delegations delegations;
  private final boolean copies;
  private Inode frozen;
  private Inode aside;

  // Of the steps, which follow each other.
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
      ByteBuffer buffer,
      Delegations delegations) {
    this.job = job;
    this.plan = plan;
    this.scheduler = scheduler;
    this.end = end;
    this.buffer = buffer;
    this.delegations = delegations;
    this.copies = plan.way() == ClonePlanner.Way.COPY_ASIDE;
  }

  /** Freezes the source and leaves the rest to the scheduler. */
  void run() {
    if (!job.start() || !enter()) {
      return;
    }
    try {
      freeze();
      job.expect(plan.destination().inode().handle(), sizeBytes);
      scheduler.schedule(this::step, Duration.ZERO);
    } catch (RuntimeException e) {
      end.fail(job, e);
    } finally {
      leave();
    }
    var unused = job.finished().thenRun(this::releaseIfIdle);
  }

  private void freeze() {
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
      if (offsetBytes < sizeBytes) {
        long moved = movePiece();
        scheduler.schedule(this::step, pause(moved));
      } else if (!waitsForDestination() && job.commit()) {
        putInPlace();
      }
    } catch (RuntimeException e) {
      end.fail(job, e);
    } finally {
      leave();
    }
  }

  /** The destination may have come into a client's hands while the copy was made. */
  private boolean waitsForDestination() {
    CompletableFuture<Void> recall =
        delegations.recall(plan.destination().inode(), Intent.CHANGE, null);
    if (recall == null) {
      return false;
    }
    var unused = recall.thenRun(() -> scheduler.schedule(this::step, Duration.ZERO));
    return true;
  }

  private Duration pause(long movedBytes) {
    long rate = plan.profile().copyBytesPerSecond();
    return rate == 0 || movedBytes == 0
        ? Duration.ZERO
        : Duration.ofNanos((long) (movedBytes * 1e9 / rate));
  }

  /** Returns how many bytes it copied or zeroed. */
  private long movePiece() {
    Inode from = copies ? frozen : aside;
    Volume volume = from.volume();
    long data = volume.files().seekData(readerOf(from), from, offsetBytes).offsetBytes();
    if (data > offsetBytes) {
      return overHole(Math.min(data, sizeBytes));
    }
    long dataEnd = volume.files().seekHole(readerOf(from), from, offsetBytes).offsetBytes();
    if (!copies) {
      job.progress(dataEnd - offsetBytes, dataEnd - offsetBytes, 0);
      offsetBytes = dataEnd;
      return 0;
    }
    int length = (int) Math.min(pieceBytes(Volume.MAX_TRANSFER_BYTES), dataEnd - offsetBytes);
    buffer.clear().limit(length);
    volume.files().read(readerOf(from), from, offsetBytes, buffer);
    plan.volume().files().write(plan.caller(), aside, offsetBytes, buffer.flip());
    job.progress(length, 0, length);
    offsetBytes += length;
    return length;
  }

  private long overHole(long holeEnd) {
    if (!plan.profile().thickDestinations()) {
      job.progress(holeEnd - offsetBytes, 0, 0);
      offsetBytes = holeEnd;
      return 0;
    }
    long length = Math.min(pieceBytes(MAX_ZEROED_BYTES), holeEnd - offsetBytes);
    plan.volume().files().allocate(plan.caller(), aside, offsetBytes, length, ZeroFill.EAGER);
    job.progress(length, 0, length);
    offsetBytes += length;
    return length;
  }

  private long pieceBytes(long most) {
    long rate = plan.profile().copyBytesPerSecond();
    if (rate == 0) {
      return most;
    }
    long wholeBlocks = rate / PIECES_PER_SECOND / Volume.BLOCK_BYTES * Volume.BLOCK_BYTES;
    return Math.max(Volume.BLOCK_BYTES, Math.min(most, wholeBlocks));
  }

  private Caller readerOf(Inode from) {
    return from == aside ? plan.caller() : plan.reader();
  }

  /** The one step that an observer sees. */
  private void putInPlace() {
    Volume volume = plan.volume();
    Mutation mutation = volume.unlessRestored(job.restoreCount(), this::exchange);
    plan.noteCostAfter(plan.destination().inode());
    end.succeedWhenDurable(
        job, mutation.transactionGroup(), copies ? "blocks copied" : "blocks shared, holes filled");
  }

  private Mutation exchange() {
    Volume volume = plan.volume();
    volume
        .attributes()
        .setAttributes(plan.caller(), aside, AttributeChanges.ofSize(sizeBytes), null);
    return volume.clones().exchangeContents(plan.caller(), aside, plan.destination().inode());
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

  /** Lets go of what was built, now or at the end of the step that runs. */
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
