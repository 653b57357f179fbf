/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.stored;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.FileAttributes;
import org.facsim.array.FileType;
import org.facsim.array.inode.Attachments;
import org.facsim.array.inode.AttributeRow;
import org.facsim.array.inode.Directory;
import org.facsim.array.inode.VolumeInode;

/**
 * An inode as it is stored, little-endian: a fixed part, then by type the number of the block map
 * (int; 0 if nothing was ever written to the file), or the parent's file id, the next cookie and
 * the number of entries (long, long, long; the root's parent is 0), or the target of a link.
 */
public final class InodeRow {
  private static final int FIXED_BYTES = 1 + 4 + 4 + 4 * 8 + 4 + 4 + 4 * 8 + 1 + 8;

  private static final int MADE_EXCLUSIVELY = 1;
  private static final int READ_ONLY = 2;
  private static final int HAS_ATTACHMENTS = 4;
  private static final int AWAY = 8;

  private InodeRow() {}

  static ByteBuffer of(VolumeInode inode) {
    byte[] target = inode.targetOrNull();
    int contentBytes = target != null ? target.length : 3 * Long.BYTES;
    ByteBuffer row = ByteBuffer.allocate(FIXED_BYTES + contentBytes).order(ByteOrder.LITTLE_ENDIAN);
    FileAttributes a = inode.attributes();
    row.put((byte) AttributeRow.codeOf(a.type())).putInt(a.mode()).putInt(a.linkCount());
    row.putLong(a.uid()).putLong(a.gid()).putLong(a.sizeBytes()).putLong(a.usedBytes());
    row.putInt(a.deviceMajor()).putInt(a.deviceMinor());
    row.putLong(a.accessTimeNanos()).putLong(a.modifyTimeNanos()).putLong(a.changeTimeNanos());
    row.putLong(a.changeCounter());
    row.put((byte) flagsOf(inode)).putLong(inode.createVerifier());
    if (inode.isRegular()) {
      row.putInt(inode.map().number());
    } else if (inode.isDirectory()) {
      Directory directory = inode.directory();
      row.putLong(directory.storedParentId()).putLong(directory.nextCookie());
      row.putLong(directory.count());
    } else if (target != null) {
      row.put(target);
    }
    return row.flip();
  }

  private static int flagsOf(VolumeInode inode) {
    return (inode.madeExclusively() ? MADE_EXCLUSIVELY : 0)
        | (inode.isReadOnly() ? READ_ONLY : 0)
        | (inode.isAway() ? AWAY : 0)
        | (inode.attachments().equals(Attachments.NONE) ? 0 : HAS_ATTACHMENTS);
  }

  /** A decoded row. The loader resolves contents. */
  record Stored(
      FileAttributes attributes,
      int flags,
      long createVerifier,
      int mapNumber,
      long parentId,
      long nextCookie,
      long entries,
      ByteBuffer target) {
    boolean madeExclusively() {
      return (flags & MADE_EXCLUSIVELY) != 0;
    }

    boolean readOnly() {
      return (flags & READ_ONLY) != 0;
    }

    /** Whether only named states have the inode. */
    boolean isAway() {
      return (flags & AWAY) != 0;
    }

    /** Whether the inode also has a row of attachments. */
    boolean hasAttachments() {
      return (flags & HAS_ATTACHMENTS) != 0;
    }
  }

  /**
   * Decodes a row.
   *
   * @throws ArrayException IO if it is not one
   */
  static Stored read(int volumeId, long fileId, ByteBuffer row) {
    try {
      int code = row.get();
      if (!AttributeRow.isTypeCode(code)) {
        throw damaged(fileId);
      }
      FileType type = AttributeRow.typeOf(code);
      int mode = row.getInt();
      int links = row.getInt();
      long uid = row.getLong();
      long gid = row.getLong();
      long sizeBytes = row.getLong();
      long usedBytes = row.getLong();
      int major = row.getInt();
      int minor = row.getInt();
      long accessed = row.getLong();
      long modified = row.getLong();
      long changed = row.getLong();
      long counter = row.getLong();
      FileAttributes attributes =
          new FileAttributes(
              type, mode, links, uid, gid, sizeBytes, usedBytes, major, minor, volumeId, fileId,
              accessed, modified, changed, counter);
      int flags = row.get();
      long verifier = row.getLong();
      int map = type == FileType.REGULAR ? row.getInt() : 0;
      boolean isDirectory = type == FileType.DIRECTORY;
      long parent = isDirectory ? row.getLong() : 0;
      long cookie = isDirectory ? row.getLong() : 0;
      long entries = isDirectory ? row.getLong() : 0;
      return new Stored(attributes, flags, verifier, map, parent, cookie, entries, row);
    } catch (BufferUnderflowException e) {
      throw damaged(fileId);
    }
  }

  private static ArrayException damaged(long fileId) {
    return new ArrayException(ArrayError.IO, "inode " + fileId + " is damaged");
  }
}
