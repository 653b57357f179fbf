/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.ledger;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.facsim.array.block.table.BlockTable;
import org.facsim.array.block.table.NodeTable;
import org.facsim.array.block.table.RecordTable;

/**
 * Answers how many blocks the deletion of a file would free, for a file that may hold a block at
 * two places. It deletes the file on paper: it takes off the root's edge, and whatever has lost all
 * its edges also loses the edges to its children. Nodes that own everything that they map need no
 * walk, because beneath them everything hangs on single edges.
 *
 * <h2>Two passes</h2>
 *
 * The first pass walks only nodes, and notes the leaves that would go. The second pass looks at the
 * blocks of these leaves. A block with one edge is free. A block with two edges hangs on this leaf
 * and on the leaf that the XOR of its parents names, so it is free if that leaf would go, too. It
 * needs no counting, and each such block is met twice. Only these blocks are counted: those with
 * three or more edges, those that hang directly on a file, and those of a leaf that goes in part.
 *
 * <p>It costs a few nanoseconds for each pointer of a leaf that goes, one bit for each node of the
 * volume, and a table with 12 bytes for each thing that had to be counted. The volume's lock guards
 * it.
 */
public final class TrialDeletion {
  private final NodeTable nodes;
  private final BlockTable blocks;
  private final LossTable lostNodeEdges = new LossTable();
  private final LossTable lostBlockEdges = new LossTable();

  /** The leaves that lose every edge. */
  private int[] leaves = new int[16];

  private int leafCount;

  /**
   * The same leaves as a set, with one bit for each node up to the greatest. It is made when all
   * are known.
   */
  private long[] isLost = {};

  /** Leaves that lose only some pointers. A range has two ends, so there are at most two. */
  private int firstPartialLeaf;

  private int lastPartialLeaf;
  private long freed;

  private TrialDeletion(NodeTable nodes, BlockTable blocks) {
    this.nodes = nodes;
    this.blocks = blocks;
  }

  public static long of(NodeTable nodes, BlockTable blocks, long root) {
    TrialDeletion trial = new TrialDeletion(nodes, blocks);
    trial.lose(FileMap.height(root), FileMap.pointer(root));
    return trial.answer();
  }

  /** Returns how many blocks would be free if all these files were deleted. */
  public static long ofAll(NodeTable nodes, BlockTable blocks, Iterable<FileMap> files) {
    TrialDeletion trial = new TrialDeletion(nodes, blocks);
    for (FileMap file : files) {
      trial.lose(FileMap.height(file.root()), FileMap.pointer(file.root()));
    }
    return trial.answer();
  }

  /**
   * Returns how many blocks would be free if a range were unmapped, because nothing outside the
   * range refers to them. A node that is held twice and is only partly in the range counts as
   * referred to from outside.
   */
  public static long ofRange(NodeTable nodes, BlockTable blocks, long root, long from, long to) {
    int height = FileMap.height(root);
    long end = Math.min(to, 1L << NodeTable.spanShift(height));
    TrialDeletion trial = new TrialDeletion(nodes, blocks);
    if (from < end) {
      trial.loseRange(height, FileMap.pointer(root), from, end);
    }
    return trial.answer();
  }

  // ---------------------------------------------------------------- nodes

  private void loseRange(int level, long pointer, long from, long to) {
    if (pointer == 0 || (from == 0 && to == 1L << NodeTable.spanShift(level))) {
      lose(level, pointer);
      return;
    }
    int node = (int) pointer;
    if (nodes.count(node) > 1) {
      return;
    }
    if (level == 1) {
      losePart(node, (int) from, (int) to);
      return;
    }
    int shift = NodeTable.spanShift(level - 1);
    for (long index = from >>> shift; index <= (to - 1) >>> shift; index++) {
      long base = index << shift;
      long start = Math.max(0, from - base);
      long end = Math.min(1L << shift, to - base);
      loseRange(level - 1, nodes.pointer(node, (int) index), start, end);
    }
  }

  /** Takes an edge off a thing. */
  private void lose(int level, long pointer) {
    if (pointer == 0) {
      return;
    }
    int id = (int) pointer;
    if (level == 0) {
      loseCounted(id);
      return;
    }
    int count = nodes.count(id);
    if (count > 1 && lostNodeEdges.increment(id) < count) {
      return;
    }
    if (nodes.own(id) == nodes.mapped(id)) {
      freed += nodes.own(id);
    } else if (level == 1) {
      noteLeaf(id);
    } else {
      for (int index = 0; index < NodeTable.FANOUT; index++) {
        lose(level - 1, nodes.pointer(id, index));
      }
    }
  }

