/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.stored;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.FileAttributes;
import org.facsim.array.history.Delta;
import org.facsim.array.history.InodeDifference;
import org.facsim.array.inode.Attachments;
import org.facsim.array.inode.AttributeDraft;
import org.facsim.array.inode.VolumeInode;

/**
 * Deltas and differences as they are stored, little-endian.
 *
 * <pre>
 *   delta   long edge, byte whether the directory of snapshots differs, long its file id or 0
 *   difference   long delta's number, long file id, byte kind; then, if it is on the far side:
 *           long parent's file id or 0, int kept map's number or 0, long x 11 attributes,
 *           attachments as in {@link AttachmentsRow}, if there are any
 * </pre>
 */
final class DeltaRows {
  private static final int DELTA_BYTES = 2 * Long.BYTES + 1;
  private static final int DIFFERENCE_BYTES = 2 * Long.BYTES + 1;
  private static final int FAR_BYTES = Long.BYTES + Integer.BYTES + 10 * Long.BYTES;

  private DeltaRows() {}

  /** A row which says that something is not on the far side. */
  static ByteBuffer nothing() {
    return ByteBuffer.allocate(0);
  }

  static ByteBuffer of(long value) {
    return allocate(Long.BYTES).putLong(value).flip();
  }

  static ByteBuffer of(Delta delta) {
    ByteBuffer row = allocate(DELTA_BYTES).putLong(delta.edge());
    row.put((byte) (delta.hasDirectory() ? 1 : 0));
    return row.putLong(delta.directory() == null ? 0 : delta.directory().fileId()).flip();
  }

  static ByteBuffer of(InodeDifference difference) {
    boolean isFar = difference.kind() != InodeDifference.Kind.ABSENT;
    boolean isBare = !isFar || difference.attachments().equals(Attachments.NONE);
    ByteBuffer attached = isBare ? nothing() : AttachmentsRow.of(difference.attachments());
    ByteBuffer row = allocate(DIFFERENCE_BYTES + (isFar ? FAR_BYTES : 0) + attached.remaining());
    row.putLong(difference.delta().number).putLong(difference.inode.fileId());
    row.put(difference.kind().code());
    if (isFar) {
      row.putLong(difference.parent() == null ? 0 : difference.parent().fileId());
      row.putInt(difference.kept() == null ? 0 : difference.kept().number());
      FileAttributes a = difference.attributes();
      row.putLong(a.mode()).putLong(a.linkCount()).putLong(a.uid()).putLong(a.gid());
      row.putLong(a.sizeBytes()).putLong(a.usedBytes()).putLong(a.accessTimeNanos());
      row.putLong(a.modifyTimeNanos()).putLong(a.changeTimeNanos()).putLong(a.changeCounter());
    }
    return row.put(attached).flip();
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The decoded row of a delta. */
  record StoredDelta(long edge, boolean hasDirectory, long directoryId) {
    static StoredDelta read(long number, ByteBuffer row) {
      if (row.remaining() != DELTA_BYTES) {
        throw damaged("delta " + number);
      }
      return new StoredDelta(row.getLong(), row.get() != 0, row.getLong());
    }
  }

  /** The decoded row of a difference, up to its attributes. */
  record StoredDifference(
      long delta,
      long fileId,
      InodeDifference.Kind kind,
      long parentId,
      int kept,
      ByteBuffer rest) {
    static StoredDifference read(long number, ByteBuffer row) {
      try {
        long delta = row.getLong();
        long fileId = row.getLong();
        InodeDifference.Kind kind = InodeDifference.Kind.of(row.get());
        if (kind == null) {
          throw damaged("difference " + number);
        }
        boolean isFar = kind != InodeDifference.Kind.ABSENT;
        long parent = isFar ? row.getLong() : 0;
        int kept = isFar ? row.getInt() : 0;
        return new StoredDifference(delta, fileId, kind, parent, kept, row);
      } catch (BufferUnderflowException e) {
        throw damaged("difference " + number);
      }
    }

    boolean isFar() {
      return kind != InodeDifference.Kind.ABSENT;
    }

    /** Returns the attributes on the far side. Those that never change come from the inode. */
    FileAttributes attributes(VolumeInode inode) {
      try {
        AttributeDraft draft = AttributeDraft.of(inode.attributes());
        draft.mode = Math.toIntExact(rest.getLong());
        draft.linkCount = Math.toIntExact(rest.getLong());
        draft.uid = rest.getLong();
        draft.gid = rest.getLong();
        draft.sizeBytes = rest.getLong();
        draft.usedBytes = rest.getLong();
        draft.accessTimeNanos = rest.getLong();
        draft.modifyTimeNanos = rest.getLong();
        draft.changeTimeNanos = rest.getLong();
        draft.changeCounter = rest.getLong();
        return draft.freeze();
      } catch (BufferUnderflowException | ArithmeticException e) {
        throw damaged("difference of inode " + fileId);
      }
    }

    /** Decodes the attachments. It is called after {@link #attributes}. */
    Attachments attachments() {
      return rest.hasRemaining() ? AttachmentsRow.read(rest) : Attachments.NONE;
    }
  }

  private static ArrayException damaged(String what) {
    return new ArrayException(ArrayError.IO, what + " of a named state is damaged");
  }
}
