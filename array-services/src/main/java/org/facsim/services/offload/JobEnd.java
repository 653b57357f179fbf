/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.function.LongSupplier;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Durability;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How jobs end: successfully once their work is durable, or with an error. A job is lost if a named
 * state was restored while it ran, however far it came, because its work is undone or was never
 * done.
 */
final class JobEnd {
  private static final Logger LOG = LoggerFactory.getLogger(JobEnd.class);

  /** Why a job, or a reservation, did not survive a restore. */
  static final String RESTORED = "the array was restored to a named state meanwhile";

  private final Durability durability;
  private final LongSupplier restoreCount;

  /**
   * @param restoreCount tells how often the array has been restored
   */
  JobEnd(Durability durability, LongSupplier restoreCount) {
    this.durability = durability;
    this.restoreCount = restoreCount;
  }

  /** Whether the array was restored since the job was asked for. */
  boolean isOvertaken(CloneWork job) {
    return job.restoreCount() != restoreCount.getAsLong();
  }

  private void succeed(CloneWork job, String words) {
    if (isOvertaken(job)) {
      job.lose(RESTORED);
    } else {
      job.succeed(words);
    }
  }

  void succeedWhenDurable(CloneWork job, long transactionGroup, String words) {
    if (durability.isDurable(transactionGroup)) {
      succeed(job, words);
      return;
    }
    durability.whenDurable(
        transactionGroup,
        Runnable::run,
        failure -> {
          if (failure == null) {
            succeed(job, words);
          } else {
            if (failure instanceof ArrayException off && off.error() == ArrayError.BUSY) {
              LOG.info("clone job {} is lost: {}", job.id(), off.getMessage());
            } else {
              LOG.error("clone job {} did not become durable", job.id(), failure);
            }
            OffloadFailure why = ArrayErrors.notDurable(failure);
            job.fail(why.error(), why.getMessage());
          }
        });
  }

  /**
   * Ends a job that cannot go on.
   *
   * @param why an error of the machine goes on its way once the job has ended
   */
  void fail(CloneWork job, Throwable why) {
    if (why instanceof Error error) {
      job.fail(OffloadError.DEFECT, "a defect of the array, see its log");
      throw error;
    }
    if (isOvertaken(job)) {
      job.lose(RESTORED);
    } else if (why instanceof OffloadFailure || why instanceof ArrayException) {
      OffloadFailure expected = ArrayErrors.failureOf((RuntimeException) why);
      job.fail(expected.error(), expected.getMessage());
    } else {
      LOG.error("clone job {} met a defect", job.id(), why);
      job.fail(OffloadError.DEFECT, "a defect of the array, see its log");
    }
  }
}
