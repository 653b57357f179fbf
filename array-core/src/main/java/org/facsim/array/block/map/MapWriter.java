/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.map;

import java.nio.ByteBuffer;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.ledger.Ledger;
import org.facsim.array.block.payload.Payload;
import org.facsim.array.block.table.BlockTable;
import org.facsim.array.block.table.NodeTable;
import org.facsim.array.block.table.Words;

/**
 * Changes block maps while readers walk on them. The volume's lock guards it. {@link Shadow} says
 * what may be changed in place.
 *
 * <h2>Failure</h2>
 *
 * Whatever can fail (capacity, direct memory) is claimed before the first change: see {@link
 * Ledger#claim} and {@code RecordTable.ensure}.
 */
public final class MapWriter {
  private final Ledger ledger;
  private final NodeTable nodes;
  private final BlockTable blocks;
  private final Payload payload;
  private final MapReader reader;
  private final Shadow shadow;

  private long mappedDelta;
  private long ownDelta;

  public MapWriter(Ledger ledger, MapReader reader, Shadow shadow) {
    this.ledger = ledger;
    this.nodes = ledger.nodes;
    this.blocks = ledger.blocks;
    this.payload = ledger.payload;
    this.reader = reader;
    this.shadow = shadow;
  }

  /** The most nodes that writing a range of blocks makes. */
  public static long nodesFor(long firstBlock, long endBlock) {
    long sum = NodeTable.MAX_HEIGHT;
    for (int level = 1; level <= NodeTable.MAX_HEIGHT; level++) {
      int shift = NodeTable.spanShift(level);
      sum += ((endBlock - 1) >>> shift) - (firstBlock >>> shift) + 1;
    }
    return sum;
  }

  /** Writes, and consumes the prepared write. Nodes, entries and capacity are there already. */
  public void write(FileMap map, PreparedWrite write) {
    long end = write.endBlock();
    shadow.grow(map, end - 1);
    int i = 0;
    for (long block = write.firstBlock(); block < end; ) {
      int leaf = shadow.leafFor(map, block);
      long runEnd = leaf == 0 ? 1 : Math.min(end, (block | (NodeTable.FANOUT - 1)) + 1);
      for (; block < runEnd; block++, i++) {
        int index = NodeTable.indexOf(1, block);
        if (write.overwrites(i)) {
          ledger.moveCharge((int) shadow.pointerAt(map, leaf, index), map);
        } else {
          put(map, leaf, index, write.values[i], write.isPayload[i]);
        }
      }
      settlePath(map);
    }
    write.consume();
  }

  /** Maps a word into a range that is one hole, otherwise like {@link #write}. */
  public void fillHole(FileMap map, long from, long to, long word) {
    shadow.grow(map, to - 1);
    for (long block = from; block < to; ) {
      int leaf = shadow.leafFor(map, block);
      long runEnd = leaf == 0 ? 1 : Math.min(to, (block | (NodeTable.FANOUT - 1)) + 1);
      for (; block < runEnd; block++) {
        put(map, leaf, NodeTable.indexOf(1, block), word, false);
      }
      settlePath(map);
    }
  }

  /**
   * Fills in the bytes that a partial write leaves as they were, and finds a place for blocks that
   * have none. It is called before anything is changed, after the capacity is claimed, because this
   * may fail and {@link #write} may not.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE or IO of the operating system's disk
   */
  public void complete(FileMap map, PreparedWrite write) {
    int last = write.values.length - 1;
    boolean isComplete = false;
    try {
      if (write.isUnplaced()) {
        place(map, write);
      }
      complete(map, write, 0);
      if (last > 0) {
        complete(map, write, last);
      }
      isComplete = true;
    } finally {
      if (!isComplete) { // also if the source could not be read
        ledger.settle();
      }
    }
  }

  private void place(FileMap map, PreparedWrite write) {
    for (int i = 0; i < write.values.length; i++) {
      if (write.isPayload[i]) {
        long old = shadow.privatePointer(map, write.firstBlock() + i);
        int block = (int) old;
        if (BlockTable.isPayload(old) && blocks.count(block) == 1 && shadow.settled(block)) {
          write.tryOverwrite(i, (int) blocks.value(block));
        }
      }
    }
    write.place();
  }

  private void complete(FileMap map, PreparedWrite write, int i) {
    if (!write.isPartial(i) || !write.isPayload[i]) {
      return;
    }
    long old = reader.find(map.root(), write.firstBlock() + i);
    ByteBuffer buffer = write.partial(i);
    int position = write.partialPosition(i);
    int tail = write.tail(i);
    reader.copyBlock(old, 0, buffer, position, write.head(i));
    reader.copyBlock(old, tail, buffer, position + tail, BlockTable.BLOCK_BYTES - tail);
    if (Words.isUniform(buffer, position)) {
      long word = Words.first(buffer, position);
      payload.freeOne(write.values[i]);
      write.becomeWord(i, word);
    } else {
      write.seal(i);
    }
  }

