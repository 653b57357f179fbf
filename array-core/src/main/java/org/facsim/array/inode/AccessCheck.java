/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import org.facsim.array.Acl;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.FileAttributes;
import org.facsim.array.FileType;
import org.facsim.array.Volume;

/**
 * Decides who may do what: by the access control list if the inode has one, otherwise by POSIX mode
 * bits as NFS servers apply them. All versions of NFS and all doors decide here. Root passes both.
 * The {@code acl} of every method is null if the inode has none.
 *
 * <p>NFS has no open files whose permissions were checked once, so two rules differ from POSIX (RFC
 * 1813, section 4.4). The owner of a file may always READ and WRITE it, because the owner may have
 * opened it before a chmod took the bit away. READ is allowed with execute permission alone,
 * because a client pages in a program by READ. ACCESS reports the plain bits.
 */
public final class AccessCheck {
  public static final int READ = 4;
  public static final int WRITE = 2;
  public static final int EXECUTE = 1;

  public static final int SET_UID = 04000;
  public static final int SET_GID = 02000;
  public static final int STICKY = 01000;
  static final int GROUP_EXECUTE = 0010;
  private static final int ANY_EXECUTE = 0111;

  private AccessCheck() {}

  /** Whether the list, or else the mode, gives the caller all of the wanted {@code rwx} bits. */
  public static boolean permits(Caller caller, FileAttributes attributes, Acl acl, int wanted) {
    return (acl == null || caller.isRoot())
        ? permits(caller, attributes, wanted)
        : grants(caller, attributes, acl, maskOf(wanted));
  }

  private static boolean grants(Caller caller, FileAttributes file, Acl acl, int mask) {
    return acl.grants(caller, file.uid(), file.gid(), mask);
  }

  private static int maskOf(int rwx) {
    return ((rwx & READ) != 0 ? Acl.READ_DATA : 0)
        | ((rwx & WRITE) != 0 ? Acl.WRITE_DATA | Acl.APPEND_DATA : 0)
        | ((rwx & EXECUTE) != 0 ? Acl.EXECUTE : 0);
  }

  /** Whether the mode bits alone give the caller all of the wanted {@code rwx} bits. */
  static boolean permits(Caller caller, FileAttributes attributes, int wanted) {
    int mode = attributes.mode();
    if (caller.isRoot()) {
      boolean runnable = attributes.type() == FileType.DIRECTORY || (mode & ANY_EXECUTE) != 0;
      return (wanted & EXECUTE) == 0 || runnable;
    }
    return permits(caller, mode, attributes.uid(), attributes.gid(), wanted);
  }

  /** The same for a caller who is not root. */
  public static boolean permits(Caller caller, int mode, long uid, long gid, int wanted) {
    int granted = caller.uid() == uid ? mode >> 6 : caller.inGroup(gid) ? mode >> 3 : mode;
    return (granted & wanted) == wanted;
  }

  /** Returns those {@code ACCESS_} bits of {@code wanted} that the caller has. */
  public static int access(Caller caller, FileAttributes attributes, Acl acl, int wanted) {
    boolean directory = attributes.type() == FileType.DIRECTORY;
    int granted = 0;
    if (permits(caller, attributes, acl, READ)) {
      granted |= Volume.ACCESS_READ;
    }
    if (acl != null && directory && !caller.isRoot()) {
      granted |= accessToChangeEntries(caller, attributes, acl);
    } else if (permits(caller, attributes, acl, directory ? WRITE | EXECUTE : WRITE)) {
      // nothing in a directory can be changed by whoever may not search it
      granted |= Volume.ACCESS_MODIFY | Volume.ACCESS_EXTEND;
      granted |= directory ? Volume.ACCESS_DELETE : 0;
    }
    if (permits(caller, attributes, acl, EXECUTE)) {
      granted |= directory ? Volume.ACCESS_LOOKUP : Volume.ACCESS_EXECUTE;
    }
    return granted & wanted;
  }

  private static int accessToChangeEntries(Caller caller, FileAttributes directory, Acl acl) {
    if (!grants(caller, directory, acl, Acl.EXECUTE)) {
      return 0;
    }
    boolean addsFiles = grants(caller, directory, acl, Acl.ADD_FILE);
    boolean addsAny = addsFiles || grants(caller, directory, acl, Acl.ADD_SUBDIRECTORY);
    boolean deletes = grants(caller, directory, acl, Acl.DELETE_CHILD);
    return (addsFiles ? Volume.ACCESS_MODIFY : 0)
        | (addsAny ? Volume.ACCESS_EXTEND : 0)
        | (deletes || addsFiles ? Volume.ACCESS_DELETE : 0);
  }

  public static void requireRead(Caller caller, FileAttributes file, Acl acl) {
    if (!isOwner(caller, file)
        && !permits(caller, file, acl, READ)
        && !permits(caller, file, acl, EXECUTE)) {
      throw denied("read", file);
    }
  }

  public static void requireWrite(Caller caller, FileAttributes file, Acl acl) {
    if (!isOwner(caller, file) && !permits(caller, file, acl, WRITE)) {
      throw denied("write", file);
    }
  }

  public static void requireList(Caller caller, FileAttributes directory, Acl acl) {
    if (!permits(caller, directory, acl, READ)) {
      throw denied("list", directory);
    }
  }

