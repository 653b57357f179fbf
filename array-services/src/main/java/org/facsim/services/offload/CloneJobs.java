/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
import org.facsim.services.explain.CloneOutcome;
import org.facsim.services.explain.CloneReport;
import org.facsim.services.explain.Explanations;
import org.facsim.services.explain.Precondition;
import org.facsim.services.state.Delegations;
import org.facsim.services.state.Intent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes jobs of clones: checks, enters, runs, and keeps the books when they end.
 *
 * <p>A job is entered in the table before it runs, and it has left its lane and its destination,
 * and is counted, before anybody is told that it has ended.
 */
final class CloneJobs {
  private static final Logger LOG = LoggerFactory.getLogger(CloneJobs.class);

  private final ClonePlanner planner;
  private final VolumeProfiles profiles;
  private final OffloadOptions options;
  private final JobTable table;
  private final JobEnd end;
  private final OffloadStatistics statistics;
  private final Delegations delegations;
  private final Explanations explanations;
  private final CloneLanes lanes = new CloneLanes();
  private final ByteBuffer copyBuffer = ByteBuffer.allocateDirect(Volume.MAX_TRANSFER_BYTES);

  CloneJobs(
      ClonePlanner planner,
      VolumeProfiles profiles,
      OffloadOptions options,
      JobTable table,
      JobEnd end,
      OffloadStatistics statistics,
      Delegations delegations,
      Explanations explanations) {
    this.planner = planner;
    this.profiles = profiles;
    this.options = options;
    this.table = table;
    this.end = end;
    this.statistics = statistics;
    this.delegations = delegations;
    this.explanations = explanations;
  }

  JobTable table() {
    return table;
  }

  /**
   * Starts a clone.
   *
   * @param profile of the destination's volume
   * @throws OffloadFailure if it is refused
   * @throws org.facsim.array.ArrayException likewise
   */
  StartedClone start(CloneOrder order, ArrayProfile profile) {
    long startNanos = options.nanoTime().getAsLong();
    long restoreCount = order.destinationGrant().volume().array().restoreCount();
    ClonePlanner.Plan plan = examine(order, profile);
    if (order.isDryRun()) {
      order.report().ranDry(plan.source().attributes().sizeBytes());
      CompletableFuture<JobSnapshot> none = CompletableFuture.completedFuture(faultless(plan));
      return new StartedClone(0, none, none);
    }
    return run(plan, order.patience(), restoreCount, startNanos);
  }

  /** Asks every rule; throws as {@link #start}, and changes nothing. */
  ClonePlanner.Plan examine(CloneOrder order, ArrayProfile profile) {
    CloneReport report = order.report();
    report.require(Precondition.REQUEST, () -> requireKnown(order.options()));
    report.shows(Precondition.REQUEST, () -> "all arguments are known and in range");
    ClonePlanner.Plan plan =
        planner.plan(order, profile, profiles.of(order.sourceGrant().volume()));
    checkRoom(order, profile, plan);
    report.decide();
    return plan;
  }

  /** Whether there is room for one more job now; entering asks the same again. */
  private void checkRoom(CloneOrder order, ArrayProfile profile, ClonePlanner.Plan plan) {
    CloneReport report = order.report();
    FileLocator.Location destination = plan.destination();
    if (destination == null) {
      report.leaves(Precondition.DESTINATION_FREE, "the destination is not known");
    } else if (destination.exists()) {
      report.require(
          Precondition.DESTINATION_FREE, () -> lanes.requireFree(destination.inode()));
      report.shows(Precondition.DESTINATION_FREE, () -> "no other clone is copied into it");
    } else {
      report.holds(Precondition.DESTINATION_FREE, () -> "the clone makes it");
    }
    String client = order.initiator().client();
    Integer underWay = report.ask(Precondition.JOB_SHARE, () -> table.requireShare(client));
    report.shows(
        Precondition.JOB_SHARE, () -> underWay + " clones of the host were under way");
    CloneLanes.Load load =
        report.ask(Precondition.CONCURRENCY, () -> lanes.requireRoom(plan.volume().id(), profile));
    report.shows(Precondition.CONCURRENCY, () -> load.inWords(profile));
  }

  private static void requireKnown(CloneOptions options) {
    if (!options.unknown().isEmpty()) {
      throw new OffloadFailure(OffloadError.INVALID_ARGUMENT, "unknown " + options.unknown());
    }
  }

