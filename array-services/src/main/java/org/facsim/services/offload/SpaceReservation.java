/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.Durability;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume.ZeroFill;

/**
 * One reservation. All of its space is promised in one step, so that the file gets all of it or
 * nothing. An eager reservation then stores zeros piece by piece. This cannot fail for lack of
 * space, and each piece holds the volume's lock for a bounded time. If a named state is restored
 * meanwhile, the reservation ends as lost and does not change the restored array.
 */
final class SpaceReservation {
  private static final long PIECE_BYTES = 16L << 20;

  private final Caller caller;
  private final Inode file;
  private final long sizeBytes;
  private final JobScheduler scheduler;
  private final Durability durability;
  private final StorageArray array;
  private final long restoreCount;
  private final CompletableFuture<ReservedSpace> answer = new CompletableFuture<>();
  private long zeroedBytes;

  SpaceReservation(
      Caller caller, Inode file, long sizeBytes, JobScheduler scheduler, Durability durability) {
    this.caller = caller;
    this.file = file;
    this.sizeBytes = sizeBytes;
    this.scheduler = scheduler;
    this.durability = durability;
    this.array = file.volume().array();
    this.restoreCount = array.restoreCount();
  }

  /**
   * Starts it.
   *
   * @throws ArrayException NO_SPACE and others, with nothing changed
   */
  CompletableFuture<ReservedSpace> run(ReserveMode mode) {
    Mutation promised = allocate(0, sizeBytes, ZeroFill.LAZY);
    if (mode == ReserveMode.EAGER_ZEROED) {
      scheduler.schedule(this::zeroPiece, Duration.ZERO);
    } else {
      answerWhenDurable(promised.transactionGroup());
    }
    return answer;
  }

  private void zeroPiece() {
    try {
      long length = Math.min(PIECE_BYTES, sizeBytes - zeroedBytes);
      Mutation zeroed = allocate(zeroedBytes, length, ZeroFill.EAGER);
      zeroedBytes += length;
      if (zeroedBytes < sizeBytes) {
        scheduler.schedule(this::zeroPiece, Duration.ZERO);
      } else {
        answerWhenDurable(zeroed.transactionGroup());
      }
    } catch (ArrayException e) {
      answer.completeExceptionally(isOvertaken() ? lost() : ArrayErrors.failureOf(e));
    } catch (RuntimeException defect) {
      answer.completeExceptionally(defect);
    } catch (Error machine) {
      answer.completeExceptionally(machine);
      throw machine;
    }
  }

  /** Ensures that all pieces are made before the restore, or none after it. */
  private Mutation allocate(long offsetBytes, long lengthBytes, ZeroFill zeros) {
    return file.volume()
        .unlessRestored(
            restoreCount,
            () -> file.volume().files().allocate(caller, file, offsetBytes, lengthBytes, zeros));
  }

  private boolean isOvertaken() {
    return array.restoreCount() != restoreCount;
  }

  private static OffloadFailure lost() {
    return new OffloadFailure(OffloadError.LOST, JobEnd.RESTORED);
  }

  private void succeed() {
    if (isOvertaken()) {
      answer.completeExceptionally(lost());
    } else {
      answer.complete(new ReservedSpace(sizeBytes));
    }
  }

  private void answerWhenDurable(long transactionGroup) {
    if (durability.isDurable(transactionGroup)) {
      succeed();
      return;
    }
    durability.whenDurable(
        transactionGroup,
        Runnable::run,
        failure -> {
          if (failure == null) {
            succeed();
          } else {
            answer.completeExceptionally(ArrayErrors.notDurable(failure));
          }
        });
  }
}
