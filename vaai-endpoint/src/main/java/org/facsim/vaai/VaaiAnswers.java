/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.ExtendedStatistics;
import org.facsim.protocol.vaai.Opaque;
import org.facsim.protocol.vaai.SessionGrant;
import org.facsim.protocol.vaai.SupportAnswer;
import org.facsim.protocol.vaai.VaaiMessage;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.calls.LinkDecision;
import org.facsim.services.calls.StatusRefusal;
import org.facsim.services.offload.CloneOption;
import org.facsim.services.offload.JobSnapshot;
import org.facsim.services.offload.JobState;
import org.facsim.services.offload.OffloadFailure;
import org.facsim.services.offload.ReservedSpace;
import org.facsim.services.offload.SpaceUse;
import org.facsim.services.offload.Support;
import org.facsim.services.offload.UnmapGranularity;
import org.facsim.services.offload.UnmappedSpace;
import org.facsim.services.offload.session.SessionLimits;
import org.facsim.services.offload.session.StartedSession;

/** Translates the array's answers into the results of {@code vaai_nas.x}. */
final class VaaiAnswers {
  private VaaiAnswers() {}

  /**
   * The reply to a call.
   *
   * @param failure null if there is a value
   * @throws CompletionException for a failure that is not expected
   */
  static <T, M extends VaaiMessage> VaaiReply<M> replyOf(
      T value, Throwable failure, Function<T, M> translation) {
    if (failure == null) {
      return VaaiReply.ok(translation.apply(value));
    }
    if (LinkDecision.in(failure).orElse(null) instanceof StatusRefusal chosen) {
      return VaaiReply.failed(VaaiStatus.of(chosen.status().code()), chosen.getMessage());
    }
    return OffloadFailure.expected(failure)
        .map(VaaiAnswers::<M>refused)
        .orElseThrow(
            () ->
                failure instanceof CompletionException wrapped
                    ? wrapped
                    : new CompletionException(failure));
  }

  static <M extends VaaiMessage> VaaiReply<M> refused(OffloadFailure expected) {
    return VaaiReply.failed(VaaiStatuses.of(expected.error()), expected.getMessage());
  }

  static SessionGrant grantOf(StartedSession session) {
    SessionLimits limits = session.limits();
    return new SessionGrant(
        new org.facsim.protocol.vaai.SessionId(session.id().high(), session.id().low()),
        Opaque.of(session.root().toBytes()),
        session.timeoutSeconds(),
        new org.facsim.protocol.vaai.SessionLimits(
            limits.leaseSeconds(),
            limits.maxClones(),
            limits.maxDepth(),
            limits.maxRequests(),
            limits.cloneBlockBytes(),
            limits.maxFileBytes()));
  }

  static int flagOf(CloneOption option) {
    return switch (option) {
      case LAZY -> CloneFlags.LAZY;
      case DRY_RUN -> CloneFlags.DRY_RUN;
      case GUARDED -> CloneFlags.GUARDED;
      case OTHER_VOLUME -> CloneFlags.OTHER_VOLUME;
    };
  }

  static CloneJob jobOf(JobSnapshot job) {
    return new CloneJob(
        job.jobId(),
        stateOf(job.state()),
        job.error().map(VaaiStatuses::of).orElse(VaaiStatus.OK),
        job.reason(),
        job.totalBytes(),
        job.doneBytes(),
        job.sharedBytes(),
        job.copiedBytes(),
        job.destination().map(handle -> Opaque.of(handle.toBytes())).orElse(Opaque.EMPTY));
  }

  private static org.facsim.protocol.vaai.JobState stateOf(JobState state) {
    return switch (state) {
      case NONE -> org.facsim.protocol.vaai.JobState.NONE;
      case QUEUED -> org.facsim.protocol.vaai.JobState.QUEUED;
      case RUNNING -> org.facsim.protocol.vaai.JobState.RUNNING;
      case SUCCEEDED -> org.facsim.protocol.vaai.JobState.SUCCEEDED;
      case FAILED -> org.facsim.protocol.vaai.JobState.FAILED;
      case ABORTED -> org.facsim.protocol.vaai.JobState.ABORTED;
      case LOST -> org.facsim.protocol.vaai.JobState.LOST;
    };
  }

  static SupportAnswer supportOf(Support support) {
    int flags = 0;
    for (CloneOption option : support.options()) {
      flags |= flagOf(option);
    }
    return new SupportAnswer(support.supported(), flags, support.reason());
  }

  static org.facsim.protocol.vaai.ReservedSpace reservedOf(ReservedSpace reserved) {
    return new org.facsim.protocol.vaai.ReservedSpace(reserved.reservedBytes());
  }

  static org.facsim.protocol.vaai.UnmapGranularity granularityOf(UnmapGranularity answer) {
    return new org.facsim.protocol.vaai.UnmapGranularity(
        answer.granularityBytes(), answer.maxRanges());
  }

  static org.facsim.protocol.vaai.UnmappedSpace unmappedOf(UnmappedSpace space) {
    return new org.facsim.protocol.vaai.UnmappedSpace(
        space.unmappedBytes(), space.freedBytes(), space.releasedBytes());
  }

  static ExtendedStatistics statisticsOf(SpaceUse space) {
    return new ExtendedStatistics(
        space.totalBytes(),
        space.allocatedBytes(),
        space.uniqueBytes(),
        space.sharedBytes(),
        space.reservedBytes(),
        space.chargedBytes());
  }
}
