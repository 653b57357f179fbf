/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.map;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.ledger.Ledger;
import org.facsim.array.block.table.BlockTable;
import org.facsim.array.block.table.NodeTable;

/**
 * Shares a range of blocks between files, atomically for readers.
 *
 * <p>The new tree of the destination is built aside. A draft file starts as a clone of the
 * destination, so every node that the draft changes is shared and therefore copied, and nothing
 * that a reader of the destination sees moves. Where source and destination are congruent (the same
 * offset within the subtree), whole subtrees are shared. The rest goes block by block, one leaf at
 * a time. Then one store makes the draft's root the destination's, and the old tree is deleted like
 * any other.
 *
 * <p>Source and destination may be one file, because its own tree does not change until the end.
 *
 * <p>If a file takes blocks to other offsets than the source has them at, it may hold one block
 * twice in the end. Such a file is flagged {@link FileMap#displaced}, and so is a file that takes
 * blocks from a flagged one. The flag is removed when the file is empty, which is decided after the
 * exchange and never on the draft.
 */
public final class RangeClone {
  private final Ledger ledger;
  private final NodeTable nodes;
  private final MapReader reader;
  private final MapWriter writer;
  private final Shadow shadow;

  public RangeClone(Ledger ledger, MapReader reader, MapWriter writer, Shadow shadow) {
    this.ledger = ledger;
    this.nodes = ledger.nodes;
    this.reader = reader;
    this.writer = writer;
    this.shadow = shadow;
  }

  public static void requireValid(
      FileMap source,
      long sourceOffsetBytes,
      FileMap destination,
      long destinationOffsetBytes,
      long lengthBytes) {
    MapReader.checkRange(sourceOffsetBytes, lengthBytes);
    MapReader.checkRange(destinationOffsetBytes, lengthBytes);
    if ((sourceOffsetBytes | destinationOffsetBytes | lengthBytes) % BlockTable.BLOCK_BYTES != 0) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT,
          "clone of %d bytes from %d to %d: all must be multiples of %d"
              .formatted(
                  lengthBytes, sourceOffsetBytes, destinationOffsetBytes, BlockTable.BLOCK_BYTES));
    }
    if (source == destination
        && Math.abs(sourceOffsetBytes - destinationOffsetBytes) < lengthBytes) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT,
          "clone of %d bytes from %d to %d of one file overlaps"
              .formatted(lengthBytes, sourceOffsetBytes, destinationOffsetBytes));
    }
  }

  /**
   * Shares a range. The arguments are checked already and are in blocks, and the count is at least
   * 1.
   */
  public void share(FileMap source, long from, FileMap destination, long to, long count) {
    nodes.ensure(nodesFor(source, from, to, count));
    FileMap draft = ledger.files.create();
    attach(draft, destination.root(), destination.mapped);
    build(source.root(), from, draft, to, count);
    boolean displaced = destination.displaced || source.displaced || from != to;
    exchange(draft, destination);
    destination.displaced = destination.mapped > 0 && displaced;
  }

  private void attach(FileMap draft, long root, long mapped) {
    draft.setRoot(FileMap.pointer(root), FileMap.height(root));
    if (FileMap.pointer(root) != 0) {
      ledger.addEdge(FileMap.height(root), FileMap.pointer(root), draft.name());
    }
    ledger.addMapped(draft, mapped);
  }

  /** Makes the draft's tree the destination's, and forgets the draft. */
  private void exchange(FileMap draft, FileMap destination) {
    long built = draft.root();
    long replaced = destination.root();
    destination.setRoot(FileMap.pointer(built), FileMap.height(built));
    if (FileMap.pointer(built) != 0) {
      ledger.moveEdge(
          FileMap.height(built), FileMap.pointer(built), draft.name(), destination.name());
    }
    if (FileMap.pointer(replaced) != 0) {
      ledger.removeEdge(FileMap.height(replaced), FileMap.pointer(replaced), destination.name());
    }
    ledger.addMapped(destination, draft.mapped - destination.mapped);
    ledger.addMapped(draft, -draft.mapped);
    draft.setRoot(0, 0);
    ledger.releaseFile(draft);
  }

  private void build(long sourceRoot, long from, FileMap draft, long to, long count) {
    int height = Math.max(1, Shadow.heightFor(to + count - 1));
    int greatest = Math.min(FileMap.height(sourceRoot), height - 1);
    long done = 0;
    while (done < count) {
      int level = 0;
      while (level < greatest && isWholeSubtree(level + 1, from + done, to + done, count - done)) {
        level++;
      }
      if (subtree(sourceRoot, from + done, level) == 0) {
        long data = reader.firstMapped(sourceRoot, from + done, from + count);
        long hole = data < 0 ? count - done : wholeSpans(level, data - from - done);
        writer.remove(draft, to + done, to + done + hole);
        done += hole;
      } else {
        shadow.grow(draft, Math.max(to + count - 1, 1));
        done += shareRun(sourceRoot, from + done, draft, to + done, count - done, level);
      }
    }
  }

  /**
   * Shares one subtree, or all blocks up to the end of the range or of either leaf. Returns how
   * many blocks that covers.
   */
  private long shareRun(long root, long from, FileMap draft, long to, long count, int level) {
    if (level > 0 || FileMap.height(root) == 0) {
      long piece = subtree(root, from, level);
      writer.graft(draft, to, level, 1, i -> piece);
      return 1L << NodeTable.spanShift(level);
    }
    int leaf = (int) subtree(root, from, 1);
    int first = NodeTable.indexOf(1, from);
    int room = NodeTable.FANOUT - Math.max(first, NodeTable.indexOf(1, to));
    long run = Math.min(count, room);
    writer.graft(draft, to, 0, run, i -> nodes.pointer(leaf, first + i));
    return run;
  }

  private static long wholeSpans(int level, long count) {
    int shift = NodeTable.spanShift(level);
    return (count >>> shift) << shift;
  }

  private static boolean isWholeSubtree(int level, long from, long to, long count) {
    long span = 1L << NodeTable.spanShift(level);
    return count >= span && ((from | to) & (span - 1)) == 0;
  }

  /** Returns what the source has at a level above a block. */
  private long subtree(long root, long block, int level) {
    int at = FileMap.height(root);
    long pointer = FileMap.pointer(root);
    if (block >>> NodeTable.spanShift(at) != 0) {
      return 0;
    }
    while (at > level && pointer != 0) {
      pointer = nodes.pointer((int) pointer, NodeTable.indexOf(at, block));
      at--;
    }
    return pointer;
  }

  /**
   * The most nodes that are made. If the range is congruent, these are the nodes at its edges.
   * Otherwise, they are all nodes that the range spans, but not more than the source's blocks can
   * fill.
   */
  private static long nodesFor(FileMap source, long from, long to, long count) {
    long sum = 4L * NodeTable.MAX_HEIGHT;
    for (int level = 1; level <= NodeTable.MAX_HEIGHT; level++) {
      int shift = NodeTable.spanShift(level);
      if (((from ^ to) & ((1L << shift) - 1)) == 0) {
        sum += 2;
      } else {
        long spanned = ((to + count - 1) >>> shift) - (to >>> shift) + 1;
        sum += Math.min(spanned, 2 * source.mapped + 2);
      }
    }
    return sum;
  }
}
