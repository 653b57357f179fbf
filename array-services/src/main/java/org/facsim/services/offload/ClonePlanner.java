/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.FileAttributes;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.NotedSpace;
import org.facsim.array.Volume;
import org.facsim.services.access.Grant;
import org.facsim.services.explain.CloneReport;
import org.facsim.services.explain.Precondition;
import org.facsim.services.offload.ArrayProfile.AcrossVolumes;
import org.facsim.services.paths.FilePaths;

/**
 * Checks a clone and says how it is to be made. It changes nothing, so a dry run consists of it
 * alone. Whoever makes the clone must still expect that the array refuses it, because files may
 * have changed in between.
 */
final class ClonePlanner {
  /** Why a clone into a read-only export is refused. */
  static final String READ_ONLY = "the export is read-only for this client";

  /** Why something is not judged. */
  private static final String NO_SOURCE = "the source is not known";

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
    COPY_ASIDE,
    /** Copies the blocks aside, maps zeros into the holes, and puts the result in place. */
    COPY_ALL_ASIDE;

    boolean isAside() {
      return this == FILL_ASIDE || copies();
    }

    /** Whether the clone gets blocks of its own. */
    boolean copies() {
      return this == COPY_ASIDE || this == COPY_ALL_ASIDE;
    }

    String inWords() {
      return switch (this) {
        case SHARE -> "clones share blocks";
        case SHARE_FROM_SNAPSHOT -> "clones share blocks, by way of a snapshot that is kept";
        case FILL_ASIDE -> "clones share blocks, and holes are filled with zeros";
        case COPY_ASIDE -> "the array copies the blocks itself";
        case COPY_ALL_ASIDE -> "the array copies everything itself, holes included";
      };
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
   * @param report where it is noted how the clone was judged and what it did; if a check failed, it
   *     says so, and what that check was to find is missing here
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
      Way way,
      CloneReport report) {
    /** Whether the clone has no holes. */
    boolean fillsHoles() {
      return way == Way.COPY_ALL_ASIDE || profile.thickDestinations();
    }

    boolean isLazy() {
      return options.has(CloneOption.LAZY);
    }

    /**
     * Notes the ledger just before the clone. Cheap, so that it may be part of the clone's own
     * critical section.
     *
     * @param intoOrNull null if the clone makes the file
     */
    void noteCostBefore(Inode intoOrNull) {
      report.costBefore(spaceOf(source), intoOrNull == null ? null : spaceOf(intoOrNull));
    }

    /** The ledger right after the contents are in place; files that are gone by then have none. */
    void noteCostAfter(Inode clone) {
      report.costAfter(spaceOf(source), spaceOf(clone));
    }

    static NotedSpace spaceOf(Inode file) {
      try {
        return file.volume().space().noted(file);
      } catch (ArrayException gone) {
        return null;
      }
    }
  }

  /**
   * Checks a clone, by the rules of profile, export, files and permissions. All rules are asked,
   * whatever the first ones say; the order's report has how they went.
   *
   * @param evidence gets what the rules looked at
   * @param sourceProfile of the source's volume
   * @return to be made only once {@link CloneReport#decide} lets it pass
   */
  Plan plan(CloneOrder order, CloneEvidence evidence, ArrayProfile sourceProfile) {
    CloneReport report = order.report();
    ArrayProfile profile = evidence.profile();
    Grant to = order.destinationGrant();
    report.require(
        Precondition.AVAILABLE,
        () -> {
          requireAvailable(profile);
          requireAvailable(sourceProfile);
        });
    report.require(Precondition.WRITABLE, () -> requireWritable(to));
    Way way = report.ask(Precondition.OFFERED, () -> wayOf(order, profile, sourceProfile));
    evidence.way = way;
    Inode source = report.ask(Precondition.SOURCE, () -> readableSource(order, evidence));
    FileLocator.Location destination =
        report.ask(Precondition.DESTINATION, () -> destination(order, source, evidence, report));
    report.files(source == null ? null : source.handle(), evidence.destination);
    requireDepth(order, evidence, source);
    requireSpace(order, evidence, source);
    return new Plan(
        order.initiator().client(),
        order.options(),
        to.caller(),
        order.sourceGrant().caller(),
        profile,
        source,
        to.volume(),
        destination,
        way,
        report);
  }

  private Inode readableSource(CloneOrder order, CloneEvidence evidence) {
    Inode source = locator.existing(order.sourceGrant(), order.source());
    FileAttributes attributes = source.attributes();
    requireRegular(attributes, "source");
    requireRead(order.sourceGrant(), source);
    evidence.sourceBytes = attributes.sizeBytes();
    evidence.mappedBytes = attributes.usedBytes();
    return source;
  }

  /** Notes a file that is there before it is judged: a refusal is about that file, too. */
  private FileLocator.Location destination(
      CloneOrder order, Inode sourceOrNull, CloneEvidence evidence, CloneReport report) {
    FileLocator.Location destination =
        locator.locate(order.destinationGrant(), order.destination());
    if (destination.exists()) {
      evidence.destination = destination.inode().handle();
      if (!order.destination().namesPath()) {
        FilePaths.of(destination.inode()).ifPresent(report::destinationPath);
      }
      checkExisting(order.destinationGrant(), sourceOrNull, destination.inode(), order);
    } else {
      checkMissing(order.destinationGrant(), destination, order);
    }
    return destination;
  }

