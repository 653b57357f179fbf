/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.map;

import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.table.BlockTable;
import org.facsim.array.block.table.NodeTable;

/**
 * Finds which blocks of a map others hold, too, or which blocks two maps have in common. It walks
 * without a lock, inside an epoch. A subtree that both maps hold, or that several parents hold, is
 * not compared block by block, so a fresh clone costs a few nodes whatever its size.
 *
 * <p>While somebody writes, the ranges are not of one moment: each is what was there when the walk
 * came to it.
 */
public final class SharingWalk {
  private static final long BLOCK_BYTES = BlockTable.BLOCK_BYTES;

  private final NodeTable nodes;
  private final BlockTable blocks;
  private final HoldersVisitor visitor;

  /** How many nodes may still be looked into. */
  private int budget;

  /** The first block that is not told yet. */
  private long position;

  private boolean isStopped;
  private long endBlock;

  /**
   * @param maxNodes how many nodes one walk looks into at most, so that an epoch stays short
   */
  public SharingWalk(NodeTable nodes, BlockTable blocks, HoldersVisitor visitor, int maxNodes) {
    this.nodes = nodes;
    this.blocks = blocks;
    this.visitor = visitor;
    this.budget = maxNodes;
  }

  /**
   * Walks one map.
   *
   * @return the first block that was not told: {@code toBlock} if all were
   */
  public long one(long root, long fromBlock, long toBlock) {
    begin(fromBlock, toBlock);
    int height = FileMap.height(root);
    one(height, FileMap.pointer(root), 0, false, Holders.PRIVATE);
    return end(NodeTable.spanShift(height));
  }

  /**
   * Compares two maps.
   *
   * @return the first block that was not told: {@code toBlock} if all were
   */
  public long two(long first, long second, long fromBlock, long toBlock) {
    begin(fromBlock, toBlock);
    int height = Math.max(FileMap.height(first), FileMap.height(second));
    two(
        height,
        FileMap.pointer(first),
        FileMap.height(first),
        FileMap.pointer(second),
        FileMap.height(second),
        0);
    return end(NodeTable.spanShift(height));
  }

  private void begin(long fromBlock, long toBlock) {
    position = fromBlock;
    endBlock = toBlock;
    isStopped = fromBlock >= toBlock;
  }

  /** What is behind the largest block that the map can have is a hole. */
  private long end(int shift) {
    if (!isStopped && position >= 1L << shift) {
      tell(endBlock, Holders.HOLE);
    }
    return position;
  }

  /** Tells everything up to a block. */
  private void tell(long toBlock, Holders holders) {
    long to = Math.min(toBlock, endBlock);
    if (to > position) {
      isStopped =
          !visitor.visit(position * BLOCK_BYTES, (to - position) * BLOCK_BYTES, holders)
              || to == endBlock;
      position = to;
    }
  }

  private boolean isSkipped(int level, long base) {
    return isStopped || base >= endBlock || base + (1L << NodeTable.spanShift(level)) <= position;
  }

  /**
   * Walks a subtree of one map.
   *
   * @param isShared whether somebody else holds the subtree
   * @param mapped what blocks are called that nobody else holds
   */
  private void one(int level, long pointer, long base, boolean isShared, Holders mapped) {
    if (isSkipped(level, base)) {
      return;
    }
    long end = base + (1L << NodeTable.spanShift(level));
    if (pointer == 0) {
      tell(end, Holders.HOLE);
      return;
    }
    if (level == 0) {
      boolean others = isShared || (mapped == Holders.PRIVATE && blocks.count((int) pointer) > 1);
      tell(end, others ? Holders.SHARED : mapped);
      return;
    }
    int node = (int) pointer;
    boolean others = isShared || (mapped == Holders.PRIVATE && nodes.count(node) > 1);
    boolean isFull = nodes.mapped(node) == 1L << NodeTable.spanShift(level);
    if (isFull && (others || mapped != Holders.PRIVATE)) {
      tell(end, others ? Holders.SHARED : mapped);
      return;
    }
    if (budget-- <= 0) {
      isStopped = true;
      return;
    }
    long span = 1L << NodeTable.spanShift(level - 1);
    for (int index = first(base, span); index < NodeTable.FANOUT && !isStopped; index++) {
      one(level - 1, nodes.pointer(node, index), base + index * span, others, mapped);
    }
  }

  private int first(long base, long span) {
    return (int) Math.max(0, (position - base) / span);
  }

  /**
   * Walks two subtrees at one place. A map that is lower than {@code level} is the first child of
   * its place.
   */
  private void two(
      int level, long first, int firstHeight, long second, int secondHeight, long base) {
    if (isSkipped(level, base)) {
      return;
    }
    boolean isSame = first == second && firstHeight == secondHeight;
    if (first == 0 || second == 0 || (isSame && firstHeight == level)) {
      alone(level, first, firstHeight, second, secondHeight, base);
      return;
    }
    if (level == 0) {
      tell(base + 1, Holders.DIFFERENT);
      return;
    }
    if (budget-- <= 0) {
      isStopped = true;
      return;
    }
    long span = 1L << NodeTable.spanShift(level - 1);
    for (int index = first(base, span); index < NodeTable.FANOUT && !isStopped; index++) {
      two(
          level - 1,
          child(level, first, firstHeight, index),
          Math.min(firstHeight, level - 1),
          child(level, second, secondHeight, index),
          Math.min(secondHeight, level - 1),
          base + index * span);
    }
  }

  /** Where at most one of the maps has anything, or both have the same subtree. */
  private void alone(
      int level, long first, int firstHeight, long second, int secondHeight, long base) {
    if (first == second) {
      lower(level, first, firstHeight, base, Holders.SHARED);
    } else if (second == 0) {
      lower(level, first, firstHeight, base, Holders.FIRST);
    } else {
      lower(level, second, secondHeight, base, Holders.SECOND);
    }
  }

  /** Walks a map that may be lower than its place. */
  private void lower(int level, long pointer, int height, long base, Holders mapped) {
    one(Math.min(level, height), pointer, base, false, mapped);
    if (height < level && !isStopped) {
      tell(base + (1L << NodeTable.spanShift(level)), Holders.HOLE);
    }
  }

  private long child(int level, long pointer, int height, int index) {
    if (height < level) {
      return index == 0 ? pointer : 0;
    }
    return pointer == 0 ? 0 : nodes.pointer((int) pointer, index);
  }
}