  private void noteLeaf(int leaf) {
    if (leafCount == leaves.length) {
      leaves = Arrays.copyOf(leaves, leafCount * 2);
    }
    leaves[leafCount++] = leaf;
  }

  private void losePart(int leaf, int from, int to) {
    if (firstPartialLeaf == 0) {
      firstPartialLeaf = leaf;
    } else {
      lastPartialLeaf = leaf;
    }
    for (int index = from; index < to; index++) {
      lose(0, nodes.pointer(leaf, index));
    }
  }

  // ---------------------------------------------------------------- blocks

  /** Takes an edge off a block whose other edges are also lost one by one, or not at all. */
  private void loseCounted(int block) {
    int count = blocks.count(block);
    if (count == 1 || lostBlockEdges.increment(block) == count) {
      freed++;
    }
  }

  private long answer() {
    markLeaves();
    long edgesOfPairs = 0;
    for (int i = 0; i < leafCount; i++) {
      edgesOfPairs += loseBlocks(leaves[i]);
    }
    return freed + edgesOfPairs / 2;
  }

  private void markLeaves() {
    int greatest = 0;
    for (int i = 0; i < leafCount; i++) {
      greatest = Math.max(greatest, leaves[i]);
    }
    isLost = new long[(greatest >>> 6) + 1];
    for (int i = 0; i < leafCount; i++) {
      isLost[leaves[i] >>> 6] |= 1L << leaves[i];
    }
  }

  private boolean isLost(int leaf) {
    return leaf >>> 6 < isLost.length && (isLost[leaf >>> 6] & 1L << leaf) != 0;
  }

  /** Returns how many edges of blocks go whose two leaves both go. */
  private long loseBlocks(int leaf) {
    ByteBuffer slab = nodes.slab(leaf);
    int body = nodes.body(leaf);
    long edgesOfPairs = 0;
    int seen = 0; // neighbours mostly share their other leaf, too
    boolean seenIsLost = false;
    for (int at = body; at < body + NodeTable.BODY_BYTES; at += Long.BYTES) {
      int block = (int) (long) RecordTable.LONG.get(slab, at);
      if (block == 0) {
        continue;
      }
      ByteBuffer entries = blocks.slab(block);
      int entry = blocks.head(block);
      int other = BlockTable.parentsAt(entries, entry) ^ leaf;
      if (BlockTable.countAt(entries, entry) != 2 || (other != seen && isCounted(other))) {
        loseCounted(block);
        continue;
      }
      if (other != seen) {
        seen = other;
        seenIsLost = isLost(other);
      }
      if (seenIsLost) {
        edgesOfPairs++;
      }
    }
    return edgesOfPairs;
  }

  /**
   * Whether lost edges of a block to this parent are counted, because it is a file or a leaf that
   * goes in part.
   */
  private boolean isCounted(int parent) {
    return parent < 0 || parent == firstPartialLeaf || parent == lastPartialLeaf;
  }

  /**
   * Counts by number, with open addressing. Keys and counts are side by side, and 0 is an empty
   * place.
   */
  private static final class LossTable {
    private int[] cells = new int[2 * 64];
    private int size;

    /** Counts one more. Returns the count. */
    int increment(int key) {
      if (size * 2 > cells.length / 2) {
        grow();
      }
      int at = place(cells, key);
      if (cells[at] == 0) {
        cells[at] = key;
        size++;
      }
      return ++cells[at + 1];
    }

    private static int place(int[] cells, int key) {
      int mask = cells.length / 2 - 1;
      int at = ((key * 0x9E3779B9) >>> 7) & mask;
      while (cells[2 * at] != 0 && cells[2 * at] != key) {
        at = (at + 1) & mask;
      }
      return 2 * at;
    }

    private void grow() {
      int[] grown = new int[cells.length * 2];
      for (int i = 0; i < cells.length; i += 2) {
        if (cells[i] != 0) {
          int at = place(grown, cells[i]);
          grown[at] = cells[i];
          grown[at + 1] = cells[i + 1];
        }
      }
      cells = grown;
    }
  }
}
