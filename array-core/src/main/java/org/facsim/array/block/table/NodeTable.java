/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.table;

import java.nio.ByteBuffer;
import org.facsim.array.block.memory.DirectMemory;
import org.facsim.array.block.memory.Epochs;

/**
 * The inner nodes and leaves of all block maps of a volume.
 *
 * <pre>
 *   head
 *   byte   0  count    int   how many parents hold it; 0: detached, waiting for reclaim
 *          4  parents  int   XOR of their names; the parent itself if count is 1
 *          8  own      long  blocks beneath it that hang on single edges all the way up to it
 *         16  mapped   long  pointers of leaves beneath it that are not holes
 *         24  level    int   1 for a leaf
 *         28  stamp    int   epoch of the last fall of count to 1, or 0
 *   body
 *   byte   0  pointers 256 longs: node numbers, or block pointers in a leaf; 0 is a hole
 * </pre>
 *
 * A node with {@code mapped} 0 is never attached. Readers look at pointers (acquired), and at
 * {@code mapped} only to find holes.
 */
public final class NodeTable extends RecordTable {
  public static final int FANOUT = 256;
  static final int FANOUT_SHIFT = 8;

  /** The greatest height of a tree: 256^4 blocks of 4 KiB are 16 TiB. */
  public static final int MAX_HEIGHT = 4;

  private static final int COUNT = 0;
  private static final int PARENTS = 4;
  private static final int OWN = 8;
  private static final int MAPPED = 16;
  private static final int LEVEL = 24;
  private static final int STAMP = 28;
  private static final int HEAD_BYTES = 32;
  public static final int BODY_BYTES = FANOUT * Long.BYTES;
  private static final int SLAB_SHIFT = 7;

  public NodeTable(DirectMemory memory, Epochs epochs) {
    super(memory, epochs, HEAD_BYTES, BODY_BYTES, PARENTS, SLAB_SHIFT);
  }

  /** The binary logarithm of the number of blocks that a subtree covers. Level 0 is a block. */
  public static int spanShift(int level) {
    return level * FANOUT_SHIFT;
  }

  /** Returns the index of the pointer in a node of a level that leads to a block. */
  public static int indexOf(int nodeLevel, long block) {
    return (int) (block >>> spanShift(nodeLevel - 1)) & (FANOUT - 1);
  }

  /** Makes an empty, detached node. */
  public int allocateEmpty(int level) {
    int node = allocateHead(level);
    Words.zero(slab(node), body(node), BODY_BYTES);
    touch(node, body(node), BODY_BYTES);
    return node;
  }

  /** Makes a detached node with the same pointers, mapped count and level. */
  public int allocateCopy(int original) {
    int node = allocateHead(level(original));
    setMapped(node, mapped(original));
    slab(node).put(body(node), slab(original), body(original), BODY_BYTES);
    touch(node, body(node), BODY_BYTES);
    return node;
  }

  private int allocateHead(int level) {
    int node = allocate();
    Words.zero(slab(node), head(node), HEAD_BYTES);
    INT.set(slab(node), head(node) + LEVEL, level);
    touch(node, head(node), HEAD_BYTES);
    return node;
  }

  public long pointer(int node, int index) {
    return (long) LONG.getAcquire(slab(node), body(node) + index * Long.BYTES);
  }

  public void setPointer(int node, int index, long pointer) {
    int at = body(node) + index * Long.BYTES;
    LONG.setRelease(slab(node), at, pointer);
    touch(node, at, Long.BYTES);
  }

  public int count(int node) {
    return (int) INT.get(slab(node), head(node) + COUNT);
  }

  public void setCount(int node, int count) {
    int at = head(node) + COUNT;
    INT.set(slab(node), at, count);
    touch(node, at, Integer.BYTES);
  }

  public int parents(int node) {
    return (int) INT.get(slab(node), head(node) + PARENTS);
  }

  public void setParents(int node, int parents) {
    int at = head(node) + PARENTS;
    INT.set(slab(node), at, parents);
    touch(node, at, Integer.BYTES);
  }

  /** Adds one parent to a node that has one already. */
  public void addParent(int node, int parent) {
    ByteBuffer slab = slab(node);
    int head = head(node);
    INT.set(slab, head + COUNT, (int) INT.get(slab, head + COUNT) + 1);
    INT.set(slab, head + PARENTS, (int) INT.get(slab, head + PARENTS) ^ parent);
    touch(node, head, HEAD_BYTES);
  }

  /** Finds the free nodes after loading. Nodes that wait for reclaim are in use. */
  public void rebuild(int firstWaiting) {
    rebuild(firstWaiting, COUNT);
  }

  public long own(int node) {
    return (long) LONG.get(slab(node), head(node) + OWN);
  }

  public void setOwn(int node, long own) {
    int at = head(node) + OWN;
    LONG.set(slab(node), at, own);
    touch(node, at, Long.BYTES);
  }

  public long mapped(int node) {
    return (long) LONG.getOpaque(slab(node), head(node) + MAPPED);
  }

  public void setMapped(int node, long mapped) {
    int at = head(node) + MAPPED;
    LONG.setOpaque(slab(node), at, mapped);
    touch(node, at, Long.BYTES);
  }

  public int level(int node) {
    return (int) INT.get(slab(node), head(node) + LEVEL);
  }

  public int stamp(int node) {
    return (int) INT.get(slab(node), head(node) + STAMP);
  }

  public void setStamp(int node, int stamp) {
    INT.set(slab(node), head(node) + STAMP, stamp);
  }
}
