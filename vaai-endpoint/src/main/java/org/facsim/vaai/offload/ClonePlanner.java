/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.offload;

import org.facsim.array.Caller;
import org.facsim.array.FileAttributes;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.vaai.offload.ArrayProfile.AcrossVolumes;

/**
 * Checks a clone and says how it is done; changes nothing, so it is all of a dry run. Whoever makes
 * the clone still takes the array's word, because the world may have changed in between.
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
    /** The same, by way of a snapshot that is kept. */
    SHARE_FROM_SNAPSHOT,
    /** Shares the blocks aside, maps zeros into the holes, and puts that in place. */
    FILL_ASIDE,
    /** Copies the blocks aside and puts them in place. */
    COPY_ASIDE;

    boolean isAside() {
      return this == FILL_ASIDE || this == COPY_ASIDE;
    }
  }

  /**
   * A clone that passed every check.
   *
   * @param source a regular file that the caller may read
   * @param destination where the clone goes; no inode if it is to be made
   */
  record Plan(
      CloneOrder order,
      ArrayProfile profile,
      Inode source,
      FileLocator.Location destination,
      Way way) {
    Caller caller() {
      return order.destinationAccess().caller();
    }

    Volume volume() {
      return order.destinationAccess().volume();
    }
  }

  /**
   * Checks a clone.
   *
   * @param profile of the destination's volume
   * @param sourceProfile of the source's volume
   * @throws VaaiFailure every status that profile, files and permissions ask for
   * @throws org.facsim.array.ArrayException likewise
   */
  Plan plan(CloneOrder order, ArrayProfile profile, ArrayProfile sourceProfile) {
    VaaiExports.Access to = order.destinationAccess();
    requireAvailable(profile);
    requireAvailable(sourceProfile);
    if (to.readOnly()) {
      throw new VaaiFailure(VaaiStatus.ROFS, READ_ONLY);
    }
    Way way = wayOf(order, profile);
    Inode source = locator.existing(order.sourceAccess(), order.source());
    requireRegular(source, "source");
    requireRead(order.sourceAccess(), source);
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
    return new Plan(order, profile, source, destination, way);
  }

  /**
   * Refuses everything while the array does not offload.
   *
   * @throws VaaiFailure BUSY, NOTSUPP
   */
  static void requireAvailable(ArrayProfile profile) {
    switch (profile.availability()) {
      case AVAILABLE -> {}
      case TAKEOVER -> throw new VaaiFailure(VaaiStatus.BUSY, "a controller takes over");
      case OFF -> throw new VaaiFailure(VaaiStatus.NOTSUPP, "offloading is switched off");
    }
  }

  private static Way wayOf(CloneOrder order, ArrayProfile profile) {
    Way sharing = profile.cloningSnapshots() ? Way.SHARE_FROM_SNAPSHOT : Way.SHARE;
    if (order.isAcrossVolumes()) {
      if (order.isLazy() || profile.acrossVolumes() == AcrossVolumes.UNSUPPORTED) {
        throw new VaaiFailure(
            VaaiStatus.XVOL,
            order.isLazy() ? "a lazy clone shares blocks of one volume" : NOT_ACROSS_VOLUMES);
      }
      return Way.COPY_ASIDE;
    }
    if (order.isLazy()) {
      if (!profile.fastClone()) {
        throw new VaaiFailure(VaaiStatus.NOTSUPP, "fast clones are not offered");
      }
      return sharing;
    }
    return switch (profile.fullClone()) {
      case SHARE -> profile.thickDestinations() ? Way.FILL_ASIDE : sharing;
      case COPY -> Way.COPY_ASIDE;
      case UNSUPPORTED -> throw new VaaiFailure(VaaiStatus.NOTSUPP, "full clones are not offered");
    };
  }

  private static void checkExisting(
      VaaiExports.Access to, Inode source, Inode destination, CloneOrder order) {
    if (order.has(CloneFlags.GUARDED)) {
      throw new VaaiFailure(VaaiStatus.EXIST, "guarded, and the destination exists");
    }
    requireRegular(destination, "destination");
    if (destination == source) {
      throw new VaaiFailure(VaaiStatus.INVAL, "source and destination are one file");
    }
    requireWrite(to, destination, "destination");
  }

  private static void checkMissing(
      VaaiExports.Access to, FileLocator.Location destination, CloneOrder order) {
    if (!order.isLazy()) {
      throw new VaaiFailure(VaaiStatus.NOENT, "no destination " + destination.name());
    }
    int wanted = Volume.ACCESS_EXTEND | Volume.ACCESS_LOOKUP;
    if (to.volume().attributes().access(to.caller(), destination.directory(), wanted) != wanted) {
      throw new VaaiFailure(VaaiStatus.ACCESS, "no permission to make the destination");
    }
  }

  private static void requireDepth(CloneOrder order, ArrayProfile profile, Inode source) {
    if (!order.isLazy() || profile.maxCloneDepth() == 0) {
      return;
    }
    int depth = source.volume().clones().cloneDepth(source) + 1;
    if (depth > profile.maxCloneDepth()) {
      throw new VaaiFailure(
          VaaiStatus.TOO_DEEP,
          "clone number " + depth + " in a row, at most " + profile.maxCloneDepth());
    }
  }

  private static void requireSpace(Volume to, Inode source, Way way, ArrayProfile profile) {
    FileAttributes attributes = source.attributes();
    long filled = profile.thickDestinations() ? attributes.sizeBytes() : attributes.usedBytes();
    long needed = way == Way.COPY_ASIDE ? filled : filled - attributes.usedBytes();
    long free = to.space().ofVolume().freeBytes();
    if (needed > free) {
      throw new VaaiFailure(
          VaaiStatus.NOSPC, "the clone takes " + needed + " bytes, " + free + " are free");
    }
  }

  /**
   * Refuses what is no regular file.
   *
   * @throws VaaiFailure ISDIR, BADTYPE
   */
  static void requireRegular(Inode inode, String what) {
    FileAttributes attributes = inode.attributes();
    if (attributes.type() == FileType.DIRECTORY) {
      throw new VaaiFailure(VaaiStatus.ISDIR, "the " + what + " is a directory");
    }
    if (attributes.type() != FileType.REGULAR) {
      throw new VaaiFailure(VaaiStatus.BADTYPE, "the " + what + " is no regular file");
    }
  }

  // As for READ and WRITE of NFS: the owner may always, and execute permission is enough to read.

  private static void requireRead(VaaiExports.Access access, Inode file) {
    int either = Volume.ACCESS_READ | Volume.ACCESS_EXECUTE;
    if (!isOwner(access.caller(), file)
        && access.volume().attributes().access(access.caller(), file, either) == 0) {
      throw new VaaiFailure(VaaiStatus.ACCESS, "no permission to read the source");
    }
  }

  /**
   * Refuses whoever may not write a file.
   *
   * @throws VaaiFailure ACCESS
   */
  static void requireWrite(VaaiExports.Access access, Inode file, String what) {
    if (!isOwner(access.caller(), file)
        && access.volume().attributes().access(access.caller(), file, Volume.ACCESS_MODIFY) == 0) {
      throw new VaaiFailure(VaaiStatus.ACCESS, "no permission to write the " + what);
    }
  }

  private static boolean isOwner(Caller caller, Inode file) {
    return caller.isRoot() || caller.uid() == file.attributes().uid();
  }
}
