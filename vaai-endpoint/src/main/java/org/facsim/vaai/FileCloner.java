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
import org.facsim.array.Volume;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.VaaiStatus;

/**
 * Checks and makes clones on the array.
 *
 * <p>A full clone gives an existing file the source's contents and size. A lazy clone makes the
 * file if it is missing. Both share blocks, so both are one step of the array and cannot be half
 * done.
 *
 * <p>{@link #plan} checks all that the array will check, which is what a dry run is; {@link #run}
 * still takes the array's word, because the world may have changed in between.
 */
final class FileCloner {
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

  /**
   * What a clone did.
   *
   * @param destination the file that is the clone now
   * @param attributes as the clone left them
   * @param commitGroup the transaction group that makes it durable
   */
  record Cloned(Inode destination, FileAttributes attributes, long commitGroup) {}

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
   * @throws ArrayException whatever the array answers; the destination is as it was then
   */
  Cloned run(Plan plan) {
    FileLocator.Location location = plan.destination();
    if (location.exists()) {
      return into(plan, location.inode());
    }
    Volume volume = plan.source().volume();
    int mode = plan.source().attributes().mode() & 0777;
    try {
      Volume.Created made =
          volume.cloneAs(
              plan.caller(),
              plan.source(),
              location.directory(),
              location.name(),
              AttributeChanges.ofMode(mode));
      return new Cloned(made.inode(), made.attributes(), made.directory().commitGroup());
    } catch (ArrayException e) {
      if (e.error() != ArrayError.EXISTS || plan.guarded()) {
        throw e;
      }
      // Someone made the file since the plan: it is an existing destination now.
      return into(plan, volume.lookup(plan.caller(), location.directory(), location.name()));
    }
  }

  private static Cloned into(Plan plan, Inode destination) {
    Mutation mutation = plan.source().volume().cloneFile(plan.caller(), plan.source(), destination);
    return new Cloned(destination, mutation.after(), mutation.commitGroup());
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
