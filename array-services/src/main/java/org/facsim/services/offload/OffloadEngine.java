/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.Durability;
import org.facsim.array.FileHandle;
import org.facsim.array.FileRange;
import org.facsim.array.FileSpace;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.services.access.Grant;
import org.facsim.services.calls.CallOverruled;
import org.facsim.services.calls.StatusRefusal;
import org.facsim.services.explain.CloneReport;
import org.facsim.services.explain.Explanations;
import org.facsim.services.explain.Precondition;
import org.facsim.services.offload.ArrayProfile.Reserve;
import org.facsim.services.offload.ArrayProfile.Statistics;
import org.facsim.services.state.Delegations;
import org.facsim.services.state.Holdings;

/** Offloads for an array; each volume behaves as its profile says. */
public final class OffloadEngine implements Offload, AutoCloseable {
  /** Why a reservation is refused where the profile offers none. */
  static final String NO_RESERVATIONS = "this array does not reserve space";

  /** Why statistics are refused where the profile offers none. */
  static final String NO_STATISTICS = "extended statistics are not offered";

  /** Why UNMAP is refused where the profile offers none. */
  static final String NO_UNMAP = "UNMAP is not offered";

  private final VolumeProfiles profiles;
  private final OffloadOptions options;
  private final Durability durability;
  private final FileLocator locator;
  private final SupportQuery supportQuery;
  private final CloneJobs clones;
  private final RangeClones ranges;
  private final Unmaps unmaps;
  private final OffloadStatistics statistics;
  private final Explanations explanations;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  /**
   * An engine; close it before the array.
   *
   * @param profiles may be changed while the engine runs
   */
  public OffloadEngine(StorageArray array, VolumeProfiles profiles, OffloadOptions options) {
    this(array, profiles, options, array, Holdings.ofNobody().delegations());
  }

  /**
   * An engine; close it before the array.
   *
   * @param profiles may be changed while the engine runs
   * @param durability tells when a change is on stable storage; the array itself, except in tests
   * @param delegations what is recalled before a clone reads its source or changes its destination
   */
  public OffloadEngine(
      StorageArray array,
      VolumeProfiles profiles,
      OffloadOptions options,
      Durability durability,
      Delegations delegations) {
    this(array, profiles, options, durability, delegations, new Explanations(options.clock()));
  }

  /**
   * The same of an engine that goes on explaining where an earlier one ended.
   *
   * @param explanations of the clones so far
   */
  public OffloadEngine(
      StorageArray array,
      VolumeProfiles profiles,
      OffloadOptions options,
      Durability durability,
      Delegations delegations,
      Explanations explanations) {
    this.profiles = Objects.requireNonNull(profiles);
    this.options = Objects.requireNonNull(options);
    this.durability = durability;
    this.statistics = new OffloadStatistics(options.meters());
    this.explanations = Objects.requireNonNull(explanations);
    this.locator = new FileLocator(array);
    this.unmaps = new Unmaps(locator, options, durability, delegations);
    this.supportQuery = new SupportQuery();
    JobEnd end = new JobEnd(durability, array::restoreCount);
    RecallsFirst recalls = new RecallsFirst(delegations, options.scheduler());
    this.clones =
        new CloneJobs(
            new ClonePlanner(locator),
            profiles,
            options,
            new JobTable(options.jobShare(), array.starts(), array.firstStart()),
            end,
            statistics,
            delegations,
            recalls,
            explanations);
    this.ranges = new RangeClones(clones, options, end, statistics, recalls, explanations);
    delegations.addDoor(task -> options.scheduler().schedule(task, Duration.ZERO));
  }

  /** The statistics of what clients did, in all dialects. */
  public OffloadStatistics statistics() {
    return statistics;
  }

  /** Why clones were offloaded, or why not. */
  public Explanations explanations() {
    return explanations;
  }

  /** The profiles of the volumes; they may be changed at any time. */
  public VolumeProfiles profiles() {
    return profiles;
  }

  /** Says which clone jobs that are asked for from now on go wrong. */
  public void cloneFaults(CloneFaults faults) {
    clones.faults(Objects.requireNonNull(faults));
  }

  @Override
  public OffloadLimits admit(Initiator initiator) {
    ArrayProfile profile;
    try {
      profile = requireAdmitted(initiator);
    } catch (OffloadFailure refused) {
      noteAnswer(initiator, "admission", false, refused.getMessage());
      throw refused;
    }
    int most = profile.maxConcurrentClones();
    return new OffloadLimits(
        most == 0 ? 0 : most + profile.maxQueuedClones(), profile.maxCloneDepth());
  }

  private ArrayProfile requireAdmitted(Initiator initiator) {
    requireAllowed(initiator.client(), initiator.grant());
    ArrayProfile profile = profiles.of(initiator.grant().volume());
    requireDialect(profile, initiator.dialect());
    return profile;
  }

