/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.nio.ByteBuffer;

/**
 * Changes block maps. Guarded by the volume's lock; readers walk along.
 *
 * <h2>One door to what may be written: shadow</h2>
 *
 * A node may be changed in place only if every node from the root down to it has one parent: then
 * nothing but this file sees it. {@link #shadow} turns a node into such a one: already private, it
 * costs nothing; shared, it is copied, the children gain the copy as a parent <em>before</em> the
 * original loses this one, and so nothing is ever without a parent in between. Going top-down, the
 * nodes above are private already, so a node's own count decides.
 *
 * <h2>In place, with readers about</h2>
 *
 * Readers hold pointers without holding counts. So a change is one aligned store of a slot, a value
 * or a root, and what it replaces is retired, not reused. A block keeps its entry and swaps its
 * value; only when it turns from a word into payload or back it takes a new entry.
 *
 * <p>One trap: a reader of file A holds a node that A shares with B. A's writer moves away from it,
 * the node is B's alone now, B writes in place, and A's reader sees B's bytes. So a thing whose
 * count fell to 1 is stamped, and until every reader of that moment has left, it is replaced like a
 * shared one: a node is <em>renamed</em> (same children, new number), and passes its stamp on to
 * the children, which the same reader may reach; a block takes a new entry. Neither changes a
 * figure of the ledger.
 *
 * <h2>Failure</h2>
 *
 * Whatever can fail (capacity, host memory) is claimed before the first change: see {@link
 * Ledger#claim} and {@link RecordTable#ensure}.
 */
final class MapWriter {
  private final Ledger ledger;
  private final NodeTable nodes;
  private final BlockTable blocks;
  private final PayloadArena payload;
  private final MapReader reader;
  private final Epochs epochs;

  /** The private nodes from the root (at its level) to the leaf at 1 that is being changed. */
  private final int[] path = new int[NodeTable.MAX_HEIGHT + 1];

  private long mappedDelta;
  private long ownDelta;

  MapWriter(Ledger ledger, MapReader reader, Epochs epochs) {
    this.ledger = ledger;
    this.nodes = ledger.nodes;
    this.blocks = ledger.blocks;
    this.payload = ledger.payload;
    this.reader = reader;
    this.epochs = epochs;
  }

  /** The least height of a tree that covers blocks up to {@code lastBlock}. */
  static int heightFor(long lastBlock) {
    int height = 0;
    while (lastBlock >>> MapReader.spanShift(height) != 0) {
      height++;
    }
    return height;
  }

  /** At most so many nodes are made when a range of blocks is written. */
  static long nodesFor(long firstBlock, long endBlock) {
    long sum = NodeTable.MAX_HEIGHT;
    for (int level = 1; level <= NodeTable.MAX_HEIGHT; level++) {
      int shift = MapReader.spanShift(level);
      sum += ((endBlock - 1) >>> shift) - (firstBlock >>> shift) + 1;
    }
    return sum;
  }

  /** Writes; nodes, entries and capacity are there already. Consumes. */
  void write(FileMap map, PreparedWrite write) {
    long end = write.endBlock();
    grow(map, end - 1);
    int i = 0;
    for (long block = write.firstBlock(); block < end; ) {
      int leaf = leafFor(map, block);
      long runEnd = leaf == 0 ? 1 : Math.min(end, (block | (NodeTable.FANOUT - 1)) + 1);
      for (; block < runEnd; block++, i++) {
        writeBlock(map, leaf, MapReader.slotOf(1, block), write, i);
      }
      settlePath(map);
    }
    write.consume();
  }

  /** Maps a word into a range that is one hole; as {@link #write}. */
  void fillHole(FileMap map, long from, long to, long word) {
    grow(map, to - 1);
    for (long block = from; block < to; ) {
      int leaf = leafFor(map, block);
      long runEnd = leaf == 0 ? 1 : Math.min(to, (block | (NodeTable.FANOUT - 1)) + 1);
      for (; block < runEnd; block++) {
        put(map, leaf, MapReader.slotOf(1, block), word, false);
      }
      settlePath(map);
    }
  }

