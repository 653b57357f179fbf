/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

/**
 * Answers how many blocks the deletion of a file would free, for a file that may hold a block at
 * two places, by deleting it on paper: take off the root's edge; whatever has lost as many edges as
 * it has, loses its children's. Nodes that own all that they map need no walk: beneath them
 * everything hangs on single edges.
 *
 * <p>Cost: one step per edge from the file's private nodes, and a table of 12 bytes for each thing
 * with several parents that was met.
 */
final class TrialDeletion {
  private final NodeTable nodes;
  private final BlockTable blocks;
  private final LossTable lostNodeEdges = new LossTable();
  private final LossTable lostBlockEdges = new LossTable();

  private TrialDeletion(NodeTable nodes, BlockTable blocks) {
    this.nodes = nodes;
    this.blocks = blocks;
  }

  static long of(NodeTable nodes, BlockTable blocks, long root) {
    return new TrialDeletion(nodes, blocks).lose(FileMap.height(root), FileMap.pointer(root));
  }

  /** How many blocks would be free if all these files were deleted. */
  static long ofAll(NodeTable nodes, BlockTable blocks, Iterable<FileMap> files) {
    TrialDeletion trial = new TrialDeletion(nodes, blocks);
    long freed = 0;
    for (FileMap file : files) {
      freed += trial.lose(FileMap.height(file.root()), FileMap.pointer(file.root()));
    }
    return freed;
  }

  /**
   * How many blocks would be free if a range were unmapped: those that nothing outside it refers
   * to. A node that is held twice and lies partly in the range counts as referred to from outside.
   */
  static long ofRange(NodeTable nodes, BlockTable blocks, long root, long from, long to) {
    int height = FileMap.height(root);
    long end = Math.min(to, 1L << MapReader.spanShift(height));
    TrialDeletion trial = new TrialDeletion(nodes, blocks);
    return from < end ? trial.loseRange(height, FileMap.pointer(root), from, end) : 0;
  }

  private long loseRange(int level, long pointer, long from, long to) {
    if (pointer == 0 || (from == 0 && to == 1L << MapReader.spanShift(level))) {
      return lose(level, pointer);
    }
    if (nodes.count((int) pointer) > 1) {
      return 0;
    }
    int shift = MapReader.spanShift(level - 1);
    long freed = 0;
    for (long slot = from >>> shift; slot <= (to - 1) >>> shift; slot++) {
      long base = slot << shift;
      long start = Math.max(0, from - base);
      long end = Math.min(1L << shift, to - base);
      freed += loseRange(level - 1, nodes.slot((int) pointer, (int) slot), start, end);
    }
    return freed;
  }

  /** Takes an edge off a thing. Returns how many blocks that frees. */
  private long lose(int level, long pointer) {
    if (pointer == 0) {
      return 0;
    }
    int id = (int) pointer;
    if (level == 0) {
      int count = blocks.count(id);
      return count == 1 || lostBlockEdges.increment(id) == count ? 1 : 0;
    }
    int count = nodes.count(id);
    if (count > 1 && lostNodeEdges.increment(id) < count) {
      return 0;
    }
    if (nodes.own(id) == nodes.mapped(id)) {
      return nodes.own(id);
    }
    long freed = 0;
    for (int slot = 0; slot < NodeTable.FANOUT; slot++) {
      freed += lose(level - 1, nodes.slot(id, slot));
    }
    return freed;
  }

  /** Counts by number: open addressing, keys and counts side by side, 0 is an empty place. */
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