  private static void requireAllowed(String client, Grant grant) {
    if (!grant.terms().vaaiAllowed()) {
      throw new OffloadFailure(
          OffloadError.ACCESS_DENIED, "the export's rules refuse VAAI to " + client);
    }
  }

  private static void requireDialect(ArrayProfile profile, Dialect dialect) {
    if (!profile.dialects().contains(dialect)) {
      throw new OffloadFailure(
          OffloadError.NOT_SUPPORTED, "the volume is not offloaded in dialect " + dialect.label());
    }
  }

  /** As {@link #requireAdmitted}, for both ends of a clone, and noted. */
  private CloneEvidence admit(CloneOrder order) {
    CloneReport report = order.report();
    String client = order.initiator().client();
    Dialect dialect = order.initiator().dialect();
    ArrayProfile profile = profiles.of(order.destinationGrant().volume());
    CloneEvidence evidence = new CloneEvidence(dialect, profile, order.destinationGrant().terms());
    report.looksAt(evidence);
    report.require(
        Precondition.VAAI_ALLOWED,
        () -> {
          requireAllowed(client, order.destinationGrant());
          requireAllowed(client, order.sourceGrant());
        });
    report.require(
        Precondition.DIALECT,
        () -> {
          requireDialect(profile, dialect);
          requireDialect(profiles.of(order.sourceGrant().volume()), dialect);
        });
    report.holds(Precondition.VERSIONS);
    report.holds(Precondition.EXPORT);
    report.holds(Precondition.FAULT);
    if (dialect == Dialect.OPENSDS) {
      report.leaves(Precondition.SESSION, "this protocol has no sessions");
    }
    return evidence;
  }

  @Override
  public Support support(Initiator initiator, Primitive primitive) {
    String question = primitive.name().toLowerCase(Locale.ROOT).replace('_', '-');
    try {
      Support answer =
          supportQuery.answer(initiator.grant(), requireAdmitted(initiator), primitive);
      noteAnswer(initiator, question, answer.supported(), answer.reason());
      return answer;
    } catch (OffloadFailure refused) {
      noteAnswer(initiator, question, false, refused.getMessage());
      throw refused;
    }
  }

  private void noteAnswer(Initiator initiator, String question, boolean isYes, String reason) {
    explanations
        .questions()
        .answered(
            initiator.client(),
            initiator.grant().volume().name(),
            initiator.dialect().label(),
            question,
            isYes,
            reason);
  }

  @Override
  public StartedClone startClone(CloneOrder order) {
    try {
      return clones.start(order, admit(order));
    } catch (OffloadFailure | ArrayException refused) {
      if (!order.isDryRun()) {
        countersOf(order.initiator()).count(CloneJobs.failureOf(order.isLazy()));
      }
      OffloadFailure failure = ArrayErrors.failureOf(refused);
      notStarted(order.report(), failure.error().name(), failure.getMessage());
      throw failure;
    }
  }

  @Override
  public CompletableFuture<Mutation> cloneRange(RangeOrder order) {
    return ranges.start(order);
  }

  @Override
  public void notStarted(CloneReport report, String status, String why) {
    report.refused(status, why);
    explanations.file(report);
  }

  @Override
  public void notExecuted(CloneReport report, String words, boolean isKeptBack) {
    report.notExecuted(words, isKeptBack);
    explanations.file(report);
  }

  @Override
  public CloneReport examine(CloneOrder order) {
    CloneReport report = order.report();
    try {
      var unused = clones.examine(order, admit(order));
    } catch (OffloadFailure | ArrayException refused) {
      OffloadFailure failure = ArrayErrors.failureOf(refused);
      report.refused(failure.error().name(), failure.getMessage());
    } catch (StatusRefusal | CallOverruled overruled) {
      report.refused("", overruled.getMessage()); // the door knows what it answers
    }
    return report;
  }

  @Override
  public JobSnapshot job(long jobId) {
    return clones
        .table()
        .find(jobId)
        .map(
            job -> {
              job.asked();
              return clones.now(job);
            })
        .orElseGet(() -> lostOrUnknown(jobId));
  }

  @Override
  public Optional<JobSnapshot> lastJobInto(FileHandle destination) {
    return clones.table().lastInto(destination).map(clones::now);
  }

  @Override
  public JobSnapshot abort(long jobId, Caller caller, String reason) {
    return clones
        .table()
        .find(jobId)
        .map(
            job -> {
              job.abort(caller, reason);
              return clones.now(job);
            })
        .orElseGet(() -> lostOrUnknown(jobId));
  }

  private JobSnapshot lostOrUnknown(long jobId) {
    if (!clones.table().isOfEarlierRun(jobId)) {
      throw new OffloadFailure(OffloadError.UNKNOWN_JOB, "no job " + Long.toUnsignedString(jobId));
    }
    return JobSnapshot.lost(jobId, "the array restarted; the destination is as it was, or whole");
  }

