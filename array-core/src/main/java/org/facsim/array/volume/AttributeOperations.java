/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import org.facsim.array.Acl;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.AttributeChanges;
import org.facsim.array.AttributeChanges.TimeChange;
import org.facsim.array.Caller;
import org.facsim.array.FileAttributes;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.Volume;
import org.facsim.array.Volume.AttributeMode;
import org.facsim.array.Volume.ExtendedAttributePage;
import org.facsim.array.VolumeAttributes;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.inode.AccessCheck;
import org.facsim.array.inode.Attachments;
import org.facsim.array.inode.AttributeDraft;
import org.facsim.array.inode.VolumeInode;

/**
 * SETATTR. It first checks everything, then changes the size, and then publishes all attributes at
 * once.
 */
public final class AttributeOperations implements VolumeAttributes {
  private static final int MODE_MASK = 07777;
  private static final long MAX_ID = 0xffff_ffffL;

  private static final int ACCESS_TO_CHANGE =
      Volume.ACCESS_MODIFY | Volume.ACCESS_EXTEND | Volume.ACCESS_DELETE;

  private final VolumeContext context;
  private final AttachmentOperations attachments;

  AttributeOperations(VolumeContext context, AttachmentOperations attachments) {
    this.context = context;
    this.attachments = attachments;
  }

  @Override
  public Mutation setAttributes(
      Caller caller, Inode givenInode, AttributeChanges changes, Long expectedChangeTimeNanos) {
    context.admit();
    VolumeInode inode = context.here(givenInode);
    requireValid(changes);
    context.lock.lock();
    try (InodeChange change = new InodeChange(context, inode)) {
      requireGuard(change.before, expectedChangeTimeNanos);
      requirePermitted(caller, inode, change.before, changes);
      if (changes.equals(AttributeChanges.NONE)) {
        return InodeChange.none(context, inode);
      }
      setOwnership(change, changes);
      setRights(caller, change, changes);
      if (changes.sizeBytes() != null) {
        resize(caller, change, changes.sizeBytes());
      }
      setTimes(change, changes);
      return change.publish();
    } finally {
      context.lock.unlock();
    }
  }

  @Override
  public int access(Caller caller, Inode givenInode, int wanted) {
    VolumeInode inode = context.here(givenInode);
    int possible = inode.isReadOnly() ? wanted & ~ACCESS_TO_CHANGE : wanted;
    return AccessCheck.access(caller, inode.attributes(), inode.acl(), possible);
  }

  @Override
  public byte[] extendedAttribute(Caller caller, Inode inode, String name) {
    return attachments.extendedAttribute(caller, context.here(inode), name);
  }

  @Override
  public Mutation setExtendedAttribute(
      Caller caller, Inode inode, String name, byte[] value, AttributeMode mode) {
    context.admit();
    return attachments.setExtendedAttribute(caller, context.here(inode), name, value, mode);
  }

  @Override
  public Mutation removeExtendedAttribute(Caller caller, Inode inode, String name) {
    context.admit();
    return attachments.removeExtendedAttribute(caller, context.here(inode), name);
  }

  @Override
  public ExtendedAttributePage listExtendedAttributes(
      Caller caller, Inode inode, long cookie, int maxEntries) {
    return attachments.list(caller, context.here(inode), cookie, maxEntries);
  }

  @Override
  public Acl acl(Caller caller, Inode inode) {
    return attachments.acl(context.here(inode));
  }

  @Override
  public Mutation setAcl(Caller caller, Inode inode, Acl acl) {
    return setAttributes(caller, inode, AttributeChanges.ofAcl(acl), null);
  }

  /**
   * Refuses values outside their range.
   *
   * @throws ArrayException INVALID_ARGUMENT, FILE_TOO_LARGE
   */
  static void requireValid(AttributeChanges changes) {
    if (changes.mode() != null && (changes.mode() & ~MODE_MASK) != 0) {
      throw invalid("mode 0" + Integer.toOctalString(changes.mode()) + ", at most 07777");
    }
    if (changes.umask() != null && (changes.umask() & ~Acl.MODE_BITS) != 0) {
      throw invalid("umask 0" + Integer.toOctalString(changes.umask()) + ", at most 0777");
    }
    requireValidId("uid", changes.uid());
    requireValidId("gid", changes.gid());
    Long sizeBytes = changes.sizeBytes();
    if (sizeBytes != null && sizeBytes < 0) {
      throw invalid("size " + sizeBytes + " bytes");
    }
    if (sizeBytes != null && sizeBytes > Volume.MAX_FILE_BYTES) {
      throw new ArrayException(
          ArrayError.FILE_TOO_LARGE,
          "size " + sizeBytes + " bytes, at most " + Volume.MAX_FILE_BYTES);
    }
  }

  private static void requireValidId(String what, Long id) {
    if (id != null && (id < 0 || id > MAX_ID)) {
      throw invalid(what + " " + id + ", at most " + MAX_ID);
    }
  }

  private static ArrayException invalid(String message) {
    return new ArrayException(ArrayError.INVALID_ARGUMENT, message);
  }

  private static void requireGuard(FileAttributes before, Long expectedChangeTimeNanos) {
    if (expectedChangeTimeNanos != null && before.changeTimeNanos() != expectedChangeTimeNanos) {
      throw new ArrayException(
          ArrayError.NOT_SYNCHRONIZED,
          "change time is " + before.changeTimeNanos() + ", not " + expectedChangeTimeNanos);
    }
  }

