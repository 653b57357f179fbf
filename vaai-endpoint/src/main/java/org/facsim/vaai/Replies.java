/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.VaaiMessage;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.offload.OffloadFailure;

/** Turns outcomes into replies: the one place where failures are caught for good. */
final class Replies {
  private Replies() {}

  /** The reply of an operation that is done when it returns. */
  static <T extends VaaiMessage> CompletableFuture<VaaiReply<T>> now(Supplier<T> operation) {
    return later(() -> CompletableFuture.completedFuture(VaaiReply.ok(operation.get())));
  }

  /** The reply of an operation that may take its time, or refuse at once. */
  static <T extends VaaiMessage> CompletableFuture<VaaiReply<T>> later(
      Supplier<CompletableFuture<VaaiReply<T>>> operation) {
    CompletableFuture<VaaiReply<T>> answer;
    try {
      answer = operation.get();
    } catch (RuntimeException failure) {
      return CompletableFuture.completedFuture(failed(failure));
    }
    return answer.isDone() && !answer.isCompletedExceptionally()
        ? answer
        : answer.exceptionally(Replies::failed);
  }

  /** The reply to a result that may fail as expected. */
  static <T extends VaaiMessage> CompletableFuture<VaaiReply<T>> of(CompletableFuture<T> result) {
    return result.handle(
        (value, failure) -> failure == null ? VaaiReply.ok(value) : failed(failure));
  }

  /** A job that ended badly before it was answered is no job to the host. */
  static VaaiReply<CloneJob> ofJob(CloneJob job) {
    return job.outcome() == VaaiStatus.OK
        ? VaaiReply.ok(job)
        : VaaiReply.failed(job.outcome(), job.reason());
  }

  private static <T extends VaaiMessage> VaaiReply<T> failed(Throwable thrown) {
    OffloadFailure failure = OffloadFailure.of(thrown);
    return VaaiReply.failed(VaaiStatuses.of(failure.error()), failure.getMessage());
  }
}
