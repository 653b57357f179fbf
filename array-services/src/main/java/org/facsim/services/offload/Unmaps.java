/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.facsim.array.ArrayException;
import org.facsim.array.Durability;
import org.facsim.array.FileRange;
import org.facsim.array.Inode;
import org.facsim.services.access.Grant;
import org.facsim.services.offload.ArrayProfile.Unmap;
import org.facsim.services.state.Delegations;

/**
 * Judges UNMAPs by profile, export, files and permissions, has those that pass made, and counts all
 * of them.
 */
final class Unmaps {
  private final FileLocator locator;
  private final OffloadOptions options;
  private final Durability durability;
  private final Delegations delegations;

  Unmaps(
      FileLocator locator, OffloadOptions options, Durability durability, Delegations delegations) {
    this.locator = locator;
    this.options = options;
    this.durability = durability;
    this.delegations = delegations;
  }

  /**
   * The granularity for a file that the caller need not be able to write.
   *
   * @param admission gives the volume's profile, or refuses the host
   * @throws OffloadFailure BUSY, NOTSUPP and those of files and of the admission
   */
  UnmapGranularity granularity(
      Initiator initiator,
      OffloadStatistics.Counters counters,
      Supplier<ArrayProfile> admission,
      FileRef name) {
    try {
      ArrayProfile profile = admission.get();
      requireOffered(profile);
      ClonePlanner.requireRegular(locator.existing(initiator.grant(), name), "file");
      counters.count(OffloadCounter.UNMAP_GRANULARITY_SUCCESS);
      return new UnmapGranularity(profile.unmapGranularityBytes(), WholeGranules.MAX_RANGES);
    } catch (OffloadFailure | ArrayException refused) {
      counters.count(OffloadCounter.UNMAP_GRANULARITY_FAILURE);
      throw ArrayErrors.failureOf(refused);
    }
  }

  /**
   * Unmaps.
   *
   * @param admission gives the volume's profile, or refuses the host
   * @throws OffloadFailure if it is refused, with nothing changed
   */
  CompletableFuture<UnmappedSpace> unmap(
      Initiator initiator,
      OffloadStatistics.Counters counters,
      Supplier<ArrayProfile> admission,
      FileRef name,
      List<FileRange> ranges) {
    long start = options.nanoTime().getAsLong();
    try {
      return judged(initiator, admission.get(), name, ranges)
          .whenComplete((space, failure) -> count(counters, space, failure, start));
    } catch (OffloadFailure | ArrayException refused) {
      counters.count(OffloadCounter.UNMAP_FAILURE);
      throw ArrayErrors.failureOf(refused);
    }
  }

  private void count(
      OffloadStatistics.Counters counters, UnmappedSpace space, Throwable failure, long start) {
    if (failure != null) {
      counters.count(OffloadCounter.UNMAP_FAILURE);
      return;
    }
    counters.count(OffloadCounter.UNMAP_SUCCESS);
    counters.add(OffloadCounter.BYTES_UNMAPPED, space.unmappedBytes());
    counters.add(OffloadCounter.BYTES_FREED, space.freedBytes());
    counters.took(OffloadStatistics.Timed.UNMAP, options.nanoTime().getAsLong() - start);
  }

  private CompletableFuture<UnmappedSpace> judged(
      Initiator initiator, ArrayProfile profile, FileRef name, List<FileRange> ranges) {
    requireOffered(profile);
    Grant grant = initiator.grant();
    ClonePlanner.requireWritable(grant);
    Inode file = locator.existing(grant, name);
    ClonePlanner.requireRegular(file, "file");
    ClonePlanner.requireWrite(grant, file, "file");
    WholeGranules.check(ranges, file.attributes().sizeBytes());
    if (profile.unmap() == Unmap.IGNORED) {
      return CompletableFuture.completedFuture(UnmappedSpace.NONE);
    }
    return new SpaceUnmap(
            grant.caller(),
            file,
            ranges,
            profile.unmapGranularityBytes(),
            options.scheduler(),
            durability,
            delegations)
        .run();
  }

  private static void requireOffered(ArrayProfile profile) {
    ClonePlanner.requireAvailable(profile);
    if (profile.unmap() == Unmap.UNSUPPORTED) {
      throw new OffloadFailure(OffloadError.NOT_SUPPORTED, OffloadEngine.NO_UNMAP);
    }
  }
}
