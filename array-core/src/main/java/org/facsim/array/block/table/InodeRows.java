/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.table;

import java.nio.ByteBuffer;
import org.facsim.array.block.memory.DirectMemory;
import org.facsim.array.block.memory.Epochs;

/**
 * Rows of eight long words outside the heap, one cache line each, in which inodes keep attributes.
 * The inode decides what the words mean, and makes sure that a reader without a lock sees words
 * that belong together. A row that is given back is used again when no reader of names can have
 * found its number before.
 *
 * <p>The memory goes back to the operating system when nobody can reach the table any more, because
 * somebody may ask inodes of a deleted volume for their attributes as long as it has them.
 *
 * <p>Rows are taken and given back under the volume's lock.
 */
public final class InodeRows extends RecordTable {
  /** Words in a row. */
  public static final int WORDS = 8;

  public static final int ROW_BYTES = WORDS * Long.BYTES;
  private static final int SLAB_SHIFT = 10;

  public InodeRows(DirectMemory memory, Epochs epochs) {
    super(memory, epochs, ROW_BYTES, 0, 0, SLAB_SHIFT);
  }

  /**
   * Makes the next {@link #take}s unable to fail.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE if there is no direct memory for this many
   *     more
   */
  public void requireRoomFor(long count) {
    ensure(count);
  }

  /** For how many rows its memory has room, without growing. */
  public long room() {
    return unused();
  }

  /** Takes a row with arbitrary contents. Returns its number, which is never 0. */
  public int take() {
    return allocate();
  }

  /** Gives back a row that belongs to nobody any more. */
  public void giveBack(int row) {
    retire(row);
  }

  /**
   * Returns the memory in which a row is. Only {@link #get} and {@link #set} treat it as
   * little-endian.
   */
  public ByteBuffer memory(int row) {
    return slab(row);
  }

  /** Where in its {@link #memory} a row starts, in bytes. */
  public int at(int row) {
    return head(row);
  }

  /**
   * Reads a word. The read is atomic on a machine of 64 bits and is not ordered with others.
   * Whoever reads without a lock has the fences of a sequence around it.
   *
   * @param at of the row
   */
  public static long get(ByteBuffer memory, int at, int word) {
    return (long) LONG.get(memory, at + word * Long.BYTES);
  }

  public static void set(ByteBuffer memory, int at, int word, long value) {
    LONG.set(memory, at + word * Long.BYTES, value);
  }

  /** How many rows inodes have. */
  public long count() {
    return inUse();
  }
}