  private static void requirePermitted(
      Caller caller, VolumeInode inode, FileAttributes before, AttributeChanges changes) {
    if (changes.umask() != null) {
      throw invalid("umask for an inode that exists");
    }
    Acl acl = inode.acl();
    if (changes.acl() != null && before.type() == FileType.SYMBOLIC_LINK) {
      throw new ArrayException(ArrayError.NOT_SUPPORTED, "a symbolic link has no ACL");
    }
    if (changes.mode() != null || changes.acl() != null) {
      AccessCheck.requireOwnerOr(Acl.WRITE_ACL, caller, before, acl);
    }
    requireMayGiveAway(caller, before, changes);
    if (changes.sizeBytes() != null) {
      requireResizable(before);
      AccessCheck.requireWrite(caller, before, acl);
    }
    requireMaySetTime(caller, before, acl, changes.accessTime());
    requireMaySetTime(caller, before, acl, changes.modifyTime());
  }

  /**
   * chown_restricted: only root may give a file away. An owner may change the group to another of
   * its own groups.
   */
  private static void requireMayGiveAway(
      Caller caller, FileAttributes before, AttributeChanges changes) {
    if (caller.isRoot()) {
      return;
    }
    if (changes.uid() != null) {
      AccessCheck.requireOwner(caller, before);
      if (changes.uid() != before.uid()) {
        throw new ArrayException(
            ArrayError.NOT_PERMITTED, "only root changes the owner of file " + before.fileId());
      }
    }
    if (changes.gid() != null) {
      AccessCheck.requireOwner(caller, before);
      if (changes.gid() != before.gid() && !caller.inGroup(changes.gid())) {
        throw new ArrayException(
            ArrayError.NOT_PERMITTED, "user " + caller.uid() + " is not in group " + changes.gid());
      }
    }
  }

  private static void requireResizable(FileAttributes file) {
    switch (file.type()) {
      case REGULAR -> {}
      case DIRECTORY ->
          throw new ArrayException(
              ArrayError.IS_DIRECTORY, "file " + file.fileId() + " is a directory");
      default -> throw invalid("file " + file.fileId() + " has no size to set");
    }
  }

  private static void requireMaySetTime(
      Caller caller, FileAttributes before, Acl acl, TimeChange change) {
    if (change instanceof TimeChange.To) {
      AccessCheck.requireOwnerOr(Acl.WRITE_ATTRIBUTES, caller, before, acl);
    } else if (change instanceof TimeChange.ToArrayTime) {
      AccessCheck.requireWrite(caller, before, acl);
    }
  }

  private static void setOwnership(InodeChange change, AttributeChanges changes) {
    if (changes.uid() == null && changes.gid() == null) {
      return;
    }
    change.draft.mode = AccessCheck.withoutSetIds(change.before);
    change.draft.uid = changes.uid() != null ? changes.uid() : change.before.uid();
    change.draft.gid = changes.gid() != null ? changes.gid() : change.before.gid();
  }

  /**
   * Sets mode and access control list so that they say the same (RFC 8881, section 6.4.1). Whoever
   * is not in the group cannot set the set-group-id bit.
   */
  private static void setRights(Caller caller, InodeChange change, AttributeChanges changes) {
    if (changes.mode() != null) {
      boolean stranger = !caller.isRoot() && !caller.inGroup(change.draft.gid);
      change.draft.mode = stranger ? changes.mode() & ~AccessCheck.SET_GID : changes.mode();
    }
    Attachments attached = change.inode.attachments();
    if (changes.acl() != null) {
      change.draft.mode = changes.acl().applyTo(change.draft.mode);
      change.attach(attached.with(changes.acl()));
    } else if (changes.mode() != null && attached.acl() != null) {
      change.attach(
          attached.with(attached.acl().withMode(changes.mode(), change.inode.isDirectory())));
    }
  }

  private void resize(Caller caller, InodeChange change, long sizeBytes) {
    FileMap map = change.inode.map();
    if (sizeBytes < change.before.sizeBytes()) {
      change.cutsContents();
    }
    change.modified();
    context.blocks.holes().truncate(map, change.before.sizeBytes(), sizeBytes);
    change.draft.sizeBytes = sizeBytes;
    change.draft.usedBytes = map.referencedBlocks() * Volume.BLOCK_BYTES;
    if (change.draft.mode == change.before.mode()) {
      change.draft.mode = AccessCheck.withoutSetIds(caller, change.before);
    }
    context.resized(change.before.sizeBytes(), sizeBytes);
  }

  /** Truncates a file for an unchecked create, as O_TRUNC does. The lock is held. */
  void truncateToZero(Caller caller, VolumeInode file) {
    try (InodeChange change = new InodeChange(context, file)) {
      AccessCheck.requireWrite(caller, change.before, change.inode.acl());
      resize(caller, change, 0);
      change.publish();
    }
  }

  private void setTimes(InodeChange change, AttributeChanges changes) {
    AttributeDraft draft = change.draft;
    draft.accessTimeNanos = timeOf(changes.accessTime(), draft.accessTimeNanos, draft);
    draft.modifyTimeNanos = timeOf(changes.modifyTime(), draft.modifyTimeNanos, draft);
  }

  private static long timeOf(TimeChange change, long unchangedNanos, AttributeDraft draft) {
    if (change instanceof TimeChange.To to) {
      return to.epochNanos();
    }
    return change instanceof TimeChange.ToArrayTime ? draft.changeTimeNanos : unchangedNanos;
  }
}
