/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.concurrent.CompletableFuture;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.NotedSpace;
import org.facsim.array.Volume;
import org.facsim.services.explain.CloneReport;
import org.facsim.services.explain.Explanations;
import org.facsim.services.explain.Precondition;
import org.facsim.services.paths.FilePaths;
import org.facsim.services.state.LockClient;

/**
 * Makes jobs of clones of ranges, which share blocks in one step. They stand in the table of jobs
 * beside those of VAAI, but their profile says nothing about them: CLONE is a part of NFSv4.2, and
 * not something that an array may offer. Only a fault makes such a job take time.
 *
 * <p>NFS asks for no job, so one that ends within its call is remembered as little as one of VAAI
 * that did.
 */
final class RangeClones {
  private final CloneJobs jobs;
  private final OffloadOptions options;
  private final JobEnd end;
  private final OffloadStatistics statistics;
  private final RecallsFirst recalls;
  private final Explanations explanations;

  RangeClones(
      CloneJobs jobs,
      OffloadOptions options,
      JobEnd end,
      OffloadStatistics statistics,
      RecallsFirst recalls,
      Explanations explanations) {
    this.jobs = jobs;
    this.options = options;
    this.end = end;
    this.statistics = statistics;
    this.recalls = recalls;
    this.explanations = explanations;
  }

  /**
   * A clone that was asked for. It outlives its call, and does not keep the call's grants.
   *
   * @param client the address of the client that asks
   * @param asking as in {@link RangeOrder}, like the numbers
   */
  private record Plan(
      String client,
      LockClient asking,
      Caller caller,
      Inode source,
      Inode destination,
      long from,
      long to,
      long count,
      CloneReport report) {
    static Plan of(RangeOrder order) {
      return new Plan(
          order.initiator().client(),
          order.asking(),
          order.initiator().grant().caller(),
          order.sourceGrant().file(),
          order.initiator().grant().file(),
          order.sourceOffsetBytes(),
          order.destinationOffsetBytes(),
          order.lengthBytes(),
          order.report());
    }

    Volume volume() {
      return destination.volume();
    }

    long lengthBytes() {
      return count == 0 ? leftBytes() : count;
    }

    /** What a fault lets wait for. The range that was asked for may be far beyond any file. */
    long pacedBytes() {
      return Math.min(lengthBytes(), leftBytes());
    }

    private long leftBytes() {
      return Math.max(0, source.attributes().sizeBytes() - from);
    }
  }

  /** As {@link Offload#cloneRange}. */
  CompletableFuture<Mutation> start(RangeOrder order) {
    long startNanos = options.nanoTime().getAsLong();
    Plan plan = Plan.of(order);
    CloneWork job;
    CloneFault fault;
    try {
      judge(plan);
      job = newJob(plan);
      fault = faultOf(plan, order.initiator());
    } catch (OffloadFailure refused) {
      countersOf(plan).count(OffloadCounter.NFS_CLONE_FAILURE);
      plan.report.refused(refused.error().name(), refused.getMessage());
      file(plan);
      throw refused;
    }
    jobs.table().add(job);
    jobs.table().isInto(job, plan.destination);
    plan.report.isJob(job.id(), job.restoreCount());
    file(plan);
    CompletableFuture<Mutation> done = new CompletableFuture<>();
    boolean takesTime = fault != null;
    var unused =
        job.finished().thenAccept(last -> settle(plan, job, last, takesTime, startNanos, done));
    run(plan, job, fault, done);
    return done;
  }

  private CloneWork newJob(Plan plan) {
    String volume = plan.volume().name();
    return new CloneWork(
        jobs.table().takeId(plan.client),
        volume,
        plan.client,
        plan.caller,
        plan.volume().array().restoreCount(),
        plan.report,
        change -> jobs.tell(volume, plan.client, change));
  }

  /** Returns null for none. With one, no other clone into the destination begins meanwhile. */
  private CloneFault faultOf(Plan plan, Initiator initiator) {
    CloneFault fault =
        jobs.faultOf(new CloneFaults.Job(initiator, plan.source, plan.destination, null, null));
    if (fault != null) {
      plan.report.meetsFault(fault.label());
      plan.report.require(
          Precondition.DESTINATION_FREE, () -> jobs.lanes().claim(plan.destination));
      plan.report.decide();
    }
    return fault;
  }

  private void run(Plan plan, CloneWork job, CloneFault fault, CompletableFuture<Mutation> done) {
    Runnable share = () -> share(plan, job, done);
    if (fault != null) {
      JobPace pace = new JobPace(0, fault);
      Runnable last = () -> recalls.first(plan.source, plan.destination, plan.asking, share);
      new PacedShare(job, plan.pacedBytes(), plan.destination, options.scheduler(), end, pace, last)
          .run();
    } else if (job.start()) {
      share.run();
    }
  }