  private void writeBlock(FileMap map, int leaf, int slot, PreparedWrite write, int i) {
    long value = write.values[i];
    boolean isPayload = write.isPayload[i];
    if (write.isPartial(i)) {
      int filled = (int) value;
      complete(filled, pointerAt(map, leaf, slot), write.head(i), write.tail(i));
      ByteBuffer slab = payload.slab(filled);
      if (Words.isUniform(slab, payload.body(filled))) {
        value = Words.first(slab, payload.body(filled));
        isPayload = false;
        payload.freeOne(filled);
      }
    }
    put(map, leaf, slot, value, isPayload);
  }

  /** Fills in what a partial write leaves as it was. */
  private void complete(int filled, long old, int head, int tail) {
    ByteBuffer slab = payload.slab(filled);
    int position = payload.body(filled);
    reader.copyBlock(old, 0, slab, position, head);
    reader.copyBlock(old, tail, slab, position + tail, BlockStore.BLOCK_BYTES - tail);
  }

  /** Makes a slot of a private leaf (0: the root of a tree of height 0) hold a value. */
  private void put(FileMap map, int leaf, int slot, long value, boolean isPayload) {
    int parent = leaf == 0 ? map.name() : leaf;
    long old = pointerAt(map, leaf, slot);
    int block = (int) old;
    if (old == 0) {
      link(map, leaf, slot, ledger.allocateBlock(map, value, isPayload, parent));
      ledger.use(1);
      mappedDelta++;
      ownDelta++;
    } else if (blocks.count(block) > 1) {
      link(map, leaf, slot, ledger.allocateBlock(map, value, isPayload, parent));
      ledger.use(1);
      ownDelta++;
      ledger.removeBlockEdge(old, parent);
    } else if (BlockTable.isPayload(old) == isPayload && settled(block)) {
      long before = blocks.value(block);
      blocks.setValue(block, value);
      if (isPayload) {
        ledger.retirePayload((int) before);
      }
      ledger.moveCharge(block, map);
    } else {
      link(map, leaf, slot, ledger.allocateBlock(map, value, isPayload, parent));
      blocks.setCount(block, 0);
      ledger.discard(old);
    }
  }

  /** Books what a run in one leaf changed on the whole path. */
  private void settlePath(FileMap map) {
    int height = FileMap.height(map.root());
    if (mappedDelta != 0) {
      for (int level = 1; level <= height; level++) {
        nodes.setMapped(path[level], nodes.mapped(path[level]) + mappedDelta);
      }
      ledger.addMapped(map, mappedDelta);
      mappedDelta = 0;
    }
    if (ownDelta != 0) {
      for (int level = 1; level <= height; level++) {
        nodes.setOwn(path[level], nodes.own(path[level]) + ownDelta);
      }
      map.own += ownDelta;
      ownDelta = 0;
    }
  }

  // ---------------------------------------------------------------- paths

  /** Makes the tree cover a block. */
  void grow(FileMap map, long lastBlock) {
    int needed = heightFor(lastBlock);
    long root = map.root();
    int height = FileMap.height(root);
    if (height >= needed) {
      return;
    }
    if (FileMap.pointer(root) == 0) {
      map.setRoot(0, needed);
      return;
    }
    for (; height < needed; height++) {
      long child = FileMap.pointer(map.root());
      int node = nodes.allocateEmpty(height + 1);
      nodes.setMapped(node, map.mapped);
      nodes.setSlot(node, 0, child);
      ledger.addNodeEdge(node, map.name());
      map.setRoot(node, height + 1);
      ledger.moveEdge(height, child, map.name(), node);
    }
  }

  /** The leaf for a block, private and with a private path; 0 if the tree has height 0. */
  int leafFor(FileMap map, long block) {
    return nodeFor(map, block, 1);
  }

  /** The node of a level above a block, private and with a private path; 0 if there is none. */
  int nodeFor(FileMap map, long block, int downToLevel) {
    long root = map.root();
    int height = FileMap.height(root);
    if (height == 0) {
      return 0;
    }
    int node = privateNode(map, 0, 0, height, (int) FileMap.pointer(root));
    path[height] = node;
    for (int level = height; level > downToLevel; level--) {
      int slot = MapReader.slotOf(level, block);
      node = privateNode(map, node, slot, level - 1, (int) nodes.slot(node, slot));
      path[level - 1] = node;
    }
    return node;
  }