  public static void requireSearch(Caller caller, FileAttributes directory, Acl acl) {
    if (!permits(caller, directory, acl, EXECUTE)) {
      throw denied("search", directory);
    }
  }

  /** The same without making a record of the attributes, because every LOOKUP asks. */
  public static void requireSearch(Caller caller, VolumeInode directory) {
    if (directory.hasAcl()) {
      requireSearch(caller, directory.attributes(), directory.acl());
    } else if (!caller.isRoot() && !directory.permits(caller, EXECUTE)) {
      throw denied("search", directory.attributes());
    }
  }

  /**
   * Checks what adding a name needs of the directory.
   *
   * @param subdirectory whether the name is to lead to a directory, which a list may treat
   *     differently
   */
  public static void requireAdd(
      Caller caller, FileAttributes directory, Acl acl, boolean subdirectory) {
    int mask = Acl.EXECUTE | (subdirectory ? Acl.ADD_SUBDIRECTORY : Acl.ADD_FILE);
    boolean permitted =
        (acl == null || caller.isRoot())
            ? permits(caller, directory, WRITE | EXECUTE)
            : grants(caller, directory, acl, mask);
    if (!permitted) {
      throw denied("change entries of", directory);
    }
  }

  /**
   * Checks what removing a name needs, and the rule of sticky directories. By a list, either DELETE
   * of the entry's inode or DELETE_CHILD of the directory is enough. If neither is named, the right
   * to add files decides (RFC 8881, section 6.2.1.3.2).
   */
  public static void requireRemove(
      Caller caller, FileAttributes directory, Acl acl, VolumeInode entry) {
    boolean sticky = (directory.mode() & STICKY) != 0;
    Acl ofEntry = entry.acl();
    if ((acl == null && ofEntry == null) || caller.isRoot()) {
      requireAdd(caller, directory, null, false);
      if (sticky) {
        requireSticky(caller, directory, entry.attributes());
      }
      return;
    }
    FileAttributes target = entry.attributes();
    if (!permits(caller, directory, acl, EXECUTE)) {
      throw denied("search", directory);
    }
    boolean explicit =
        (ofEntry != null && grants(caller, target, ofEntry, Acl.DELETE))
            || (acl != null && grants(caller, directory, acl, Acl.DELETE_CHILD));
    boolean denied =
        (ofEntry != null && ofEntry.denies(caller, target.uid(), target.gid(), Acl.DELETE))
            || (acl != null
                && acl.denies(caller, directory.uid(), directory.gid(), Acl.DELETE_CHILD));
    boolean byAdding =
        acl == null
            ? permits(caller, directory, WRITE)
            : grants(caller, directory, acl, Acl.ADD_FILE);
    if (!explicit && (denied || !byAdding)) {
      throw denied("remove entries of", directory);
    }
    if (sticky) {
      requireSticky(caller, directory, target);
    }
  }

  /**
   * Checks that the caller owns the inode or that its list gives the caller a right that is
   * otherwise the owner's.
   */
  public static void requireOwnerOr(int right, Caller caller, FileAttributes attributes, Acl acl) {
    boolean granted = acl != null && acl.grants(caller, attributes.uid(), attributes.gid(), right);
    if (!granted) {
      requireOwner(caller, attributes);
    }
  }

  /**
   * Checks that in a sticky directory only the owner of the entry or of the directory removes a
   * name.
   */
  public static void requireSticky(Caller caller, FileAttributes directory, FileAttributes entry) {
    boolean sticky = (directory.mode() & STICKY) != 0;
    if (sticky && !isOwner(caller, entry) && caller.uid() != directory.uid()) {
      throw new ArrayException(
          ArrayError.NOT_PERMITTED,
          "sticky directory " + directory.fileId() + ": file of user " + entry.uid());
    }
  }

  /** Whether the caller owns the inode. Root owns everything. */
  static boolean isOwner(Caller caller, FileAttributes attributes) {
    return caller.isRoot() || caller.uid() == attributes.uid();
  }

  public static void requireOwner(Caller caller, FileAttributes attributes) {
    if (!isOwner(caller, attributes)) {
      throw new ArrayException(
          ArrayError.NOT_PERMITTED,
          "user " + caller.uid() + " does not own file " + attributes.fileId());
    }
  }

  /**
   * Returns the mode after somebody without privilege changed the contents, because a program with
   * new contents must not keep somebody else's rights.
   */
  public static int withoutSetIds(Caller caller, FileAttributes file) {
    return caller.isRoot() ? file.mode() : withoutSetIds(file);
  }

  /**
   * Returns the mode after anybody, including root, changed the owner or the group, as in Linux: a
   * program must not run with rights that its new owner never gave it. Set-group-id without group
   * execute stays, as POSIX allows, because it means mandatory locking.
   */
  public static int withoutSetIds(FileAttributes file) {
    int mode = file.mode();
    if (file.type() == FileType.DIRECTORY) {
      return mode;
    }
    int kept = mode & ~SET_UID;
    return (mode & GROUP_EXECUTE) != 0 ? kept & ~SET_GID : kept;
  }

  private static ArrayException denied(String what, FileAttributes attributes) {
    return new ArrayException(
        ArrayError.ACCESS_DENIED, "may not " + what + " file " + attributes.fileId());
  }
}