  private void judge(Plan plan) {
    CloneReport report = plan.report;
    report.looksAt(RangeClones::words);
    report.leaves(Precondition.SESSION, "NFS needs none of VAAI");
    report.holds(Precondition.EXPORT);
    report.holds(Precondition.FAULT);
    report.leaves(Precondition.VAAI_ALLOWED, "NFS asks, and not a plugin");
    report.leaves(Precondition.DIALECT, "every volume that is exported for NFSv4.2 serves it");
    report.holds(Precondition.VERSIONS);
    report.leaves(Precondition.REQUEST, "the range is judged when it is cloned");
    report.leaves(Precondition.AVAILABLE, "no profile switches a part of NFS off");
    report.holds(Precondition.WRITABLE);
    report.require(Precondition.OFFERED, () -> requireOneVolume(plan));
    report.holds(Precondition.SOURCE);
    report.holds(Precondition.DESTINATION);
    report.leaves(Precondition.DEPTH, "no profile limits it for NFS");
    report.holds(Precondition.SPACE);
    report.require(Precondition.DESTINATION_FREE, () -> jobs.lanes().requireFree(plan.destination));
    report.require(Precondition.JOB_SHARE, () -> jobs.table().requireShare(plan.client));
    report.leaves(Precondition.CONCURRENCY, "no profile limits it for NFS");
    report.decide();
  }

  private static void requireOneVolume(Plan plan) {
    if (!plan.source.volume().equals(plan.volume())) {
      throw new OffloadFailure(
          OffloadError.CROSS_VOLUME, "source and destination are on different volumes");
    }
  }

  private static String words(Precondition of) {
    return switch (of) {
      case EXPORT -> "the export admits the client";
      case FAULT -> "none was injected into this call";
      case VERSIONS -> "the export admits NFSv4.2";
      case WRITABLE -> "the export's rule for the client says 'rw'";
      case OFFERED -> "clones share blocks";
      case SOURCE, DESTINATION -> "a regular file";
      case SPACE -> "a clone that shares blocks takes none";
      case DESTINATION_FREE -> "no other clone is copied into it";
      case JOB_SHARE -> "the client had room for one more job";
      case SESSION, VAAI_ALLOWED, DIALECT, REQUEST, AVAILABLE, DEPTH, CONCURRENCY, COMPLETION -> "";
    };
  }

  private void file(Plan plan) {
    FilePaths.of(plan.destination).ifPresent(plan.report::destinationPath);
    explanations.file(plan.report);
  }

  /** The only step of a job that runs. */
  private void share(Plan plan, CloneWork job, CompletableFuture<Mutation> done) {
    if (!job.commit()) {
      return;
    }
    try {
      Mutation made =
          plan.volume().unlessRestored(job.restoreCount(), () -> shareInOneStep(plan, job));
      done.complete(made);
      end.succeedWhenDurable(job, made.transactionGroup(), "blocks shared");
    } catch (RuntimeException | Error e) {
      end.fail(job, e);
    }
  }

  /** The volume's lock is held. */
  private static Mutation shareInOneStep(Plan plan, CloneWork job) {
    long length = plan.lengthBytes();
    Volume volume = plan.volume();
    NotedSpace sourceBefore = ClonePlanner.Plan.spaceOf(plan.source);
    plan.report.costBefore(sourceBefore, ClonePlanner.Plan.spaceOf(plan.destination));
    Mutation made =
        volume
            .clones()
            .cloneRange(plan.caller, plan.source, plan.from, plan.destination, plan.to, plan.count);
    NotedSpace sourceAfter = ClonePlanner.Plan.spaceOf(plan.source);
    plan.report.costAfter(sourceAfter, ClonePlanner.Plan.spaceOf(plan.destination));
    long shared = volume.space().mappedBytes(plan.destination, plan.to, length);
    job.sharedAll(plan.destination.handle(), length, shared);
    return made;
  }

  private void settle(
      Plan plan,
      CloneWork job,
      JobSnapshot last,
      boolean tookTime,
      long startNanos,
      CompletableFuture<Mutation> done) {
    if (tookTime) {
      jobs.lanes().free(plan.destination);
    }
    jobs.table().finished(job, !tookTime);
    CloneJobs.noteEnd(plan.report, last, false);
    explanations.ended(plan.report);
    count(plan, last, startNanos);
    last.error()
        .ifPresent(error -> done.completeExceptionally(new OffloadFailure(error, last.reason())));
  }

  private void count(Plan plan, JobSnapshot last, long startNanos) {
    OffloadStatistics.Counters counters = countersOf(plan);
    if (last.error().isPresent()) {
      counters.count(OffloadCounter.NFS_CLONE_FAILURE);
      return;
    }
    counters.count(OffloadCounter.NFS_CLONE_SUCCESS);
    counters.add(OffloadCounter.BYTES_CLONED, last.totalBytes());
    counters.add(OffloadCounter.BYTES_SAVED, last.sharedBytes());
    counters.took(OffloadStatistics.Timed.NFS_CLONE, options.nanoTime().getAsLong() - startNanos);
  }

  private OffloadStatistics.Counters countersOf(Plan plan) {
    return statistics.of(plan.volume().name(), plan.client);
  }
}
