/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.Mutation;
import org.facsim.array.Name;
import org.facsim.array.Volume.Renamed;
import org.facsim.array.inode.AccessCheck;
import org.facsim.array.inode.Directory;
import org.facsim.array.inode.NamedInode;
import org.facsim.array.inode.VolumeInode;

/** RENAME as POSIX defines it, in one critical section. */
public final class RenameOperation {
  private final VolumeContext context;
  private final NamespaceOperations names;

  public RenameOperation(VolumeContext context, NamespaceOperations names) {
    this.context = context;
    this.names = names;
  }

  public Renamed rename(
      Caller caller, VolumeInode fromDirectory, Name from, VolumeInode toDirectory, Name to) {
    EntryRules.requireRealName(from);
    EntryRules.requireRealName(to);
    context.lock.lock();
    try {
      NamedInode entry = names.rules.findForTaking(caller, fromDirectory, from);
      NamedInode target = names.rules.findForMaking(caller, toDirectory, to);
      AccessCheck.requireAdd(
          caller, toDirectory.attributes(), toDirectory.acl(), entry.inode().isDirectory());
      if (target != null && target.inode() == entry.inode()) {
        return new Renamed(
            InodeChange.none(context, fromDirectory), InodeChange.none(context, toDirectory));
      }
      if (target != null) {
        requireReplaceable(caller, entry.inode(), toDirectory, target);
      }
      if (entry.inode().isDirectory()) {
        requireMovable(caller, entry.inode(), fromDirectory, toDirectory, target);
      }
      return apply(fromDirectory, entry, toDirectory, to, target);
    } finally {
      context.lock.unlock();
    }
  }

  private static void requireReplaceable(
      Caller caller, VolumeInode moved, VolumeInode toDirectory, NamedInode target) {
    AccessCheck.requireRemove(caller, toDirectory.attributes(), toDirectory.acl(), target.inode());
    boolean targetIsDirectory = target.inode().isDirectory();
    if (moved.isDirectory() && !targetIsDirectory) {
      throw new ArrayException(
          ArrayError.NOT_DIRECTORY, "'" + target.name() + "' is not a directory");
    }
    if (!moved.isDirectory() && targetIsDirectory) {
      throw new ArrayException(ArrayError.IS_DIRECTORY, "'" + target.name() + "' is a directory");
    }
  }

  private void requireMovable(
      Caller caller,
      VolumeInode moved,
      VolumeInode fromDirectory,
      VolumeInode toDirectory,
      NamedInode target) {
    if (Directory.isWithin(toDirectory, moved)) {
      throw new ArrayException(ArrayError.INVALID_ARGUMENT, "a directory cannot move into itself");
    }
    if (target != null) {
      EntryRules.requireEmpty(target.inode());
    }
    if (fromDirectory != toDirectory) {
      // its entry ".." is rewritten
      if (!AccessCheck.permits(caller, moved.attributes(), moved.acl(), AccessCheck.WRITE)) {
        throw new ArrayException(
            ArrayError.ACCESS_DENIED, "may not write directory " + moved.fileId());
      }
      if (target == null) {
        names.rules.requireRoomForLink(toDirectory);
      }
    }
  }

  /** Everything that can fail does so before the first change. */
  private Renamed apply(
      VolumeInode fromDirectory,
      NamedInode entry,
      VolumeInode toDirectory,
      Name to,
      NamedInode target) {
    VolumeInode moved = entry.inode();
    boolean sameDirectory = fromDirectory == toDirectory;
    if (target == null) {
      context.requireRoomForName(to);
    } else {
      context.requireRoomToRemove(toDirectory, target.inode());
    }
    InodeChange ofFrom = new InodeChange(context, fromDirectory).modified();
    InodeChange ofTo = sameDirectory ? ofFrom : new InodeChange(context, toDirectory).modified();
    InodeChange ofMoved = new InodeChange(context, moved);

    if (target == null && sameDirectory) {
      fromDirectory.directory().rename(entry, to);
    } else {
      if (target == null) {
        toDirectory.directory().insert(to, moved);
      } else {
        toDirectory.directory().replace(target, moved);
      }
      fromDirectory.directory().remove(entry);
    }
    if (moved.isDirectory()) {
      ofFrom.linksBy(-1);
      ofTo.linksBy(target == null ? 1 : 0); // a replaced directory gives its link to this one
      context.deltas.keep(moved); // with its parent
      moved.directory().moveTo(toDirectory);
    }
    ofMoved.publish();
    if (target != null) {
      names.unlinked(target.inode());
    }
    Mutation from = ofFrom.publish();
    return new Renamed(from, sameDirectory ? from : ofTo.publish());
  }
}
