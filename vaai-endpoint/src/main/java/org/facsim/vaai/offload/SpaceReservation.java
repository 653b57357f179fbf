/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.offload;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.Volume.ZeroFill;
import org.facsim.protocol.vaai.ReserveMode;
import org.facsim.protocol.vaai.ReservedSpace;

/**
 * One reservation. The space for all of it is promised in one step, so that it is had whole or not
 * at all; zeros for an eager one are then stored piece by piece, which cannot fail for want of
 * space, and which holds the volume's lock for a bounded time only.
 */
final class SpaceReservation {
  private static final long PIECE_BYTES = 16L << 20;

  private final Caller caller;
  private final Inode file;
  private final long sizeBytes;
  private final JobScheduler scheduler;
  private final Durability durability;
  private final CompletableFuture<ReservedSpace> answer = new CompletableFuture<>();
  private long zeroedBytes;

  SpaceReservation(
      Caller caller, Inode file, long sizeBytes, JobScheduler scheduler, Durability durability) {
    this.caller = caller;
    this.file = file;
    this.sizeBytes = sizeBytes;
    this.scheduler = scheduler;
    this.durability = durability;
  }

  /**
   * Starts it.
   *
   * @throws ArrayException NO_SPACE and others, with nothing changed
   */
  CompletableFuture<ReservedSpace> run(ReserveMode mode) {
    Mutation promised = file.volume().allocate(caller, file, 0, sizeBytes, ZeroFill.LAZY);
    if (mode == ReserveMode.EAGER_ZEROED) {
      scheduler.schedule(this::zeroPiece, Duration.ZERO);
    } else {
      answerWhenDurable(promised.commitGroup());
    }
    return answer;
  }

  private void zeroPiece() {
    try {
      long length = Math.min(PIECE_BYTES, sizeBytes - zeroedBytes);
      Mutation zeroed = file.volume().allocate(caller, file, zeroedBytes, length, ZeroFill.EAGER);
      zeroedBytes += length;
      if (zeroedBytes < sizeBytes) {
        scheduler.schedule(this::zeroPiece, Duration.ZERO);
      } else {
        answerWhenDurable(zeroed.commitGroup());
      }
    } catch (ArrayException e) {
      answer.completeExceptionally(ArrayErrors.failureOf(e));
    } catch (RuntimeException defect) {
      answer.completeExceptionally(defect);
    }
  }

  private void answerWhenDurable(long commitGroup) {
    ReservedSpace all = new ReservedSpace(sizeBytes);
    if (durability.isDurable(commitGroup)) {
      answer.complete(all);
      return;
    }
    durability.whenDurable(
        commitGroup,
        Runnable::run,
        failure -> {
          if (failure == null) {
            answer.complete(all);
          } else {
            answer.completeExceptionally(ArrayErrors.notDurable(failure));
          }
        });
  }
}
