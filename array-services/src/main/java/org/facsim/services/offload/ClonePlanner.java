/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import org.facsim.array.Caller;
import org.facsim.array.FileAttributes;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
import org.facsim.services.access.Grant;
import org.facsim.services.offload.ArrayProfile.AcrossVolumes;

/**
 * Checks a clone and says how it is to be made. It changes nothing, so a dry run consists of it
 * alone. Whoever makes the clone must still expect that the array refuses it, because files may
 * have changed in between.
 */
final class ClonePlanner {
  /** Why a clone into a read-only export is refused. */
  static final String READ_ONLY = "the export is read-only for this client";

  /** Why a clone between volumes is refused. */
  static final String NOT_ACROSS_VOLUMES = "clones across volumes are not offloaded";

  private final FileLocator locator;

  ClonePlanner(FileLocator locator) {
    this.locator = locator;
  }

  /** How a clone is made. */
  enum Way {
    /** Shares the source's blocks in one step. */
    SHARE,
    /** Shares the blocks of a snapshot of the source, which is kept. */
    SHARE_FROM_SNAPSHOT,
    /** Shares the blocks aside, maps zeros into the holes, and puts the result in place. */
    FILL_ASIDE,
    /** Copies the blocks aside and puts them in place. */
    COPY_ASIDE;

    boolean isAside() {
      return this == FILL_ASIDE || this == COPY_ASIDE;
    }
  }

  /**
   * A clone that passed every check. It outlives its call, and does not keep the call's grants.
   *
   * @param client the address of the host that asks
   * @param caller on whose behalf the destination's volume is changed
   * @param reader on whose behalf the source is read
   * @param profile of the destination's volume
   * @param source a regular file that the reader may read
   * @param volume where the clone goes
   * @param destination the clone's place there; without an inode if the file is to be made
   */
  record Plan(
      String client,
      CloneOptions options,
      Caller caller,
      Caller reader,
      ArrayProfile profile,
      Inode source,
      Volume volume,
      FileLocator.Location destination,
      Way way) {
    boolean isLazy() {
      return options.has(CloneOption.LAZY);
    }
  }

  /**
   * Checks a clone.
   *
   * @param profile of the destination's volume
   * @param sourceProfile of the source's volume
   * @throws OffloadFailure with each error that profile, files and permissions can cause
   * @throws org.facsim.array.ArrayException likewise
   */
  Plan plan(CloneOrder order, ArrayProfile profile, ArrayProfile sourceProfile) {
    Grant to = order.destinationGrant();
    requireAvailable(profile);
    requireAvailable(sourceProfile);
    if (to.terms().readOnly()) {
      throw new OffloadFailure(OffloadError.READ_ONLY, READ_ONLY);
    }
    Way way = wayOf(order, profile);
    Inode source = locator.existing(order.sourceGrant(), order.source());
    requireRegular(source, "source");
    requireRead(order.sourceGrant(), source);
    FileLocator.Location destination = locator.locate(to, order.destination());
    if (destination.exists()) {
      checkExisting(to, source, destination.inode(), order);
    } else {
      checkMissing(to, destination, order);
    }
    requireDepth(order, profile, source);
    if (way.isAside()) {
      requireSpace(to.volume(), source, way, profile);
    }
    return new Plan(
        order.initiator().client(),
        order.options(),
        to.caller(),
        order.sourceGrant().caller(),
        profile,
        source,
        to.volume(),
        destination,
        way);
  }

  /**
   * Refuses every clone while the array does not offload.
   *
   * @throws OffloadFailure BUSY, NOTSUPP
   */
  static void requireAvailable(ArrayProfile profile) {
    switch (profile.availability()) {
      case AVAILABLE -> {}
      case TAKEOVER -> throw new OffloadFailure(OffloadError.BUSY, "a controller takes over");
      case OFF ->
          throw new OffloadFailure(OffloadError.NOT_SUPPORTED, "offloading is switched off");
    }
  }

