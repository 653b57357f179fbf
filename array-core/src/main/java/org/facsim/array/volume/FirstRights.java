/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import org.facsim.array.Acl;
import org.facsim.array.AttributeChanges;
import org.facsim.array.FileType;
import org.facsim.array.inode.Attachments;
import org.facsim.array.inode.HeapCost;
import org.facsim.array.inode.VolumeInode;

/**
 * Mode and access control list with which an inode begins (RFC 8881, section 6.4.3).
 *
 * <ol>
 *   <li>A list that the maker gives holds, and the mode follows from it.
 *   <li>Otherwise, if the directory's list has entries for new files, these are inherited. A mode
 *       that the maker gives changes them as a later setting of the mode would. With a umask (RFC
 *       8275), the mode takes away from what is inherited and adds nothing, and the umask does not
 *       count.
 *   <li>Otherwise the mode holds, without the bits of the umask.
 * </ol>
 *
 * @param mode 0 to 07777
 * @param acl null for none
 */
record FirstRights(int mode, Acl acl) {
  private static final int DEFAULT_FILE_MODE = 0644;
  private static final int DEFAULT_DIRECTORY_MODE = 0755;
  private static final int SYMBOLIC_LINK_MODE = 0777;

  static FirstRights of(AttributeChanges wanted, VolumeInode directory, FileType type) {
    if (type == FileType.SYMBOLIC_LINK) {
      return new FirstRights(SYMBOLIC_LINK_MODE, null);
    }
    boolean isDirectory = type == FileType.DIRECTORY;
    int defaultMode = isDirectory ? DEFAULT_DIRECTORY_MODE : DEFAULT_FILE_MODE;
    int mode = wanted.mode() != null ? wanted.mode() : defaultMode;
    if (wanted.acl() != null) {
      return new FirstRights(wanted.acl().applyTo(mode), wanted.acl());
    }
    Acl ofDirectory = directory.acl();
    Acl inherited = ofDirectory == null ? null : ofDirectory.inheritedBy(isDirectory);
    if (inherited == null) {
      return new FirstRights(wanted.umask() == null ? mode : mode & ~wanted.umask(), null);
    }
    if (wanted.mode() == null) {
      return new FirstRights(inherited.applyTo(mode), inherited);
    }
    int kept = wanted.umask() == null ? mode : mode & inherited.applyTo(mode);
    return new FirstRights(kept, inherited.withMode(kept, isDirectory));
  }

  /** Of an inode that nobody but its maker sees. */
  static FirstRights ofMode(int mode) {
    return new FirstRights(mode, null);
  }

  /**
   * Checks before the inode is made.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE if there is no room for the list
   */
  void requireRoom(VolumeContext context) {
    if (acl != null) {
      context.requireRoomToAttach(acl.sizeBytes());
      context.requireRoomToMake(0, HeapCost.of(Attachments.NONE.with(acl)));
    }
  }

  /** Gives a new inode its list. */
  void attach(VolumeContext context, VolumeInode made) {
    if (acl != null) {
      context.attach(made, Attachments.NONE.with(acl));
    }
  }
}