  private int privateNode(FileMap map, int parent, int slot, int level, int node) {
    if (node != 0) {
      return shadow(map, parent, slot, level, node);
    }
    int made = nodes.allocateEmpty(level);
    ledger.addNodeEdge(made, parent == 0 ? map.name() : parent);
    linkNode(map, parent, slot, level, made);
    return made;
  }

  /**
   * The one door to a writable node.
   *
   * @param parent the private node that holds it, or 0: it is the root
   */
  private int shadow(FileMap map, int parent, int slot, int level, int node) {
    int count = nodes.count(node);
    int stamp = nodes.stamp(node);
    if (count == 1 && stamp == 0) {
      return node;
    }
    if (count == 1 && epochs.elapsedStamp(stamp)) {
      nodes.setStamp(node, 0);
      return node;
    }
    int copy = nodes.allocateCopy(node);
    int parentName = parent == 0 ? map.name() : parent;
    if (count == 1) {
      rename(node, copy, level, stamp);
      nodes.setParents(copy, parentName);
      nodes.setCount(copy, 1);
      linkNode(map, parent, slot, level, copy);
      nodes.setCount(node, 0);
      nodes.retire(node);
    } else {
      addParentToChildren(copy, level);
      nodes.setOwn(node, 0);
      ledger.addNodeEdge(copy, parentName);
      linkNode(map, parent, slot, level, copy);
      ledger.removeEdge(level, node, parentName);
    }
    return copy;
  }

  /**
   * Every child of a copied node has two parents or more from now on, so neither the original nor
   * the copy owns anything; the original's parents saw nothing of it, for they are several.
   */
  private void addParentToChildren(int copy, int level) {
    for (int slot = 0; slot < NodeTable.FANOUT; slot++) {
      int child = (int) nodes.slot(copy, slot);
      if (child == 0) {
        continue;
      }
      if (level == 1) {
        blocks.addParent(child, copy);
      } else {
        nodes.setCount(child, nodes.count(child) + 1);
        nodes.setParents(child, nodes.parents(child) ^ copy);
      }
    }
  }

  /** Moves all children from a node to its double, and the stamp to the children. */
  private void rename(int node, int copy, int level, int stamp) {
    nodes.setOwn(copy, nodes.own(node));
    for (int slot = 0; slot < NodeTable.FANOUT; slot++) {
      int child = (int) nodes.slot(copy, slot);
      if (child == 0) {
        continue;
      }
      if (level == 1) {
        blocks.setParents(child, blocks.parents(child) ^ node ^ copy);
        if (isLater(stamp, blocks.stamp(child))) {
          blocks.setStamp(child, stamp);
        }
      } else {
        nodes.setParents(child, nodes.parents(child) ^ node ^ copy);
        if (isLater(stamp, nodes.stamp(child))) {
          nodes.setStamp(child, stamp);
        }
      }
    }
  }

  private static boolean isLater(int stamp, int other) {
    return other == 0 || stamp - other > 0;
  }

  private boolean settled(int block) {
    int stamp = blocks.stamp(block);
    if (stamp == 0) {
      return true;
    }
    if (epochs.elapsedStamp(stamp)) {
      blocks.setStamp(block, 0);
      return true;
    }
    return false;
  }

  private long pointerAt(FileMap map, int leaf, int slot) {
    return leaf == 0 ? FileMap.pointer(map.root()) : nodes.slot(leaf, slot);
  }

  private void link(FileMap map, int leaf, int slot, long pointer) {
    linkNode(map, leaf, slot, 0, pointer);
  }

  private void linkNode(FileMap map, int parent, int slot, int level, long pointer) {
    if (parent == 0) {
      map.setRoot(pointer, level);
    } else {
      nodes.setSlot(parent, slot, pointer);
    }
  }

  // ---------------------------------------------------------------- removal

  /** Unmaps whole blocks. At most {@code 2 * MAX_HEIGHT} nodes are made. */
  void remove(FileMap map, long from, long to) {
    long root = map.root();
    int height = FileMap.height(root);
    long end = Math.min(to, 1L << MapReader.spanShift(height));
    if (reader.firstMapped(root, from, end) < 0) {
      return;
    }
    long removed;
    if (from == 0 && end == 1L << MapReader.spanShift(height)) {
      removed = map.mapped;
    } else {
      int node = shadow(map, 0, 0, height, (int) FileMap.pointer(root));
      removed = cut(map, node, height, from, end);
    }
    if (removed == map.mapped) {
      long whole = map.root();
      map.setRoot(0, 0);
      ledger.removeEdge(height, FileMap.pointer(whole), map.name());
    }
    ledger.addMapped(map, -removed);
  }

