/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.facsim.array.block.memory.MetadataAccount;

/**
 * The inodes of a volume by the number of their row, to which a name leads. It also has those that
 * only named states have. Readers take no lock. Changes need the volume's lock.
 *
 * <p>A reader that found a number in a name must get the inode before it leaves {@link
 * org.facsim.array.block.table.NameTable#enter}: until then, no other inode gets the number.
 */
public final class InodeIndex {
  private static final int CHUNK_SHIFT = 9;
  private static final int CHUNK_ROWS = 1 << CHUNK_SHIFT;

  /** How many bytes of the heap a piece takes, with its place in the whole. */
  static final int CHUNK_BYTES = CHUNK_ROWS * 4 + 16 + 8;

  private static final VarHandle INODE = MethodHandles.arrayElementVarHandle(VolumeInode[].class);

  private final MetadataAccount metadata;
  private volatile VolumeInode[][] chunks = {};

  public InodeIndex(MetadataAccount metadata) {
    this.metadata = metadata;
  }

  /** Returns the inode, or null if it is gone. Takes no lock. */
  VolumeInode get(int row) {
    VolumeInode[][] now = chunks;
    int chunk = row >>> CHUNK_SHIFT;
    return chunk < now.length
        ? (VolumeInode) INODE.getAcquire(now[chunk], row & (CHUNK_ROWS - 1))
        : null;
  }

  /** Adds an inode. {@code InodeRows} gives rows out one after another, so this stays dense. */
  public void put(VolumeInode inode) {
    int chunk = inode.row() >>> CHUNK_SHIFT;
    while (chunk >= chunks.length) {
      VolumeInode[][] more = Arrays.copyOf(chunks, chunks.length + 1);
      more[chunks.length] = new VolumeInode[CHUNK_ROWS];
      chunks = more;
      metadata.charge(CHUNK_BYTES);
    }
    INODE.setRelease(chunks[chunk], inode.row() & (CHUNK_ROWS - 1), inode);
  }

  /** Removes an inode of which nothing knows any more. */
  public void remove(int row) {
    if (get(row) != null) {
      INODE.setRelease(chunks[row >>> CHUNK_SHIFT], row & (CHUNK_ROWS - 1), null);
    }
  }

  /** How many bytes of the heap this takes, without inodes. */
  public long heapBytes() {
    return (long) chunks.length * CHUNK_BYTES;
  }
}