  private static JobSnapshot faultless(ClonePlanner.Plan plan) {
    return new JobSnapshot(
        0,
        JobState.NONE,
        Optional.empty(),
        "dry run: no fault found",
        plan.source().attributes().sizeBytes(),
        0,
        0,
        0,
        Optional.empty());
  }

  /** The ledger just before. */
  private static void noteCost(ClonePlanner.Plan plan) {
    Inode source = plan.source();
    FileLocator.Location to = plan.destination();
    try {
      plan.report()
          .costBefore(
              source.volume().space().of(source),
              to.exists() ? plan.volume().space().of(to.inode()) : null);
    } catch (ArrayException gone) {
      LOG.debug("a file of a clone is gone before the clone begins", gone); // the clone will tell
    }
  }

  private StartedClone run(
      ClonePlanner.Plan plan, Duration patience, long restoreCount, long startNanos) {
    CloneWork job =
        new CloneWork(
            table.takeId(plan.client()),
            plan.volume().name(),
            plan.client(),
            plan.caller(),
            restoreCount,
            plan.report(),
            change -> tell(plan, change));
    boolean aside = plan.way().isAside();
    Runnable work =
        aside
            ? new AsideClone(job, plan, options.scheduler(), end, copyBuffer, delegations)::run
            : new SharingClone(job, plan, end)::run;
    Runnable turn = () -> afterRecall(plan, work);
    boolean now = enter(plan, job, turn);
    table.add(job);
    plan.report().isJob(job.id(), restoreCount);
    noteCost(plan);
    explanations.file(plan.report());
    if (plan.destination().exists()) {
      Inode destination = plan.destination().inode();
      job.expect(destination.handle(), plan.source().attributes().sizeBytes());
      table.isInto(job, destination);
    }
    boolean atOnce = now && !aside;
    CompletableFuture<JobSnapshot> answer = new CompletableFuture<>();
    CompletableFuture<JobSnapshot> settled =
        job.finished()
            .thenApply(last -> settle(plan, job, last, atOnce && !answer.isDone(), startNanos));
    if (now) {
      turn.run();
    }
    if (atOnce) {
      answerInTime(patience, job, settled, answer);
    } else {
      answer.complete(job.snapshot());
    }
    return new StartedClone(job.id(), answer, settled);
  }

  /** Until both files are out of other clients' hands the job stays queued. */
  private void afterRecall(ClonePlanner.Plan plan, Runnable work) {
    List<CompletableFuture<Void>> recalls = new ArrayList<>(2);
    recalls.add(delegations.recall(plan.source(), Intent.LOOK, null));
    if (plan.destination().exists()) {
      recalls.add(delegations.recall(plan.destination().inode(), Intent.CHANGE, null));
    }
    recalls.removeIf(Objects::isNull);
    if (recalls.isEmpty()) {
      work.run();
      return;
    }
    var unused =
        CompletableFuture.allOf(recalls.toArray(CompletableFuture[]::new))
            .thenRun(
                () -> options.scheduler().schedule(() -> afterRecall(plan, work), Duration.ZERO));
  }

  /** At the end, unless the medium takes longer than the host waits. */
  private void answerInTime(
      Duration patience,
      CloneWork job,
      CompletableFuture<JobSnapshot> settled,
      CompletableFuture<JobSnapshot> answer) {
    var unused =
        settled.whenComplete(
            (last, failure) -> {
              if (failure == null) {
                answer.complete(last);
              } else {
                answer.completeExceptionally(failure);
              }
            });
    if (!answer.isDone() && !patience.isZero()) {
      options.scheduler().schedule(() -> answer.complete(job.snapshot()), patience);
    }
  }

  private boolean enter(ClonePlanner.Plan plan, CloneWork job, Runnable turn) {
    boolean aside = plan.way().isAside();
    if (aside) {
      try {
        lanes.claim(plan.destination().inode());
      } catch (OffloadFailure taken) {
        plan.report().fails(Precondition.DESTINATION_FREE, taken);
        throw taken;
      }
    }
    try {
      return lanes.enter(plan.volume().id(), plan.profile(), job, turn);
    } catch (OffloadFailure full) {
      if (aside) {
        lanes.free(plan.destination().inode());
      }
      plan.report().fails(Precondition.CONCURRENCY, full);
      throw full;
    }
  }

