/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.array.ArrayException;
import org.facsim.array.Volume;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.JobState;
import org.facsim.protocol.vaai.Opaque;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clone call, from admission to the answer.
 *
 * <p>Flags and rights are judged each time a call comes in, since that changes nothing. A dry run
 * ends with the checks of {@link FileCloner#plan}. Everything else passes the session's {@link
 * RequestLog}, so it runs once; there it is checked, entered as a job, run, and answered when it is
 * durable. An array that copies will answer when the job has started, and the host will poll.
 */
final class CloneOperation {
  private static final Logger LOG = LoggerFactory.getLogger(CloneOperation.class);

  private final Durability durability;
  private final SessionTable sessions;
  private final Admission admission;
  private final FileCloner cloner;
  private final VaaiOptions options;
  private final AtomicLong lastJobId = new AtomicLong();

  CloneOperation(
      Durability durability,
      SessionTable sessions,
      Admission admission,
      FileCloner cloner,
      VaaiOptions options) {
    this.durability = durability;
    this.sessions = sessions;
    this.admission = admission;
    this.cloner = cloner;
    this.options = options;
  }

  /**
   * Answers one call.
   *
   * @throws VaaiFailure for a call that is refused before it runs
   */
  CompletableFuture<VaaiReply<CloneJob>> cloneFile(Requester requester, CloneCall call) {
    Session session = sessions.use(call.session());
    boolean dryRun = call.has(CloneFlags.DRY_RUN);
    try {
      checkFlags(call);
      VaaiExports.Access to = admission.access(session.exportPath(), requester);
      if (dryRun) {
        CloneJob faultless = faultless(plan(requester, to, call));
        return CompletableFuture.completedFuture(VaaiReply.ok(faultless));
      }
      return session
          .requests()
          .once(
              call.requestId(),
              new RequestLog.Request(call, to.caller()),
              () -> execute(requester, session, to, call));
    } catch (VaaiFailure | ArrayException refused) {
      if (!dryRun) {
        session.counters().count(failureOf(call));
      }
      throw refused;
    }
  }

  private static void checkFlags(CloneCall call) {
    int unknown = call.flags() & ~CloneFlags.ALL;
    if (unknown != 0) {
      throw new VaaiFailure(
          VaaiStatus.INVAL, "unknown clone flags 0x" + Integer.toHexString(unknown));
    }
    if (call.has(CloneFlags.OTHER_VOLUME) != call.sourceSession().isPresent()) {
      throw new VaaiFailure(
          VaaiStatus.INVAL, "a source session goes with the other-volume flag, and only with it");
    }
  }

  private FileCloner.Plan plan(Requester requester, VaaiExports.Access to, CloneCall call) {
    VaaiExports.Access from =
        call.sourceSession().isPresent()
            ? admission.admit(requester, call.sourceSession().get()).access()
            : to;
    return cloner.plan(from, to, call);
  }

  private static CloneJob faultless(FileCloner.Plan plan) {
    return new CloneJob(
        0,
        JobState.NONE,
        VaaiStatus.OK,
        "dry run: no fault found",
        plan.source().attributes().sizeBytes(),
        0,
        0,
        0,
        Opaque.EMPTY);
  }

  /** Runs a clone; what fails here is an answer and is remembered as one. */
  private CompletableFuture<VaaiReply<CloneJob>> execute(
      Requester requester, Session session, VaaiExports.Access to, CloneCall call) {
    FileCloner.Plan plan;
    try {
      plan = plan(requester, to, call);
    } catch (VaaiFailure | ArrayException refused) {
      session.counters().count(failureOf(call));
      return CompletableFuture.completedFuture(Replies.failed(refused));
    }
    CloneWork job =
        new CloneWork(lastJobId.incrementAndGet(), change -> tell(session, to.volume(), change));
    session.add(job);
    job.start();
    run(job, plan);
    return job.finished().thenApply(last -> settled(session, call, last));
  }

  private void run(CloneWork job, FileCloner.Plan plan) {
    try {
      FileCloner.Cloned cloned = cloner.run(plan);
      job.sharedAll(
          cloned.destination().handle(),
          cloned.attributes().sizeBytes(),
          cloned.attributes().usedBytes());
      succeedWhenDurable(job, cloned.commitGroup());
    } catch (VaaiFailure | ArrayException refused) {
      VaaiReply<CloneJob> reply = Replies.failed(refused);
      job.fail(reply.status(), reply.reason());
    } catch (RuntimeException defect) {
      LOG.error("clone job {} met a defect", job.id(), defect);
      job.fail(VaaiStatus.SERVERFAULT, "a defect of the array, see its log");
    }
  }

  private void succeedWhenDurable(CloneWork job, long commitGroup) {
    if (durability.isDurable(commitGroup)) {
      job.succeed();
      return;
    }
    durability.whenDurable(
        commitGroup,
        Runnable::run,
        failure -> {
          if (failure == null) {
            job.succeed();
          } else {
            LOG.error("clone job {}: the medium failed", job.id(), failure);
            job.fail(VaaiStatus.IO, "the medium failed");
          }
        });
  }

  private static VaaiReply<CloneJob> settled(Session session, CloneCall call, CloneJob last) {
    VaaiStatistics.Counters counters = session.counters();
    if (last.outcome() != VaaiStatus.OK) {
      counters.count(failureOf(call));
      return VaaiReply.failed(last.outcome(), last.reason());
    }
    counters.count(
        call.has(CloneFlags.LAZY)
            ? VaaiCounter.LAZY_CLONE_SUCCESS
            : VaaiCounter.FULL_CLONE_SUCCESS);
    counters.add(VaaiCounter.BYTES_CLONED, last.totalBytes());
    counters.add(VaaiCounter.BYTES_SAVED, last.sharedBytes());
    return VaaiReply.ok(last);
  }

  private static VaaiCounter failureOf(CloneCall call) {
    return call.has(CloneFlags.LAZY)
        ? VaaiCounter.LAZY_CLONE_FAILURE
        : VaaiCounter.FULL_CLONE_FAILURE;
  }

  private void tell(Session session, Volume volume, CloneWork.Transition change) {
    try {
      options
          .listener()
          .changed(
              new CloneJobListener.Change(
                  options.clock().instant(),
                  volume.name(),
                  session.client(),
                  change.jobId(),
                  change.from(),
                  change.to(),
                  change.outcome(),
                  change.reason(),
                  change.totalBytes()));
    } catch (RuntimeException defect) {
      LOG.error("the listener of clone jobs failed", defect);
    }
  }
}
