/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.table;

import java.nio.ByteBuffer;
import org.facsim.array.block.memory.DirectMemory;
import org.facsim.array.block.memory.Epochs;

/**
 * One entry of 20 bytes for every block of a volume, whatever maps it.
 *
 * <pre>
 *   head
 *   byte   0  count    int   how many leaf slots hold it; negative: see below
 *          4  owner    int   the file that allocated it and is charged for it
 *          8  parents  int   XOR of the names of the leaves (or files) that hold it
 *   body
 *   byte   0  value    long  the word that all 512 words of the block equal, or its payload slot
 * </pre>
 *
 * The epoch in which the count last fell to 1 matters only while the count is 1, so it has no field
 * of its own: one holder and a stamp are {@link #STAMPED} with the stamp in the other bits.
 *
 * <p>The <em>pointer</em> says which of the two the value is ({@link #PAYLOAD}), because a reader
 * loads a pointer once and a value once, and the two must fit. Therefore a block changes its value
 * in place, atomically, but to change its kind it takes a new entry.
 */
public final class BlockTable extends RecordTable {
  /** Bytes in a block. */
  public static final int BLOCK_BYTES = 4096;

  /**
   * Set in a block pointer whose entry holds a payload slot. The pointer's lower half is the block.
   */
  static final long PAYLOAD = 1L << 32;

  private static final int STAMPED = 1 << 31;

  private static final int COUNT = 0;
  private static final int OWNER = 4;
  private static final int PARENTS = 8;
  private static final int HEAD_BYTES = 12;
  private static final int BODY_BYTES = Long.BYTES;
  private static final int SLAB_SHIFT = 13;

  public BlockTable(DirectMemory memory, Epochs epochs) {
    super(memory, epochs, HEAD_BYTES, BODY_BYTES, PARENTS, SLAB_SHIFT);
  }

  public static boolean isPayload(long pointer) {
    return (pointer & PAYLOAD) != 0;
  }

  /** Makes a block with one parent. Returns its pointer, which is not linked anywhere yet. */
  public long allocate(long value, boolean payload, int owner, int parent) {
    int block = allocate();
    ByteBuffer slab = slab(block);
    int head = head(block);
    int body = body(block);
    LONG.set(slab, body, value);
    INT.set(slab, head + COUNT, 1);
    INT.set(slab, head + OWNER, owner);
    INT.set(slab, head + PARENTS, parent);
    touch(block, head, HEAD_BYTES);
    touch(block, body, BODY_BYTES);
    return payload ? block | PAYLOAD : block;
  }

  public long value(int block) {
    return (long) LONG.getAcquire(slab(block), body(block));
  }

  public void setValue(int block, long value) {
    int at = body(block);
    LONG.setRelease(slab(block), at, value);
    touch(block, at, Long.BYTES);
  }

  public int count(int block) {
    return countAt(slab(block), head(block));
  }

  /** Sets the count, without a stamp. */
  public void setCount(int block, int count) {
    int at = head(block) + COUNT;
    INT.set(slab(block), at, count);
    touch(block, at, Integer.BYTES);
  }

  /** Returns the count of the entry whose head is there. */
  public static int countAt(ByteBuffer slab, int head) {
    int count = (int) INT.get(slab, head + COUNT);
    return count < 0 ? 1 : count;
  }

  /** Returns the parents of the entry whose head is there. */
  public static int parentsAt(ByteBuffer slab, int head) {
    return (int) INT.get(slab, head + PARENTS);
  }

  public int owner(int block) {
    return (int) INT.get(slab(block), head(block) + OWNER);
  }

  public void setOwner(int block, int owner) {
    int at = head(block) + OWNER;
    INT.set(slab(block), at, owner);
    touch(block, at, Integer.BYTES);
  }

  public int parents(int block) {
    return (int) INT.get(slab(block), head(block) + PARENTS);
  }

  public void setParents(int block, int parents) {
    int at = head(block) + PARENTS;
    INT.set(slab(block), at, parents);
    touch(block, at, Integer.BYTES);
  }

  /** Returns the epoch in which the count last fell to 1, or 0 if it does not matter. */
  public int stamp(int block) {
    int count = (int) INT.get(slab(block), head(block) + COUNT);
    return count < 0 ? count & ~STAMPED : 0;
  }

  /**
   * Sets the stamp. It means nothing to a block with several holders, whose count falls to 1 later.
   *
   * @param stamp of {@link Epochs#stamp}, or 0 for none
   */
  public void setStamp(int block, int stamp) {
    if (count(block) == 1) {
      INT.set(slab(block), head(block) + COUNT, stamp == 0 ? 1 : STAMPED | stamp);
    }
  }

  // ---------------------------------------------------------------- loading

  /** Finds the free entries after loading. */
  public void rebuild() {
    rebuild(0, COUNT);
  }

  /**
   * Adds up which file is charged for how many blocks, and forgets the stamps of an earlier run.
   *
   * @param charges by file
   * @return the entries in use
   */
  public long countCharges(long[] charges) {
    long used = 0;
    int end = capacityEnd();
    for (int first = 0; first < end; first += 1 << SLAB_SHIFT) {
      ByteBuffer slab = slab(first);
      for (int head = 0; head < HEAD_BYTES << SLAB_SHIFT; head += HEAD_BYTES) {
        int count = (int) INT.get(slab, head + COUNT);
        if (count != 0) {
          used++;
          charges[(int) INT.get(slab, head + OWNER)]++;
        }
        if (count < 0) {
          INT.set(slab, head + COUNT, 1);
        }
      }
    }
    return used;
  }

  /** Adds one parent to a block that has one already. */
  public void addParent(int block, int parent) {
    ByteBuffer slab = slab(block);
    int head = head(block);
    INT.set(slab, head + COUNT, countAt(slab, head) + 1);
    INT.set(slab, head + PARENTS, (int) INT.get(slab, head + PARENTS) ^ parent);
    touch(block, head, HEAD_BYTES);
  }
}