  /**
   * Makes a pointer of a private leaf lead to a value. Leaf 0 means the root of a tree of height 0.
   */
  private void put(FileMap map, int leaf, int index, long value, boolean isPayload) {
    int parent = leaf == 0 ? map.name() : leaf;
    long old = shadow.pointerAt(map, leaf, index);
    int block = (int) old;
    if (old == 0) {
      shadow.link(map, leaf, index, ledger.allocateBlock(map, value, isPayload, parent));
      ledger.capacity.use(1);
      mappedDelta++;
      ownDelta++;
    } else if (blocks.count(block) > 1) {
      shadow.link(map, leaf, index, ledger.allocateBlock(map, value, isPayload, parent));
      ledger.capacity.use(1);
      ownDelta++;
      ledger.leaves(map, block);
      ledger.removeBlockEdge(old, parent);
    } else if (BlockTable.isPayload(old) == isPayload && shadow.settled(block)) {
      long before = blocks.value(block);
      blocks.setValue(block, value);
      if (isPayload) {
        ledger.retirePayload((int) before);
      }
      ledger.moveCharge(block, map);
    } else {
      shadow.link(map, leaf, index, ledger.allocateBlock(map, value, isPayload, parent));
      blocks.setCount(block, 0);
      ledger.leaves(map, block);
      ledger.discard(old);
    }
  }

  /** Notes on the whole path what a run in one leaf changed. */
  private void settlePath(FileMap map) {
    int height = FileMap.height(map.root());
    if (mappedDelta != 0) {
      for (int level = 1; level <= height; level++) {
        nodes.setMapped(shadow.pathNode(level), nodes.mapped(shadow.pathNode(level)) + mappedDelta);
      }
      ledger.addMapped(map, mappedDelta);
      mappedDelta = 0;
    }
    if (ownDelta != 0) {
      for (int level = 1; level <= height; level++) {
        nodes.setOwn(shadow.pathNode(level), nodes.own(shadow.pathNode(level)) + ownDelta);
      }
      map.own += ownDelta;
      map.touch();
      ownDelta = 0;
    }
  }

  // ---------------------------------------------------------------- removal

  /** Unmaps whole blocks. It makes at most {@code 2 * MAX_HEIGHT} nodes. */
  public void remove(FileMap map, long from, long to) {
    long root = map.root();
    int height = FileMap.height(root);
    long end = Math.min(to, 1L << NodeTable.spanShift(height));
    if (reader.firstMapped(root, from, end) < 0) {
      return;
    }
    long removed;
    if (from == 0 && end == 1L << NodeTable.spanShift(height)) {
      removed = map.mapped;
    } else {
      int node = shadow.shadow(map, 0, 0, height, (int) FileMap.pointer(root));
      removed = truncate(map, node, height, from, end);
    }
    if (removed == map.mapped) {
      long whole = map.root();
      map.setRoot(0, 0);
      ledger.removeEdge(height, FileMap.pointer(whole), map.name());
    }
    ledger.addMapped(map, -removed);
  }

  /** Unmaps a range, counted from the node's first block. Returns how many were mapped. */
  private long truncate(FileMap map, int node, int level, long from, long to) {
    int shift = NodeTable.spanShift(level - 1);
    long removed = 0;
    for (long at = from >>> shift; at <= (to - 1) >>> shift; at++) {
      int index = (int) at;
      long pointer = nodes.pointer(node, index);
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
        pointer = shadow.shadow(map, node, index, level - 1, (int) pointer);
        removed += truncate(map, (int) pointer, level - 1, start, end);
        empty = nodes.mapped((int) pointer) == 0;
      }
      if (empty) {
        nodes.setPointer(node, index, 0);
        ledger.removeEdge(level - 1, pointer, node);
      }
    }
    nodes.setMapped(node, nodes.mapped(node) - removed);
    return removed;
  }

  // ---------------------------------------------------------------- grafting

  /** Says what to share, piece by piece. */
  interface Pieces {
    long pointer(int index);
  }

  /**
   * Replaces subtrees that lie side by side in one node.
   *
   * @param level of the subtrees; their node is one level higher, and exists or can be made
   * @param count at least 1, all in one node
   */
  void graft(FileMap map, long block, int level, long count, Pieces pieces) {
    int node = shadow.nodeFor(map, block, level + 1);
    int first = NodeTable.indexOf(level + 1, block);
    long gained = 0;
    for (int i = 0; i < count; i++) {
      long piece = pieces.pointer(i);
      long old = nodes.pointer(node, first + i);
      if (piece == old) {
        continue;
      }
      if (piece != 0) {
        ledger.addEdge(level, piece, node);
        gained += mappedBy(level, piece);
      }
      nodes.setPointer(node, first + i, piece);
      if (old != 0) {
        gained -= mappedBy(level, old);
        ledger.removeEdge(level, old, node);
      }
    }
    if (gained != 0) {
      for (int at = level + 1; at <= FileMap.height(map.root()); at++) {
        nodes.setMapped(shadow.pathNode(at), nodes.mapped(shadow.pathNode(at)) + gained);
      }
      ledger.addMapped(map, gained);
    }
  }

  private long mappedBy(int level, long pointer) {
    return level == 0 ? 1 : nodes.mapped((int) pointer);
  }
}