  /** Unmaps a range, counted from the node's first block. Returns how many were mapped. */
  private long cut(FileMap map, int node, int level, long from, long to) {
    int shift = MapReader.spanShift(level - 1);
    long removed = 0;
    for (long at = from >>> shift; at <= (to - 1) >>> shift; at++) {
      int slot = (int) at;
      long pointer = nodes.slot(node, slot);
      long base = at << shift;
      long start = Math.max(0, from - base);
      long end = Math.min(1L << shift, to - base);
      if (reader.firstMapped(level - 1, pointer, start, end) < 0) {
        continue;
      }
      boolean empty = true;
      if (start == 0 && end == 1L << shift) {
        removed += mappedBy(level - 1, pointer);
      } else {
        pointer = shadow(map, node, slot, level - 1, (int) pointer);
        removed += cut(map, (int) pointer, level - 1, start, end);
        empty = nodes.mapped((int) pointer) == 0;
      }
      if (empty) {
        nodes.setSlot(node, slot, 0);
        ledger.removeEdge(level - 1, pointer, node);
      }
    }
    nodes.setMapped(node, nodes.mapped(node) - removed);
    return removed;
  }

  // ---------------------------------------------------------------- grafting

  /** What to share, by piece. */
  interface Pieces {
    long pointer(int index);
  }

  /**
   * Replaces subtrees that lie side by side in one node.
   *
   * @param level of the subtrees; their node is one higher and exists or can be made
   * @param count at least 1, all in one node
   */
  void graft(FileMap map, long block, int level, long count, Pieces pieces) {
    int node = nodeFor(map, block, level + 1);
    int first = MapReader.slotOf(level + 1, block);
    long gained = 0;
    for (int i = 0; i < count; i++) {
      long piece = pieces.pointer(i);
      long old = nodes.slot(node, first + i);
      if (piece == old) {
        continue;
      }
      if (piece != 0) {
        ledger.addEdge(level, piece, node);
        gained += mappedBy(level, piece);
      }
      nodes.setSlot(node, first + i, piece);
      if (old != 0) {
        gained -= mappedBy(level, old);
        ledger.removeEdge(level, old, node);
      }
    }
    if (gained != 0) {
      for (int at = level + 1; at <= FileMap.height(map.root()); at++) {
        nodes.setMapped(path[at], nodes.mapped(path[at]) + gained);
      }
      ledger.addMapped(map, gained);
    }
  }

  private long mappedBy(int level, long pointer) {
    return level == 0 ? 1 : nodes.mapped((int) pointer);
  }

  // ---------------------------------------------------------------- privacy

  /** Receives runs of blocks, from (inclusive) to (exclusive). */
  interface Runs {
    void run(long from, long to);
  }

  /**
   * Reports the blocks of a range that a write would have to allocate: holes, and blocks that
   * another path leads to as well.
   */
  void notPrivate(FileMap map, long from, long to, Runs runs) {
    long root = map.root();
    int height = FileMap.height(root);
    long covered = Math.min(to, 1L << MapReader.spanShift(height));
    if (from < covered) {
      notPrivate(height, FileMap.pointer(root), 0, from, covered, runs);
    }
    if (to > covered) {
      runs.run(Math.max(from, covered), to);
    }
  }

  private void notPrivate(int level, long pointer, long base, long from, long to, Runs runs) {
    int id = (int) pointer;
    if (level == 0) {
      if (pointer == 0 || blocks.count(id) > 1) {
        runs.run(from, to);
      }
      return;
    }
    if (pointer == 0 || nodes.count(id) > 1 || nodes.own(id) == 0) {
      runs.run(from, to);
      return;
    }
    if (nodes.own(id) == 1L << MapReader.spanShift(level)) {
      return;
    }
    int shift = MapReader.spanShift(level - 1);
    for (long at = (from - base) >>> shift; at <= (to - 1 - base) >>> shift; at++) {
      long childBase = base + (at << shift);
      notPrivate(
          level - 1,
          nodes.slot(id, (int) at),
          childBase,
          Math.max(from, childBase),
          Math.min(to, childBase + (1L << shift)),
          runs);
    }
  }
}
