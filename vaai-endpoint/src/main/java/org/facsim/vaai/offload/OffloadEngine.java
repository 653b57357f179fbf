/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.offload;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.Durability;
import org.facsim.array.FileHandle;
import org.facsim.array.FileSpace;
import org.facsim.array.Inode;
import org.facsim.array.StorageArray;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.ExtendedStatistics;
import org.facsim.protocol.vaai.JobState;
import org.facsim.protocol.vaai.Opaque;
import org.facsim.protocol.vaai.ReserveMode;
import org.facsim.protocol.vaai.ReservedSpace;
import org.facsim.protocol.vaai.SupportAnswer;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.vaai.offload.ArrayProfile.Reserve;
import org.facsim.vaai.offload.ArrayProfile.Statistics;

/** The offloads over an array, each volume behaving by its profile. */
public final class OffloadEngine implements Offload, AutoCloseable {
  /** Why a reservation is refused where there are none. */
  static final String NO_RESERVATIONS = "this array does not reserve space";

  /** Why statistics are refused where there are none. */
  static final String NO_STATISTICS = "extended statistics are not offered";

  private final VolumeProfiles profiles;
  private final OffloadOptions options;
  private final Durability durability;
  private final FileLocator locator;
  private final SupportQuery supportQuery;
  private final CloneJobs clones;
  private final VaaiStatistics statistics = new VaaiStatistics();

  /**
   * An engine; close it before the array.
   *
   * @param profiles may be changed while the engine runs
   */
  public OffloadEngine(StorageArray array, VolumeProfiles profiles, OffloadOptions options) {
    this(array, profiles, options, array);
  }

  /**
   * @param durability tells when a change is on stable storage; the array's own view but for tests
   */
  public OffloadEngine(
      StorageArray array, VolumeProfiles profiles, OffloadOptions options, Durability durability) {
    this.profiles = Objects.requireNonNull(profiles);
    this.options = Objects.requireNonNull(options);
    this.durability = durability;
    this.locator = new FileLocator(array);
    this.supportQuery = new SupportQuery();
    this.clones =
        new CloneJobs(
            new ClonePlanner(locator),
            profiles,
            options,
            new JobTable(options.jobShare(), array.starts()),
            new JobEnd(durability, array::restoreCount),
            statistics);
  }

  /** What clients did, in all dialects. */
  public VaaiStatistics statistics() {
    return statistics;
  }

  /** How volumes behave; may be changed at any time. */
  public VolumeProfiles profiles() {
    return profiles;
  }

  @Override
  public OffloadLimits admit(Initiator initiator) {
    ArrayProfile profile = requireAdmitted(initiator);
    int most = profile.maxConcurrentClones();
    return new OffloadLimits(
        most == 0 ? 0 : most + profile.maxQueuedClones(), profile.maxCloneDepth());
  }

  private ArrayProfile requireAdmitted(Initiator initiator) {
    if (!initiator.access().vaaiAllowed()) {
      throw new VaaiFailure(
          VaaiStatus.ACCESS, "the export's rules refuse VAAI to " + initiator.client());
    }
    ArrayProfile profile = profiles.of(initiator.access().volume());
    if (!profile.dialects().contains(initiator.dialect())) {
      throw new VaaiFailure(
          VaaiStatus.NOTSUPP,
          "the volume is not offloaded in dialect " + initiator.dialect().label());
    }
    return profile;
  }

  @Override
  public SupportAnswer support(Initiator initiator, VaaiPrimitive primitive) {
    return supportQuery.answer(initiator.access(), requireAdmitted(initiator), primitive);
  }

  @Override
  public StartedClone startClone(CloneOrder order) {
    try {
      ArrayProfile profile = requireAdmitted(order.initiator());
      if (!order.sourceAccess().equals(order.destinationAccess())) {
        requireAdmitted(
            new Initiator(
                order.initiator().client(), order.initiator().dialect(), order.sourceAccess()));
      }
      return clones.start(order, profile);
    } catch (VaaiFailure | ArrayException refused) {
      if (!order.isDryRun()) {
        countersOf(order.initiator()).count(CloneJobs.failureOf(order));
      }
      throw ArrayErrors.failureOf(refused);
    }
  }

  @Override
  public CloneJob job(long jobId) {
    return clones.table().find(jobId).map(clones::now).orElseGet(() -> lostOrUnknown(jobId));
  }

  @Override
  public Optional<CloneJob> lastJobInto(FileHandle destination) {
    return clones.table().lastInto(destination).map(clones::now);
  }

