/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
import org.facsim.services.explain.CloneOutcome;
import org.facsim.services.explain.CloneReport;
import org.facsim.services.explain.Explanations;
import org.facsim.services.explain.Precondition;
import org.facsim.services.state.Delegations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes jobs of clones: checks them, enters them, runs them, and does the accounting at their end.
 *
 * <p>A job is entered in the table before it runs. Before anyone is told that it has ended, it has
 * left its lane and freed its destination, and is counted.
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
  private final RecallsFirst recalls;
  private volatile CloneFaults faults = CloneFaults.NONE;
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
      RecallsFirst recalls,
      Explanations explanations) {
    this.planner = planner;
    this.profiles = profiles;
    this.options = options;
    this.table = table;
    this.end = end;
    this.statistics = statistics;
    this.delegations = delegations;
    this.recalls = recalls;
    this.explanations = explanations;
  }

  /** Which jobs go wrong from now on. */
  void faults(CloneFaults newFaults) {
    faults = newFaults;
  }

  JobTable table() {
    return table;
  }

  CloneLanes lanes() {
    return lanes;
  }

  /**
   * Starts a clone.
   *
   * @param evidence with the profile of the destination's volume; gets what the rules looked at
   * @throws OffloadFailure if it is refused
   * @throws org.facsim.array.ArrayException likewise
   */
  StartedClone start(CloneOrder order, CloneEvidence evidence) {
    long startNanos = options.nanoTime().getAsLong();
    long restoreCount = order.destinationGrant().volume().array().restoreCount();
    ClonePlanner.Plan plan = examine(order, evidence);
    if (order.isDryRun()) {
      order.report().ranDry(plan.source().attributes().sizeBytes());
      explanations.file(order.report());
      CompletableFuture<JobSnapshot> none = CompletableFuture.completedFuture(faultless(plan));
      return new StartedClone(0, none, none);
    }
    return run(plan, order, restoreCount, startNanos);
  }

  /** Asks every rule; throws as {@link #start}, and changes nothing. */
  ClonePlanner.Plan examine(CloneOrder order, CloneEvidence evidence) {
    CloneReport report = order.report();
    report.require(Precondition.REQUEST, () -> requireKnown(order.options()));
    ClonePlanner.Plan plan =
        planner.plan(order, evidence, profiles.of(order.sourceGrant().volume()));
    checkRoom(order, evidence, plan);
    report.decide();
    return plan;
  }

  /** Whether there is room for one more job now; entering asks the same again. */
  private void checkRoom(CloneOrder order, CloneEvidence evidence, ClonePlanner.Plan plan) {
    CloneReport report = order.report();
    FileLocator.Location destination = plan.destination();
    if (destination == null) {
      report.leaves(Precondition.DESTINATION_FREE, "the destination is not known");
    } else if (destination.exists()) {
      report.require(Precondition.DESTINATION_FREE, () -> lanes.requireFree(destination.inode()));
    } else {
      report.holds(Precondition.DESTINATION_FREE);
    }
    String client = order.initiator().client();
    report.require(Precondition.JOB_SHARE, () -> evidence.jobsOfHost = table.requireShare(client));
    report.require(
        Precondition.CONCURRENCY,
        () -> evidence.load = lanes.requireRoom(plan.volume().id(), evidence.profile()));
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

  private StartedClone run(
      ClonePlanner.Plan plan, CloneOrder order, long restoreCount, long startNanos) {
    CloneWork job =
        new CloneWork(
            table.takeId(plan.client()),
            plan.volume().name(),
            plan.client(),
            plan.caller(),
            restoreCount,
            plan.report(),
            change -> tell(plan.volume().name(), plan.client(), change));
    CloneFault fault = faultOf(plan, order.initiator());
    if (fault != null) {
      plan.report().meetsFault(fault.label());
    }
    boolean takesTime = plan.way().isAside() || fault != null;
    Runnable work = work(plan, job, fault);
    Runnable turn = () -> afterRecall(plan, work);
    boolean now = enter(plan, job, turn, takesTime);
    table.add(job);
    plan.report().isJob(job.id(), restoreCount);
    explanations.file(plan.report());
    if (plan.destination().exists()) {
      Inode destination = plan.destination().inode();
      job.expect(destination.handle(), plan.source().attributes().sizeBytes());
      table.isInto(job, destination);
    }
    boolean atOnce = now && !takesTime;
    CompletableFuture<JobSnapshot> answer = new CompletableFuture<>();
    CompletableFuture<JobSnapshot> settled =
        job.finished()
            .thenApply(
                last -> {
                  if (takesTime && plan.destination().exists()) {
                    lanes.free(plan.destination().inode());
                  }
                  return settle(plan, job, last, atOnce && !answer.isDone(), startNanos);
                });
    if (now) {
      turn.run();
    }
    if (atOnce) {
      answerInTime(order.patience(), job, settled, answer);
    } else {
      answer.complete(job.snapshot());
    }
    return new StartedClone(job.id(), answer, settled);
  }

  private CloneFault faultOf(ClonePlanner.Plan plan, Initiator initiator) {
    FileLocator.Location to = plan.destination();
    return faultOf(
        new CloneFaults.Job(initiator, plan.source(), to.inode(), to.directory(), to.name()));
  }

  /** What goes wrong with a job; null if nothing does. */
  CloneFault faultOf(CloneFaults.Job job) {
    return faults.of(job).orElse(null);
  }

  private Runnable work(ClonePlanner.Plan plan, CloneWork job, CloneFault fault) {
    JobPace pace = new JobPace(plan.profile().copyBytesPerSecond(), fault);
    JobScheduler scheduler = options.scheduler();
    if (plan.way().isAside()) {
      return new AsideClone(job, plan, scheduler, end, pace, copyBuffer, delegations)::run;
    }
    SharingClone share = new SharingClone(job, plan, end);
    if (fault == null) {
      return share::run;
    }
    Runnable last = () -> afterRecall(plan, share::share); // delegations are given meanwhile, too
    long sizeBytes = plan.source().attributes().sizeBytes();
    return new PacedShare(job, sizeBytes, plan.destination().inode(), scheduler, end, pace, last)
        ::run;
  }

  /** The job stays queued until no other client holds a delegation on either file. */
  private void afterRecall(ClonePlanner.Plan plan, Runnable work) {
    recalls.first(plan.source(), plan.destination().inode(), null, work);
  }

  /** The answer comes at the end, unless the medium takes longer than the host waits. */
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

  private boolean enter(ClonePlanner.Plan plan, CloneWork job, Runnable turn, boolean takesTime) {
    boolean claims = takesTime && plan.destination().exists();
    if (claims) {
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
      if (claims) {
        lanes.free(plan.destination().inode());
      }
      plan.report().fails(Precondition.CONCURRENCY, full);
      throw full;
    }
  }

  private JobSnapshot settle(
      ClonePlanner.Plan plan, CloneWork job, JobSnapshot last, boolean atOnce, long startNanos) {
    table.finished(job, atOnce);
    report(plan, last);
    count(plan, last, startNanos);
    lanes
        .leave(plan.volume().id(), job)
        .ifPresent(next -> options.scheduler().schedule(next, Duration.ZERO));
    return last;
  }

  private void report(ClonePlanner.Plan plan, JobSnapshot last) {
    noteEnd(plan.report(), last, plan.way().copies());
    explanations.ended(plan.report());
  }

  /** Notes in a clone's report how its job ended. */
  static void noteEnd(CloneReport report, JobSnapshot last, boolean copies) {
    CloneOutcome outcome =
        switch (last.state()) {
          case SUCCEEDED -> copies ? CloneOutcome.COPIED_INSIDE : CloneOutcome.SHARED;
          case ABORTED -> CloneOutcome.ABORTED;
          case LOST -> CloneOutcome.LOST;
          case FAILED, NONE, QUEUED, RUNNING -> CloneOutcome.FAILED;
        };
    report.ended(
        outcome,
        last.error().map(OffloadError::name).orElse(""),
        last.reason(),
        last.totalBytes(),
        last.sharedBytes(),
        last.copiedBytes());
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

  /** Tells the listener of jobs a change. */
  void tell(String volume, String client, CloneWork.Transition change) {
    try {
      options
          .listener()
          .changed(
              new CloneJobListener.Change(
                  options.clock().instant(),
                  volume,
                  client,
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

  /** Called when volumes were deleted: ends the clones into them before their next step notices. */
  void gone(Set<String> volumeNames) {
    table.unfinished().stream()
        .filter(job -> volumeNames.contains(job.volumeName()))
        .forEach(job -> job.abort(Caller.ROOT, "the volume was deleted"));
  }

  /** The jobs that hosts may ask for, except those that ended within their call. */
  List<ListedJob> listed() {
    return table.listed().stream()
        .sorted(Comparator.comparingLong(CloneWork::id))
        .map(job -> new ListedJob(job.volumeName(), job.client(), now(job)))
        .toList();
  }

  /** Called when the array was restored: what was under way before is lost. */
  void restored() {
    table.unfinished().stream().filter(end::isOvertaken).forEach(job -> job.lose(JobEnd.RESTORED));
  }

  /** Called when no step runs any more: what is under way is lost. */
  void close() {
    options.scheduler().close();
    table.unfinished().forEach(job -> job.lose("the array stops"));
  }
}
