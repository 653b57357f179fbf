/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.stored;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.facsim.array.Name;
import org.facsim.array.inode.NamedInode;

/** A directory entry as it is stored, little-endian: the file id (long) and the name. */
final class EntryRow {
  private EntryRow() {}

  static ByteBuffer of(NamedInode entry) {
    byte[] name = entry.name().toBytes();
    ByteBuffer row = ByteBuffer.allocate(Long.BYTES + name.length).order(ByteOrder.LITTLE_ENDIAN);
    return row.putLong(entry.inode().fileId()).put(name).flip();
  }

  /** Decodes the name, after the file id was taken from the row. */
  static Name nameOf(ByteBuffer row) {
    byte[] name = new byte[row.remaining()];
    row.get(name);
    return Name.ofBytes(name);
  }
}