  @Override
  public CompletableFuture<ReservedSpace> reserveSpace(
      Initiator initiator, FileRef file, ReserveMode mode, long sizeBytes) {
    long start = options.nanoTime().getAsLong();
    OffloadStatistics.Counters counters = countersOf(initiator);
    try {
      return reserve(initiator, file, mode, sizeBytes)
          .whenComplete(
              (reserved, failure) -> {
                if (failure == null) {
                  counters.count(OffloadCounter.RESERVE_SPACE_SUCCESS);
                  counters.took(
                      OffloadStatistics.Timed.RESERVE_SPACE,
                      options.nanoTime().getAsLong() - start);
                } else {
                  counters.count(OffloadCounter.RESERVE_SPACE_FAILURE);
                }
              });
    } catch (OffloadFailure | ArrayException refused) {
      counters.count(OffloadCounter.RESERVE_SPACE_FAILURE);
      throw ArrayErrors.failureOf(refused);
    }
  }

  private CompletableFuture<ReservedSpace> reserve(
      Initiator initiator, FileRef name, ReserveMode mode, long sizeBytes) {
    ArrayProfile profile = requireAdmitted(initiator);
    ClonePlanner.requireAvailable(profile);
    Grant grant = initiator.grant();
    ClonePlanner.requireWritable(grant);
    if (profile.reserveSpace() == Reserve.UNSUPPORTED) {
      throw new OffloadFailure(OffloadError.NOT_SUPPORTED, NO_RESERVATIONS);
    }
    Inode file = locator.existing(grant, name);
    ClonePlanner.requireRegular(file, "file");
    ClonePlanner.requireWrite(grant, file, "file");
    long wanted = sizeBytes == 0 ? file.attributes().sizeBytes() : sizeBytes;
    if (wanted == 0 || profile.reserveSpace() == Reserve.IGNORED) {
      return CompletableFuture.completedFuture(new ReservedSpace(0));
    }
    Caller caller = grant.caller();
    return new SpaceReservation(caller, file, wanted, options.scheduler(), durability).run(mode);
  }

  @Override
  public UnmapGranularity unmapGranularity(Initiator initiator, FileRef name) {
    return unmaps.granularity(
        initiator, countersOf(initiator), () -> requireAdmitted(initiator), name);
  }

  @Override
  public CompletableFuture<UnmappedSpace> unmap(
      Initiator initiator, FileRef name, List<FileRange> ranges) {
    return unmaps.unmap(
        initiator, countersOf(initiator), () -> requireAdmitted(initiator), name, ranges);
  }

  @Override
  public SpaceUse extendedStatistics(Initiator initiator, FileRef name) {
    long start = options.nanoTime().getAsLong();
    OffloadStatistics.Counters counters = countersOf(initiator);
    try {
      ArrayProfile profile = requireAdmitted(initiator);
      ClonePlanner.requireAvailable(profile);
      if (profile.extendedStatistics() == Statistics.UNSUPPORTED) {
        throw new OffloadFailure(OffloadError.NOT_SUPPORTED, NO_STATISTICS);
      }
      Inode file = locator.existing(initiator.grant(), name);
      ClonePlanner.requireRegular(file, "file");
      SpaceUse answer =
          figures(file.volume().space().of(file), profile.extendedStatistics() == Statistics.NET);
      counters.count(OffloadCounter.EXT_STATS_SUCCESS);
      counters.took(OffloadStatistics.Timed.EXT_STATS, options.nanoTime().getAsLong() - start);
      return answer;
    } catch (OffloadFailure | ArrayException refused) {
      counters.count(OffloadCounter.EXT_STATS_FAILURE);
      throw ArrayErrors.failureOf(refused);
    }
  }

  private static SpaceUse figures(FileSpace space, boolean netOfSharing) {
    return new SpaceUse(
        space.logicalBytes(),
        netOfSharing ? space.exclusiveBytes() : space.referencedBytes(),
        space.exclusiveBytes(),
        netOfSharing ? 0 : space.sharedBytes(),
        space.reservedBytes(),
        space.chargedBytes());
  }

  private OffloadStatistics.Counters countersOf(Initiator initiator) {
    return statistics.of(initiator.grant().volume().name(), initiator.client());
  }

  /** Must be called after volumes were deleted; aborts the clones into them. */
  public void volumesGone(Set<Volume> gone) {
    clones.gone(gone.stream().map(Volume::name).collect(Collectors.toSet()));
  }

  /** The jobs under way, and the finished ones that hosts may still ask for. */
  public List<ListedJob> jobs() {
    return clones.listed();
  }

  /** Must be called after a named state was restored; jobs that were under way before are lost. */
  public void restored() {
    clones.restored();
  }

  /**
   * Ends the jobs under way as lost; their destinations are as they were. Afterwards nothing else
   * may be called. Closing again does nothing.
   */
  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      clones.close();
    }
  }
}