  /**
   * Refuses every clone while the array does not offload.
   *
   * @throws OffloadFailure BUSY, NOTSUPP
   */
  static void requireAvailable(ArrayProfile profile) {
    switch (profile.availability()) {
      case AVAILABLE -> {}
      case TAKEOVER, VOLUME_MOVE, ADDRESS_MOVE ->
          throw new OffloadFailure(OffloadError.BUSY, whyNotAvailable(profile));
      case OFF -> throw new OffloadFailure(OffloadError.NOT_SUPPORTED, whyNotAvailable(profile));
    }
  }

  /** Why the array does not offload now; empty if it does. */
  static String whyNotAvailable(ArrayProfile profile) {
    return switch (profile.availability()) {
      case AVAILABLE -> "";
      case TAKEOVER -> "a controller takes over";
      case VOLUME_MOVE -> "the volume moves";
      case ADDRESS_MOVE -> "the address moves";
      case OFF -> "offloading is switched off";
    };
  }

  private static Way wayOf(CloneOrder order, ArrayProfile profile, ArrayProfile sourceProfile) {
    Way sharing = profile.cloningSnapshots() ? Way.SHARE_FROM_SNAPSHOT : Way.SHARE;
    if (order.isAcrossVolumes()) {
      if (order.isLazy() || profile.acrossVolumes() == AcrossVolumes.UNSUPPORTED) {
        throw new OffloadFailure(
            OffloadError.CROSS_VOLUME,
            order.isLazy() ? "a lazy clone shares blocks of one volume" : NOT_ACROSS_VOLUMES);
      }
      return acrossVolumes(profile, sourceProfile);
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

  private static Way acrossVolumes(ArrayProfile profile, ArrayProfile sourceProfile) {
    if (profile.node() == sourceProfile.node()) {
      return Way.COPY_ASIDE;
    }
    return switch (profile.acrossNodes()) {
      case AS_VOLUMES -> Way.COPY_ASIDE;
      case COPY_ALL -> Way.COPY_ALL_ASIDE;
      case UNSUPPORTED ->
          throw new OffloadFailure(
              OffloadError.CROSS_VOLUME,
              "the source is on node "
                  + sourceProfile.node()
                  + ", and clones across nodes are not offloaded");
    };
  }

  private static void checkExisting(Grant to, Inode source, Inode destination, CloneOrder order) {
    if (order.has(CloneOption.GUARDED)) {
      throw new OffloadFailure(OffloadError.EXISTS, "guarded, and the destination exists");
    }
    requireRegular(destination, "destination");
    if (destination == source) { // never, where the source is not known
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

  private static void requireDepth(CloneOrder order, CloneEvidence evidence, Inode source) {
    CloneReport report = order.report();
    int most = evidence.profile().maxCloneDepth();
    if (!order.isLazy() || most == 0) {
      report.holds(Precondition.DEPTH);
    } else if (source == null) {
      report.leaves(Precondition.DEPTH, NO_SOURCE);
    } else {
      report.require(Precondition.DEPTH, () -> evidence.depth = allowedDepth(source, most));
    }
  }

  private static int allowedDepth(Inode source, int most) {
    int depth = source.volume().clones().cloneDepth(source) + 1;
    if (depth > most) {
      throw new OffloadFailure(
          OffloadError.TOO_DEEP, "clone number " + depth + " in a row, at most " + most);
    }
    return depth;
  }

  private static void requireSpace(CloneOrder order, CloneEvidence evidence, Inode source) {
    CloneReport report = order.report();
    Volume to = order.destinationGrant().volume();
    if (evidence.way == null || source == null) {
      report.leaves(
          Precondition.SPACE, evidence.way == null ? "no kind of clone is offered" : NO_SOURCE);
    } else if (!evidence.way.isAside()) {
      report.holds(Precondition.SPACE);
    } else {
      report.require(Precondition.SPACE, () -> requireRoom(to, source, evidence));
    }
  }

  private static void requireRoom(Volume to, Inode source, CloneEvidence evidence) {
    FileAttributes attributes = source.attributes();
    boolean fillsHoles =
        evidence.way == Way.COPY_ALL_ASIDE || evidence.profile().thickDestinations();
    long filled = fillsHoles ? attributes.sizeBytes() : attributes.usedBytes();
    long needed = evidence.way.copies() ? filled : filled - attributes.usedBytes();
    long free = to.space().freeBytes();
    if (needed > free) {
      throw new OffloadFailure(
          OffloadError.NO_SPACE, "the clone takes " + needed + " bytes, " + free + " are free");
    }
    evidence.neededBytes = needed;
    evidence.freeBytes = free;
  }

  /**
   * Refuses whoever may not change the export.
   *
   * @throws OffloadFailure ROFS
   */
  static void requireWritable(Grant to) {
    if (to.terms().readOnly()) {
      throw new OffloadFailure(OffloadError.READ_ONLY, READ_ONLY);
    }
  }

  /**
   * Refuses what is not a regular file.
   *
   * @throws OffloadFailure ISDIR, BADTYPE
   */
  static void requireRegular(Inode inode, String what) {
    requireRegular(inode.attributes(), what);
  }

  private static void requireRegular(FileAttributes attributes, String what) {
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
