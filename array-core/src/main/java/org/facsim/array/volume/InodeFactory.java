/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import org.facsim.array.AttributeChanges;
import org.facsim.array.AttributeChanges.TimeChange;
import org.facsim.array.Caller;
import org.facsim.array.FileAttributes;
import org.facsim.array.FileType;
import org.facsim.array.inode.AccessCheck;
import org.facsim.array.inode.AttributeDraft;
import org.facsim.array.inode.Directory;
import org.facsim.array.inode.VolumeInode;

/**
 * Makes inodes with their first attributes, and does not enter them anywhere. The volume's lock is
 * held.
 */
public final class InodeFactory {
  private static final int DEFAULT_DIRECTORY_MODE = 0755;
  private static final int SNAPSHOT_DIRECTORY_MODE = 0555;

  private final VolumeContext context;

  InodeFactory(VolumeContext context) {
    this.context = context;
  }

  /** What distinguishes one new inode from others. */
  record Seed(FileType type, Object content, long sizeBytes, int deviceMajor, int deviceMinor) {
    static Seed file(Object map, long sizeBytes) {
      return new Seed(FileType.REGULAR, map, sizeBytes, 0, 0);
    }

    static Seed directory(Directory entries) {
      return new Seed(FileType.DIRECTORY, entries, Directory.SIZE_BYTES, 0, 0);
    }

    static Seed symbolicLink(byte[] target) {
      return new Seed(FileType.SYMBOLIC_LINK, target, target.length, 0, 0);
    }
  }

  /** The root directory: mode 0755, owned by root. */
  VolumeInode root() {
    Seed seed = Seed.directory(new Directory(null, context.directories));
    return assemble(seed, false, DEFAULT_DIRECTORY_MODE, 0, 0, null, context.clock.nowNanos());
  }

  /**
   * The directory in which clients find snapshots. Anyone may read it, and nobody may change it.
   */
  VolumeInode snapshotDirectory(VolumeInode root) {
    Seed seed = Seed.directory(new Directory(root, context.directories));
    return assemble(seed, true, SNAPSHOT_DIRECTORY_MODE, 0, 0, null, context.clock.nowNanos());
  }

  /**
   * Makes an inode with the attributes that its maker wants. If the caller may not give the inode
   * to the wanted owner, the owner is ignored and not refused, because old clients fill it in by
   * habit. In a set-group-id directory, the inode gets the directory's group, and subdirectories
   * inherit the bit.
   */
  VolumeInode make(
      Caller caller,
      FileAttributes parent,
      Seed seed,
      AttributeChanges wanted,
      FirstRights rights) {
    return make(caller, parent, seed, wanted, rights, context.clock.nowNanos());
  }

  /** The same at a given time. */
  VolumeInode make(
      Caller caller,
      FileAttributes parent,
      Seed seed,
      AttributeChanges wanted,
      FirstRights rights,
      long nowNanos) {
    boolean inheritsGroup = (parent.mode() & AccessCheck.SET_GID) != 0;
    long uid = wanted.uid() != null && caller.isRoot() ? wanted.uid() : caller.uid();
    long gid = inheritsGroup ? parent.gid() : caller.gid();
    if (wanted.gid() != null && (caller.isRoot() || caller.inGroup(wanted.gid()))) {
      gid = wanted.gid();
    }
    int mode = rights.mode();
    if (seed.type() == FileType.DIRECTORY) {
      mode |= inheritsGroup ? AccessCheck.SET_GID : 0;
    } else if (!caller.isRoot() && !caller.inGroup(gid)) {
      mode &= ~AccessCheck.SET_GID;
    }
    return assemble(seed, false, mode, uid, gid, wanted, nowNanos);
  }

  /**
   * Makes an inode with the attributes of another one, but with its own id and change time. If the
   * caller is not root, the caller owns the copy, and the copy has no set-id bits.
   */
  VolumeInode copy(Caller caller, FileAttributes original, Object content, boolean readOnly) {
    long fileId = context.inodes.takeFileId();
    AttributeDraft draft = AttributeDraft.of(original);
    draft.changeTimeNanos = context.clock.nowNanos();
    draft.changeCounter = context.nextChange();
    draft.linkCount = 1;
    if (!caller.isRoot()) {
      draft.uid = caller.uid();
      draft.gid = caller.gid();
      draft.mode &= ~(AccessCheck.SET_UID | AccessCheck.SET_GID);
    }
    return assemble(fileId, content, readOnly, draft.freeze(fileId));
  }

  private VolumeInode assemble(
      Seed seed,
      boolean readOnly,
      int mode,
      long uid,
      long gid,
      AttributeChanges wanted,
      long now) {
    long fileId = context.inodes.takeFileId();
    FileAttributes attributes =
        new FileAttributes(
            seed.type(),
            mode,
            seed.type() == FileType.DIRECTORY ? 2 : 1,
            uid,
            gid,
            seed.sizeBytes(),
            0,
            seed.deviceMajor(),
            seed.deviceMinor(),
            context.home.volumeId(),
            fileId,
            wanted == null ? now : timeOf(wanted.accessTime(), now),
            wanted == null ? now : timeOf(wanted.modifyTime(), now),
            now,
            context.nextChange());
    return assemble(fileId, seed.content(), readOnly, attributes);
  }

  private VolumeInode assemble(
      long fileId, Object content, boolean readOnly, FileAttributes attributes) {
    int row = context.home.rows().take();
    return new VolumeInode(context.home, fileId, row, content, readOnly, attributes);
  }

  /**
   * Makes an inode in place of one that is gone, so that what is left of that one can be released.
   */
  public VolumeInode standIn(long fileId) {
    FileAttributes none =
        new FileAttributes(
            FileType.FIFO, 0, 0, 0, 0, 0, 0, 0, 0, context.home.volumeId(), fileId, 0, 0, 0, 0);
    return new VolumeInode(context.home, fileId, 0, null, true, none);
  }

  private static long timeOf(TimeChange change, long nowNanos) {
    return change instanceof TimeChange.To to ? to.epochNanos() : nowNanos;
  }
}
