/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.nio.ByteBuffer;

/**
 * One entry of 24 bytes for every block of a volume, whatever maps it.
 *
 * <pre>
 *   byte   0  value    long  the word that all 512 words of the block equal, or its payload slot
 *          8  count    int   how many leaf slots hold it
 *         12  owner    int   the file that allocated it and is charged for it
 *         16  parents  int   XOR of the names of the leaves (or files) that hold it
 *         20  stamp    int   epoch of the last fall of count to 1, or 0
 * </pre>
 *
 * Which of the two the value is stands in the <em>pointer</em> ({@link #PAYLOAD}), not here: a
 * reader loads a pointer once and a value once, and the pair must fit. So a block changes its value
 * in place, atomically, but never its kind: that takes a new entry.
 */
final class BlockTable extends RecordTable {
  /** Set in a block pointer whose entry holds a payload slot; its lower half is the block. */
  static final long PAYLOAD = 1L << 32;

  private static final int VALUE = 0;
  private static final int COUNT = 8;
  private static final int OWNER = 12;
  private static final int PARENTS = 16;
  private static final int STAMP = 20;
  private static final int HEAD_BYTES = 24;
  private static final int SLAB_SHIFT = 13;

  BlockTable(HostMemory memory, Epochs epochs) {
    super(memory, epochs, HEAD_BYTES, 0, PARENTS, SLAB_SHIFT);
  }

  static boolean isPayload(long pointer) {
    return (pointer & PAYLOAD) != 0;
  }

  /** A block with one parent. Returns its pointer, not yet linked anywhere. */
  long allocate(long value, boolean payload, int owner, int parent) {
    int block = allocate();
    ByteBuffer slab = slab(block);
    int head = head(block);
    LONG.set(slab, head + VALUE, value);
    INT.set(slab, head + COUNT, 1);
    INT.set(slab, head + OWNER, owner);
    INT.set(slab, head + PARENTS, parent);
    INT.set(slab, head + STAMP, 0);
    touch(block, head, HEAD_BYTES);
    return payload ? block | PAYLOAD : block;
  }

  long value(int block) {
    return (long) LONG.getAcquire(slab(block), head(block) + VALUE);
  }

  void setValue(int block, long value) {
    int at = head(block) + VALUE;
    LONG.setRelease(slab(block), at, value);
    touch(block, at, Long.BYTES);
  }

  int count(int block) {
    return (int) INT.get(slab(block), head(block) + COUNT);
  }

  void setCount(int block, int count) {
    int at = head(block) + COUNT;
    INT.set(slab(block), at, count);
    touch(block, at, Integer.BYTES);
  }

  /** The count of the entry whose head is there. */
  static int countAt(ByteBuffer slab, int head) {
    return (int) INT.get(slab, head + COUNT);
  }

  /** The parents of the entry whose head is there. */
  static int parentsAt(ByteBuffer slab, int head) {
    return (int) INT.get(slab, head + PARENTS);
  }

  int owner(int block) {
    return (int) INT.get(slab(block), head(block) + OWNER);
  }

  void setOwner(int block, int owner) {
    int at = head(block) + OWNER;
    INT.set(slab(block), at, owner);
    touch(block, at, Integer.BYTES);
  }

  int parents(int block) {
    return (int) INT.get(slab(block), head(block) + PARENTS);
  }

  void setParents(int block, int parents) {
    int at = head(block) + PARENTS;
    INT.set(slab(block), at, parents);
    touch(block, at, Integer.BYTES);
  }

  int stamp(int block) {
    return (int) INT.get(slab(block), head(block) + STAMP);
  }

  void setStamp(int block, int stamp) {
    INT.set(slab(block), head(block) + STAMP, stamp);
  }

  // ---------------------------------------------------------------- loading

  /** Finds the free entries after loading. */
  void rebuild() {
    rebuild(0, COUNT);
  }

  /**
   * Adds up which file is charged for how many blocks, and forgets stamps of a former life.
   *
   * @param charges by file
   * @return the entries in use
   */
  long countCharges(long[] charges) {
    long used = 0;
    int end = capacityEnd();
    for (int first = 0; first < end; first += 1 << SLAB_SHIFT) {
      ByteBuffer slab = slab(first);
      for (int head = 0; head < HEAD_BYTES << SLAB_SHIFT; head += HEAD_BYTES) {
        if ((int) INT.get(slab, head + COUNT) > 0) {
          used++;
          charges[(int) INT.get(slab, head + OWNER)]++;
          INT.set(slab, head + STAMP, 0);
        }
      }
    }
    return used;
  }

  /** Adds one parent to a block that has one already. */
  void addParent(int block, int parent) {
    ByteBuffer slab = slab(block);
    int head = head(block);
    INT.set(slab, head + COUNT, (int) INT.get(slab, head + COUNT) + 1);
    INT.set(slab, head + PARENTS, (int) INT.get(slab, head + PARENTS) ^ parent);
    touch(block, head, HEAD_BYTES);
  }
}