  private static Way wayOf(CloneOrder order, ArrayProfile profile) {
    Way sharing = profile.cloningSnapshots() ? Way.SHARE_FROM_SNAPSHOT : Way.SHARE;
    if (order.isAcrossVolumes()) {
      if (order.isLazy() || profile.acrossVolumes() == AcrossVolumes.UNSUPPORTED) {
        throw new OffloadFailure(
            OffloadError.CROSS_VOLUME,
            order.isLazy() ? "a lazy clone shares blocks of one volume" : NOT_ACROSS_VOLUMES);
      }
      return Way.COPY_ASIDE;
    }
    if (order.isLazy()) {
      if (!profile.fastClone()) {
        throw new OffloadFailure(OffloadError.NOT_SUPPORTED, "fast clones are not offered");
      }
      return sharing;
    }
    return switch (profile.fullClone()) {
      case SHARE -> profile.thickDestinations() ? Way.FILL_ASIDE : sharing;
      case COPY -> Way.COPY_ASIDE;
      case UNSUPPORTED ->
          throw new OffloadFailure(OffloadError.NOT_SUPPORTED, "full clones are not offered");
    };
  }

  private static void checkExisting(Grant to, Inode source, Inode destination, CloneOrder order) {
    if (order.has(CloneOption.GUARDED)) {
      throw new OffloadFailure(OffloadError.EXISTS, "guarded, and the destination exists");
    }
    requireRegular(destination, "destination");
    if (destination == source) {
      throw new OffloadFailure(
          OffloadError.INVALID_ARGUMENT, "source and destination are one file");
    }
    requireWrite(to, destination, "destination");
  }

  private static void checkMissing(Grant to, FileLocator.Location destination, CloneOrder order) {
    if (!order.isLazy()) {
      throw new OffloadFailure(OffloadError.NOT_FOUND, "no destination " + destination.name());
    }
    int wanted = Volume.ACCESS_EXTEND | Volume.ACCESS_LOOKUP;
    if (to.volume().attributes().access(to.caller(), destination.directory(), wanted) != wanted) {
      throw new OffloadFailure(OffloadError.ACCESS_DENIED, "no permission to make the destination");
    }
  }

  private static void requireDepth(CloneOrder order, ArrayProfile profile, Inode source) {
    if (!order.isLazy() || profile.maxCloneDepth() == 0) {
      return;
    }
    int depth = source.volume().clones().cloneDepth(source) + 1;
    if (depth > profile.maxCloneDepth()) {
      throw new OffloadFailure(
          OffloadError.TOO_DEEP,
          "clone number " + depth + " in a row, at most " + profile.maxCloneDepth());
    }
  }

  private static void requireSpace(Volume to, Inode source, Way way, ArrayProfile profile) {
    FileAttributes attributes = source.attributes();
    long filled = profile.thickDestinations() ? attributes.sizeBytes() : attributes.usedBytes();
    long needed = way == Way.COPY_ASIDE ? filled : filled - attributes.usedBytes();
    long free = to.space().ofVolume().freeBytes();
    if (needed > free) {
      throw new OffloadFailure(
          OffloadError.NO_SPACE, "the clone takes " + needed + " bytes, " + free + " are free");
    }
  }

  /**
   * Refuses what is not a regular file.
   *
   * @throws OffloadFailure ISDIR, BADTYPE
   */
  static void requireRegular(Inode inode, String what) {
    FileAttributes attributes = inode.attributes();
    if (attributes.type() == FileType.DIRECTORY) {
      throw new OffloadFailure(OffloadError.IS_DIRECTORY, "the " + what + " is a directory");
    }
    if (attributes.type() != FileType.REGULAR) {
      throw new OffloadFailure(OffloadError.WRONG_TYPE, "the " + what + " is no regular file");
    }
  }

  // As for READ and WRITE of NFS: the owner always may, and execute permission is enough to read.

  private static void requireRead(Grant grant, Inode file) {
    int either = Volume.ACCESS_READ | Volume.ACCESS_EXECUTE;
    if (!isOwner(grant.caller(), file)
        && grant.volume().attributes().access(grant.caller(), file, either) == 0) {
      throw new OffloadFailure(OffloadError.ACCESS_DENIED, "no permission to read the source");
    }
  }

  /**
   * Refuses a caller that may not write a file.
   *
   * @throws OffloadFailure ACCESS
   */
  static void requireWrite(Grant grant, Inode file, String what) {
    if (!isOwner(grant.caller(), file)
        && grant.volume().attributes().access(grant.caller(), file, Volume.ACCESS_MODIFY) == 0) {
      throw new OffloadFailure(OffloadError.ACCESS_DENIED, "no permission to write the " + what);
    }
  }

  private static boolean isOwner(Caller caller, Inode file) {
    return caller.isRoot() || caller.uid() == file.attributes().uid();
  }
}
