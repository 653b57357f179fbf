/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.FileAttributes;
import org.facsim.array.FileType;
import org.facsim.array.Name;
import org.facsim.array.inode.AccessCheck;
import org.facsim.array.inode.Directory;
import org.facsim.array.inode.InodeTable;
import org.facsim.array.inode.NamedInode;
import org.facsim.array.inode.VolumeInode;

/**
 * What must hold before a directory gets, loses or renames an entry: permissions, names, links and
 * room. It changes nothing. The volume's lock is held.
 */
final class EntryRules {
  private final VolumeContext context;

  EntryRules(VolumeContext context) {
    this.context = context;
  }

  /** Returns the entry that has the wanted name already, or null. */
  NamedInode findForMaking(Caller caller, VolumeInode directory, Name name) {
    return findForMaking(caller, directory, directory.attributes(), name);
  }

  /** The same of a directory whose attributes were read under this lock. */
  NamedInode findForMaking(Caller caller, VolumeInode directory, FileAttributes seen, Name name) {
    Directory entries = requireLinked(directory);
    AccessCheck.requireSearch(caller, seen, directory.acl());
    if (name.isDot() || name.isDotDot()) {
      throw exists(name);
    }
    if (isSnapshotDirectory(directory, name)) {
      throw new ArrayException(
          ArrayError.NOT_PERMITTED, "'" + name + "' is the directory of the snapshots");
    }
    return entries.find(name);
  }

  /** Returns the entry that is to go, after it checked every permission for that. */
  NamedInode findForTaking(Caller caller, VolumeInode directory, Name name) {
    return findForTaking(caller, directory, directory.attributes(), name);
  }

  /** The same of a directory whose attributes were read under this lock. */
  NamedInode findForTaking(Caller caller, VolumeInode directory, FileAttributes seen, Name name) {
    Directory entries = requireLinked(directory);
    AccessCheck.requireSearch(caller, seen, directory.acl());
    NamedInode entry = entries.find(name);
    if (entry == null) {
      throw notFound(name);
    }
    AccessCheck.requireRemove(caller, seen, directory.acl(), entry.inode());
    return entry;
  }

  /**
   * Returns the entries of a directory that still has a name. In one without a name, nothing can be
   * made.
   */
  private static Directory requireLinked(VolumeInode directory) {
    Directory entries = directory.directory();
    directory.requirePresent();
    directory.requireWritable();
    if (directory.linkCount() == 0) {
      throw new ArrayException(ArrayError.STALE, "directory " + directory.fileId() + " is removed");
    }
    return entries;
  }

  /**
   * Checks before anything is changed.
   *
   * @param type of the new inode
   * @param heapBytes what the new inode will take, without its name
   */
  void requireMayInsert(
      Caller caller, VolumeInode directory, Name name, FileType type, long heapBytes) {
    requireMayInsert(caller, directory, directory.attributes(), name, type, heapBytes);
  }

  void requireMayInsert(
      Caller caller,
      VolumeInode directory,
      FileAttributes seen,
      Name name,
      FileType type,
      long heapBytes) {
    AccessCheck.requireAdd(caller, seen, directory.acl(), type == FileType.DIRECTORY);
    context.inodes.requireRoomFor(1);
    context.requireRoomToMake(1, heapBytes + context.deltas.heapBytesToKeep(directory));
    context.requireRoomForName(name);
  }

  void requireRoomForLink(VolumeInode inode) {
    if (inode.linkCount() >= context.limits.maxLinks()) {
      throw new ArrayException(
          ArrayError.TOO_MANY_LINKS,
          "file " + inode.fileId() + " has " + context.limits.maxLinks() + " links, the most");
    }
  }

  /** Whether this is the name under which the root has all snapshots. */
  static boolean isSnapshotDirectory(VolumeInode directory, Name name) {
    return directory.fileId() == InodeTable.ROOT_FILE_ID
        && name.equals(NamespaceOperations.SNAPSHOT_DIRECTORY);
  }

  static void requireEmpty(VolumeInode directory) {
    if (!directory.directory().isEmpty()) {
      throw new ArrayException(
          ArrayError.NOT_EMPTY,
          "directory " + directory.fileId() + " has " + directory.directory().count() + " entries");
    }
  }

  /** {@code .} and {@code ..} can be neither removed nor renamed. */
  static void requireRealName(Name name) {
    if (name.isDot() || name.isDotDot()) {
      throw new ArrayException(ArrayError.INVALID_ARGUMENT, "'" + name + "' cannot be changed");
    }
  }

  static ArrayException exists(Name name) {
    return new ArrayException(ArrayError.EXISTS, "'" + name + "' exists");
  }

  static ArrayException notFound(Name name) {
    return new ArrayException(ArrayError.NOT_FOUND, "no '" + name + "'");
  }
}
