/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.Durability;
import org.facsim.array.FileRange;
import org.facsim.array.FileSpace;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.NotedSpace;
import org.facsim.array.SpaceLedger;
import org.facsim.services.state.Delegations;
import org.facsim.services.state.Intent;

/**
 * One UNMAP. All of its ranges become holes in one step of the array, or none. The step is bounded,
 * because the number of ranges is, and because a range costs a few nodes of the block map, however
 * long it is: the background reclaims the blocks.
 *
 * <p>What a clone, a snapshot or a named state still holds stays there and is not freed.
 * Delegations of other clients are recalled first. If a named state is restored before the answer,
 * the call ends as lost, and the restored array stays as it is.
 */
final class SpaceUnmap {
  private final Caller caller;
  private final Inode file;
  private final List<FileRange> ranges;
  private final long granularityBytes;
  private final JobScheduler scheduler;
  private final Durability durability;
  private final Delegations delegations;
  private final long restoreCount;
  private final CompletableFuture<UnmappedSpace> answer = new CompletableFuture<>();

  SpaceUnmap(
      Caller caller,
      Inode file,
      List<FileRange> ranges,
      long granularityBytes,
      JobScheduler scheduler,
      Durability durability,
      Delegations delegations) {
    this.caller = caller;
    this.file = file;
    this.ranges = ranges;
    this.granularityBytes = granularityBytes;
    this.scheduler = scheduler;
    this.durability = durability;
    this.delegations = delegations;
    this.restoreCount = file.volume().array().restoreCount();
  }

  /**
   * Starts it.
   *
   * @throws OffloadFailure INVALID_ARGUMENT, with nothing changed
   * @throws ArrayException likewise
   */
  CompletableFuture<UnmappedSpace> run() {
    CompletableFuture<Void> pending = delegations.recall(file, Intent.CHANGE, null);
    if (pending == null) {
      unmap();
    } else {
      var unused = pending.thenRun(() -> scheduler.schedule(this::afterRecall, Duration.ZERO));
    }
    return answer;
  }

  private void afterRecall() {
    try {
      var unused = run();
    } catch (OffloadFailure | ArrayException refused) {
      answer.completeExceptionally(isOvertaken() ? lost() : ArrayErrors.failureOf(refused));
    } catch (RuntimeException defect) {
      answer.completeExceptionally(defect);
    } catch (Error machine) {
      answer.completeExceptionally(machine);
      throw machine;
    }
  }

  /** What the step did. */
  private record Done(UnmappedSpace space, long transactionGroup) {}

  private void unmap() {
    Done done = file.volume().unlessRestored(restoreCount, this::step);
    if (durability.isDurable(done.transactionGroup)) {
      succeed(done.space);
      return;
    }
    durability.whenDurable(
        done.transactionGroup,
        Runnable::run,
        failure -> {
          if (failure == null) {
            succeed(done.space);
          } else {
            answer.completeExceptionally(ArrayErrors.notDurable(failure));
          }
        });
  }

  /** With the volume locked, so that nobody writes between the two looks at the ledger. */
  private Done step() {
    long sizeBytes = file.attributes().sizeBytes();
    WholeGranules.check(ranges, sizeBytes);
    List<FileRange> whole = WholeGranules.within(ranges, granularityBytes, sizeBytes);
    SpaceLedger ledger = file.volume().space();
    NotedSpace before = ledger.noted(file);
    long exclusiveBefore = exclusiveBytes(ledger, before);
    Mutation mutation = file.volume().files().punchHoles(caller, file, whole);
    NotedSpace after = ledger.noted(file);
    return new Done(
        new UnmappedSpace(
            before.referencedBytes() - after.referencedBytes(),
            exclusiveBefore - exclusiveBytes(ledger, after),
            before.reservedBytes() - after.reservedBytes()),
        mutation.transactionGroup());
  }

  private long exclusiveBytes(SpaceLedger ledger, NotedSpace noted) {
    if (noted.exclusiveBytes().isPresent()) {
      return noted.exclusiveBytes().getAsLong();
    }
    FileSpace walked = ledger.of(file);
    return walked.exclusiveBytes();
  }

  private void succeed(UnmappedSpace space) {
    if (isOvertaken()) {
      answer.completeExceptionally(lost());
    } else {
      answer.complete(space);
    }
  }

  private boolean isOvertaken() {
    return file.volume().array().restoreCount() != restoreCount;
  }

  private static OffloadFailure lost() {
    return new OffloadFailure(OffloadError.LOST, JobEnd.RESTORED);
  }
}
