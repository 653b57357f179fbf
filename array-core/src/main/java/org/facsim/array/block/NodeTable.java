/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.nio.ByteBuffer;

/**
 * The inner nodes and leaves of all block maps of a volume.
 *
 * <pre>
 *   byte   0  count    int   how many parents hold it; 0: detached, waiting for reclaim
 *          4  parents  int   XOR of their names; the parent itself if count is 1
 *          8  own      long  blocks beneath it that hang on single edges all the way up to it
 *         16  mapped   long  slots of leaves beneath it that are not holes
 *         24  level    int   1 for a leaf
 *         28  stamp    int   epoch of the last fall of count to 1, or 0
 *         32  slots    256 longs: node numbers, or block pointers in a leaf; 0 is a hole
 * </pre>
 *
 * A node with {@code mapped} 0 is never attached. Readers look at slots (acquired) and, for hole
 * seeks only, at {@code mapped}.
 */
final class NodeTable extends RecordTable {
  static final int FANOUT = 256;
  static final int FANOUT_SHIFT = 8;

  /** 256^4 blocks of 4 KiB are 16 TiB. */
  static final int MAX_HEIGHT = 4;

  private static final int COUNT = 0;
  private static final int PARENTS = 4;
  private static final int OWN = 8;
  private static final int MAPPED = 16;
  private static final int LEVEL = 24;
  private static final int STAMP = 28;
  private static final int SLOTS = 32;
  private static final int RECORD_BYTES = SLOTS + FANOUT * Long.BYTES;
  private static final int SLAB_SHIFT = 9;

  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(RECORD_BYTES);

  NodeTable(HostMemory memory, Epochs epochs) {
    super(memory, epochs, RECORD_BYTES, SLAB_SHIFT, PARENTS);
  }

  /** An empty, detached node. */
  int allocateEmpty(int level) {
    int node = allocate();
    slab(node).put(position(node), ZEROS, 0, RECORD_BYTES);
    INT.set(slab(node), position(node) + LEVEL, level);
    return node;
  }

  /** A detached node with the same slots, mapped count and level. */
  int allocateCopy(int original) {
    int node = allocate();
    ByteBuffer slab = slab(node);
    int position = position(node);
    slab.put(position, slab(original), position(original), RECORD_BYTES);
    INT.set(slab, position + COUNT, 0);
    INT.set(slab, position + PARENTS, 0);
    LONG.set(slab, position + OWN, 0L);
    INT.set(slab, position + STAMP, 0);
    return node;
  }

  long slot(int node, int index) {
    return (long) LONG.getAcquire(slab(node), position(node) + SLOTS + index * Long.BYTES);
  }

  void setSlot(int node, int index, long pointer) {
    LONG.setRelease(slab(node), position(node) + SLOTS + index * Long.BYTES, pointer);
  }

  int count(int node) {
    return (int) INT.get(slab(node), position(node) + COUNT);
  }

  void setCount(int node, int count) {
    INT.set(slab(node), position(node) + COUNT, count);
  }

  int parents(int node) {
    return (int) INT.get(slab(node), position(node) + PARENTS);
  }

  void setParents(int node, int parents) {
    INT.set(slab(node), position(node) + PARENTS, parents);
  }

  long own(int node) {
    return (long) LONG.get(slab(node), position(node) + OWN);
  }

  void setOwn(int node, long own) {
    LONG.set(slab(node), position(node) + OWN, own);
  }

  long mapped(int node) {
    return (long) LONG.getOpaque(slab(node), position(node) + MAPPED);
  }

  void setMapped(int node, long mapped) {
    LONG.setOpaque(slab(node), position(node) + MAPPED, mapped);
  }

  int level(int node) {
    return (int) INT.get(slab(node), position(node) + LEVEL);
  }

  int stamp(int node) {
    return (int) INT.get(slab(node), position(node) + STAMP);
  }

  void setStamp(int node, int stamp) {
    INT.set(slab(node), position(node) + STAMP, stamp);
  }
}