  @Override
  public CloneJob abort(long jobId, Caller caller, String reason) {
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

  private CloneJob lostOrUnknown(long jobId) {
    if (!clones.table().isOfEarlierRun(jobId)) {
      throw new VaaiFailure(VaaiStatus.JOB, "no job " + Long.toUnsignedString(jobId));
    }
    return new CloneJob(
        jobId,
        JobState.LOST,
        VaaiStatus.LOST,
        "the array restarted; the destination is as it was, or whole",
        0,
        0,
        0,
        0,
        Opaque.EMPTY);
  }

  @Override
  public CompletableFuture<ReservedSpace> reserveSpace(
      Initiator initiator, VaaiFile file, ReserveMode mode, long sizeBytes) {
    long start = options.nanoTime().getAsLong();
    VaaiStatistics.Counters counters = countersOf(initiator);
    try {
      return reserve(initiator, file, mode, sizeBytes)
          .whenComplete(
              (reserved, failure) -> {
                if (failure == null) {
                  counters.count(VaaiCounter.RESERVE_SPACE_SUCCESS);
                  counters.took(
                      VaaiStatistics.Timed.RESERVE_SPACE, options.nanoTime().getAsLong() - start);
                } else {
                  counters.count(VaaiCounter.RESERVE_SPACE_FAILURE);
                }
              });
    } catch (VaaiFailure | ArrayException refused) {
      counters.count(VaaiCounter.RESERVE_SPACE_FAILURE);
      throw ArrayErrors.failureOf(refused);
    }
  }

  private CompletableFuture<ReservedSpace> reserve(
      Initiator initiator, VaaiFile name, ReserveMode mode, long sizeBytes) {
    ArrayProfile profile = requireAdmitted(initiator);
    ClonePlanner.requireAvailable(profile);
    VaaiExports.Access access = initiator.access();
    if (access.readOnly()) {
      throw new VaaiFailure(VaaiStatus.ROFS, ClonePlanner.READ_ONLY);
    }
    if (profile.reserveSpace() == Reserve.UNSUPPORTED) {
      throw new VaaiFailure(VaaiStatus.NOTSUPP, NO_RESERVATIONS);
    }
    Inode file = locator.existing(access, name);
    ClonePlanner.requireRegular(file, "file");
    ClonePlanner.requireWrite(access, file, "file");
    long wanted = sizeBytes == 0 ? file.attributes().sizeBytes() : sizeBytes;
    if (wanted == 0 || profile.reserveSpace() == Reserve.IGNORED) {
      return CompletableFuture.completedFuture(new ReservedSpace(0));
    }
    Caller caller = access.caller();
    return new SpaceReservation(caller, file, wanted, options.scheduler(), durability).run(mode);
  }

  @Override
  public ExtendedStatistics extendedStatistics(Initiator initiator, VaaiFile name) {
    long start = options.nanoTime().getAsLong();
    VaaiStatistics.Counters counters = countersOf(initiator);
    try {
      ArrayProfile profile = requireAdmitted(initiator);
      ClonePlanner.requireAvailable(profile);
      if (profile.extendedStatistics() == Statistics.UNSUPPORTED) {
        throw new VaaiFailure(VaaiStatus.NOTSUPP, NO_STATISTICS);
      }
      Inode file = locator.existing(initiator.access(), name);
      ClonePlanner.requireRegular(file, "file");
      ExtendedStatistics answer =
          figures(file.volume().space().of(file), profile.extendedStatistics() == Statistics.NET);
      counters.count(VaaiCounter.EXT_STATS_SUCCESS);
      counters.took(VaaiStatistics.Timed.EXT_STATS, options.nanoTime().getAsLong() - start);
      return answer;
    } catch (VaaiFailure | ArrayException refused) {
      counters.count(VaaiCounter.EXT_STATS_FAILURE);
      throw ArrayErrors.failureOf(refused);
    }
  }

  private static ExtendedStatistics figures(FileSpace space, boolean netOfSharing) {
    return new ExtendedStatistics(
        space.logicalBytes(),
        netOfSharing ? space.exclusiveBytes() : space.referencedBytes(),
        space.exclusiveBytes(),
        netOfSharing ? 0 : space.sharedBytes(),
        space.reservedBytes(),
        space.chargedBytes());
  }

  private VaaiStatistics.Counters countersOf(Initiator initiator) {
    return statistics.of(initiator.access().volume().name(), initiator.client());
  }

  /** To be called after a named state was restored: jobs that were under way before are lost. */
  public void restored() {
    clones.restored();
  }

  /** Jobs under way are lost: their destinations are as they were. Nothing may be called later. */
  @Override
  public void close() {
    clones.close();
  }
}