  private JobSnapshot settle(
      ClonePlanner.Plan plan, CloneWork job, JobSnapshot last, boolean atOnce, long startNanos) {
    if (plan.way().isAside()) {
      lanes.free(plan.destination().inode());
    }
    table.finished(job, atOnce);
    report(plan, last);
    count(plan, last, startNanos);
    lanes
        .leave(plan.volume().id(), job)
        .ifPresent(next -> options.scheduler().schedule(next, Duration.ZERO));
    return last;
  }

  private void report(ClonePlanner.Plan plan, JobSnapshot last) {
    CloneOutcome outcome =
        switch (last.state()) {
          case SUCCEEDED ->
              plan.way() == ClonePlanner.Way.COPY_ASIDE
                  ? CloneOutcome.COPIED_INSIDE
                  : CloneOutcome.SHARED;
          case ABORTED -> CloneOutcome.ABORTED;
          case LOST -> CloneOutcome.LOST;
          case FAILED, NONE, QUEUED, RUNNING -> CloneOutcome.FAILED;
        };
    plan.report()
        .ended(
            outcome,
            last.error().map(OffloadError::name).orElse(""),
            last.reason(),
            last.totalBytes(),
            last.sharedBytes(),
            last.copiedBytes());
    explanations.ended(plan.report());
  }

  private void count(ClonePlanner.Plan plan, JobSnapshot last, long startNanos) {
    OffloadStatistics.Counters counters = statistics.of(plan.volume().name(), plan.client());
    if (last.error().isPresent()) {
      counters.count(failureOf(plan.isLazy()));
      return;
    }
    counters.count(
        plan.isLazy() ? OffloadCounter.FAST_CLONE_SUCCESS : OffloadCounter.FULL_CLONE_SUCCESS);
    counters.add(OffloadCounter.BYTES_CLONED, last.totalBytes());
    counters.add(OffloadCounter.BYTES_COPIED, last.copiedBytes());
    counters.add(OffloadCounter.BYTES_SAVED, last.sharedBytes());
    counters.took(
        plan.isLazy() ? OffloadStatistics.Timed.FAST_CLONE : OffloadStatistics.Timed.FULL_CLONE,
        options.nanoTime().getAsLong() - startNanos);
  }

  static OffloadCounter failureOf(boolean isLazy) {
    return isLazy ? OffloadCounter.FAST_CLONE_FAILURE : OffloadCounter.FULL_CLONE_FAILURE;
  }

  private void tell(ClonePlanner.Plan plan, CloneWork.Transition change) {
    try {
      options
          .listener()
          .changed(
              new CloneJobListener.Change(
                  options.clock().instant(),
                  plan.volume().name(),
                  plan.client(),
                  change.jobId(),
                  change.from(),
                  change.to(),
                  change.error(),
                  change.reason(),
                  change.totalBytes()));
    } catch (RuntimeException defect) {
      LOG.error("the listener of clone jobs failed", defect);
    }
  }

  /** The job as it is now: one that a restore overtook is lost, even if it had succeeded. */
  JobSnapshot now(CloneWork job) {
    if (!end.isOvertaken(job)) {
      return job.snapshot();
    }
    job.lose(JobEnd.RESTORED);
    JobSnapshot last = job.snapshot();
    return last.state() == JobState.SUCCEEDED ? last.lost(JobEnd.RESTORED) : last;
  }

  /** The volumes were deleted: clones into them end before their next step finds out. */
  void gone(Set<String> volumeNames) {
    table.unfinished().stream()
        .filter(job -> volumeNames.contains(job.volumeName()))
        .forEach(job -> job.abort(Caller.ROOT, "the volume was deleted"));
  }

  /** Those that hosts may ask for, but for those that ended within their call. */
  List<ListedJob> listed() {
    return table.listed().stream()
        .sorted(Comparator.comparingLong(CloneWork::id))
        .map(job -> new ListedJob(job.volumeName(), job.client(), now(job)))
        .toList();
  }

  /** The array was restored: what was under way before is lost. */
  void restored() {
    table.unfinished().stream().filter(end::isOvertaken).forEach(job -> job.lose(JobEnd.RESTORED));
  }

  /** No step runs any more; what is under way is lost. */
  void close() {
    options.scheduler().close();
    table.unfinished().forEach(job -> job.lose("the array stops"));
  }
}
