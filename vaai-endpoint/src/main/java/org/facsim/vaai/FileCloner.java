/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.FileAttributes;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.VaaiStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks and makes clones on the array.
 *
 * <p>A full clone gives an existing file the source's contents and size. A lazy clone makes the
 * file if it is missing. Both share blocks, so both are one step of the array and cannot be half
 * done.
 *
 * <p>{@link #plan} checks all that the array will check, which is what a dry run is; {@link #run}
 * still takes the array's word, because the world may have changed in between.
 *
 * <p>Known flaw: a lazy clone makes an empty file first and fills it with the second step. Another
 * client can see the file empty in between; if the second step fails the file is removed.
 */
final class FileCloner {
  private static final Logger LOG = LoggerFactory.getLogger(FileCloner.class);

  /** Why a clone into a read-only export is refused. */
  static final String READ_ONLY = "the export is read-only for this client";

  /** Why a clone between volumes is refused. */
  static final String NOT_ACROSS_VOLUMES = "clones across volumes are not offloaded";

  private final FileLocator locator;

  FileCloner(FileLocator locator) {
    this.locator = locator;
  }

  /**
   * A clone that passed every check.
   *
   * @param source a regular file that the caller may read
   * @param destination where the clone goes; no inode if it is to be made
   */
  record Plan(Caller caller, Inode source, FileLocator.Location destination, boolean guarded) {}

  /** What a clone did: the destination, and the mutation that gave it its contents. */
  record Cloned(Inode destination, Mutation mutation) {}

  /**
   * Checks a clone and changes nothing.
   *
   * @param from rights on the source's export
   * @param to rights on the destination's export
   * @throws VaaiFailure every status that domain and permissions ask for
   */
  Plan plan(VaaiExports.Access from, VaaiExports.Access to, CloneCall call) {
    if (to.readOnly()) {
      throw new VaaiFailure(VaaiStatus.ROFS, READ_ONLY);
    }
    if (from.volume().id() != to.volume().id()) {
      throw new VaaiFailure(VaaiStatus.XVOL, NOT_ACROSS_VOLUMES);
    }
    Inode source = locator.existing(from, call.source());
    requireRegular(source, "source");
    requireRead(from, source);
    FileLocator.Location destination = locator.locate(to, call.destination());
    if (destination.exists()) {
      checkExisting(to, source, destination.inode(), call);
    } else {
      checkMissing(to, destination, call);
    }
    return new Plan(to.caller(), source, destination, call.has(CloneFlags.GUARDED));
  }

  private static void checkExisting(
      VaaiExports.Access to, Inode source, Inode destination, CloneCall call) {
    if (call.has(CloneFlags.GUARDED)) {
      throw new VaaiFailure(VaaiStatus.EXIST, "guarded, and the destination exists");
    }
    requireRegular(destination, "destination");
    if (destination.fileId() == source.fileId()) {
      throw new VaaiFailure(VaaiStatus.INVAL, "source and destination are one file");
    }
    requireWrite(to, destination);
  }

  private static void checkMissing(
      VaaiExports.Access to, FileLocator.Location destination, CloneCall call) {
    if (!call.has(CloneFlags.LAZY)) {
      throw new VaaiFailure(VaaiStatus.NOENT, "no destination " + destination.name());
    }
    int wanted = Volume.ACCESS_EXTEND | Volume.ACCESS_LOOKUP;
    if (to.volume().access(to.caller(), destination.directory(), wanted) != wanted) {
      throw new VaaiFailure(VaaiStatus.ACCESS, "no permission to make the destination");
    }
  }

  /**
   * Makes the clone.
   *
   * @throws VaaiFailure EXIST
   * @throws ArrayException whatever the array answers; the destination is as it was then
   */
  Cloned run(Plan plan) {
    FileLocator.Location location = plan.destination();
    if (location.exists()) {
      return into(plan, location.inode());
    }
    Volume volume = plan.source().volume();
    Inode made;
    try {
      int mode = plan.source().attributes().mode() & 0777;
      made =
          volume
              .create(
                  plan.caller(),
                  location.directory(),
                  location.name(),
                  new Volume.CreateMode.Guarded(),
                  AttributeChanges.ofMode(mode))
              .inode();
    } catch (ArrayException e) {
      if (e.error() != ArrayError.EXISTS || plan.guarded()) {
        throw e;
      }
      // Someone made the file since the plan: it is an existing destination now.
      Inode found = volume.lookup(plan.caller(), location.directory(), location.name());
      requireRegular(found, "destination");
      return into(plan, found);
    }
    try {
      return into(plan, made);
    } catch (RuntimeException failure) {
      takeBack(plan, made);
      throw failure;
    }
  }

  private static Cloned into(Plan plan, Inode destination) {
    Volume volume = plan.source().volume();
    return new Cloned(destination, volume.cloneFile(plan.caller(), plan.source(), destination));
  }

  /** Takes back the empty file, unless its name leads elsewhere by now. */
  private static void takeBack(Plan plan, Inode made) {
    Volume volume = made.volume();
    Inode directory = plan.destination().directory();
    Name name = plan.destination().name();
    try {
      if (volume.lookup(plan.caller(), directory, name).fileId() == made.fileId()) {
        volume.remove(plan.caller(), directory, name);
      }
    } catch (ArrayException e) {
      LOG.warn("empty destination {} of a failed clone stays: {}", name, e.getMessage());
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
        && access.volume().access(access.caller(), file, either) == 0) {
      throw new VaaiFailure(VaaiStatus.ACCESS, "no permission to read the source");
    }
  }

  private static void requireWrite(VaaiExports.Access access, Inode file) {
    if (!isOwner(access.caller(), file)
        && access.volume().access(access.caller(), file, Volume.ACCESS_MODIFY) == 0) {
      throw new VaaiFailure(VaaiStatus.ACCESS, "no permission to write the destination");
    }
  }

  private static boolean isOwner(Caller caller, Inode file) {
    return caller.isRoot() || caller.uid() == file.attributes().uid();
  }
}
