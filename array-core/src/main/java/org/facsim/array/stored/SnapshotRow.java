/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.stored;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.history.StoredSnapshot;
import org.facsim.array.inode.VolumeInode;

/**
 * A snapshot as it is stored, little-endian: times and numbers of {@link StoredSnapshot}, the file
 * id of its top, its name.
 */
final class SnapshotRow {
  private static final int FIXED_BYTES = 5 * Long.BYTES + Integer.BYTES + 1;

  private SnapshotRow() {}

  static ByteBuffer of(StoredSnapshot snapshot) {
    byte[] name = snapshot.name().getBytes(StandardCharsets.UTF_8);
    ByteBuffer row = ByteBuffer.allocate(FIXED_BYTES + name.length).order(ByteOrder.LITTLE_ENDIAN);
    row.putLong(snapshot.createdNanos()).put((byte) (snapshot.automatic() ? 1 : 0));
    row.putLong(snapshot.sourceFileId()).putLong(snapshot.sourceChange());
    row.putLong(snapshot.parentId()).putInt(snapshot.cloneCount());
    return row.putLong(snapshot.root().fileId()).put(name).flip();
  }

  /** Finds an inode by its file id, or null. */
  interface Inodes {
    VolumeInode find(long fileId);
  }

  /**
   * Decodes a row.
   *
   * @throws ArrayException IO if it is not one, or if its top is not there
   */
  static StoredSnapshot read(long id, ByteBuffer row, Inodes inodes) {
    try {
      long created = row.getLong();
      boolean automatic = row.get() != 0;
      long source = row.getLong();
      long change = row.getLong();
      long parent = row.getLong();
      int clones = row.getInt();
      VolumeInode root = inodes.find(row.getLong());
      byte[] name = new byte[row.remaining()];
      row.get(name);
      if (root == null || !root.isReadOnly()) {
        throw damaged(id);
      }
      String text = new String(name, StandardCharsets.UTF_8);
      return new StoredSnapshot(id, text, created, automatic, source, change, parent, clones, root);
    } catch (BufferUnderflowException e) {
      throw damaged(id);
    }
  }

  private static ArrayException damaged(long id) {
    return new ArrayException(ArrayError.IO, "snapshot " + id + " is damaged");
  }
}
