/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.map;

import java.nio.ByteBuffer;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.payload.Payload;
import org.facsim.array.block.payload.PinnedBytes;
import org.facsim.array.block.table.BlockTable;
import org.facsim.array.block.table.NodeTable;
import org.facsim.array.block.table.Words;

/**
 * Walks block maps without a lock, inside an epoch (or with the lock): reads bytes, finds data and
 * holes. A subtree of level L covers 256^L blocks; level 0 is a block.
 */
public final class MapReader {
  private static final int BLOCK_SHIFT = 12;
  private static final int BLOCK_BYTES = BlockTable.BLOCK_BYTES;

  /** The end of the largest map: 16 TiB. */
  public static final long MAX_BYTES =
      (long) BLOCK_BYTES << NodeTable.spanShift(NodeTable.MAX_HEIGHT);

  private final NodeTable nodes;
  private final BlockTable blocks;
  private final Payload payload;

  public MapReader(NodeTable nodes, BlockTable blocks, Payload payload) {
    this.nodes = nodes;
    this.blocks = blocks;
    this.payload = payload;
  }

  /** Fills what remains in {@code target}, and moves its position to its limit. */
  public void read(long root, long offsetBytes, ByteBuffer target) {
    int position = target.position();
    int limit = target.limit();
    long at = offsetBytes;
    while (position < limit) {
      int count = readRun(root, at, target, position, limit);
      position += count;
      at += count;
    }
    target.position(limit);
  }

  /**
   * Pins a range where it lies. Returns null if some of it has to be copied, because a block is one
   * repeated word, or is being replaced just now.
   */
  public PinnedBytes pin(long root, long offsetBytes, int lengthBytes) {
    long end = offsetBytes + lengthBytes;
    long firstBlock = offsetBytes >>> BLOCK_SHIFT;
    PinnedBytes pinned =
        new PinnedBytes(payload, (int) (((end - 1) >>> BLOCK_SHIFT) - firstBlock) + 1);
    for (long at = offsetBytes; at < end; ) {
      int count = pinRun(root, at, (int) (end - at), pinned);
      if (count == 0) {
        pinned.close();
        return null;
      }
      at += count;
    }
    return pinned;
  }

  /** Pins up to the end of one leaf or one hole. Returns how many bytes, 0 if it cannot. */
  private int pinRun(long root, long at, int room, PinnedBytes pinned) {
    long block = at >>> BLOCK_SHIFT;
    int level = FileMap.height(root);
    long pointer = FileMap.pointer(root);
    if (block >>> NodeTable.spanShift(level) != 0) {
      pinned.addZeros(room);
      return room;
    }
    while (level > 1 && pointer != 0) {
      pointer = nodes.pointer((int) pointer, NodeTable.indexOf(level, block));
      level--;
    }
    if (pointer == 0) {
      long holeEnd = ((block >>> NodeTable.spanShift(level)) + 1) << NodeTable.spanShift(level);
      int count = (int) Math.min(room, (holeEnd << BLOCK_SHIFT) - at);
      pinned.addZeros(count);
      return count;
    }
    int pointers = level == 0 ? 1 : NodeTable.FANOUT - NodeTable.indexOf(1, block);
    int done = 0;
    for (int i = 0; i < pointers && done < room; i++) {
      long found =
          level == 0 ? pointer : nodes.pointer((int) pointer, NodeTable.indexOf(1, block) + i);
      int skip = (int) (at + done) & (BLOCK_BYTES - 1);
      int count = Math.min(room - done, BLOCK_BYTES - skip);
      if (!pinBlock(found, skip, count, pinned)) {
        return 0;
      }
      done += count;
    }
    return done;
  }

  private boolean pinBlock(long pointer, int skip, int lengthBytes, PinnedBytes pinned) {
    if (pointer == 0) {
      pinned.addZeros(lengthBytes);
      return true;
    }
    return BlockTable.isPayload(pointer)
        && pinned.addSlot((int) blocks.value((int) pointer), skip, lengthBytes);
  }

  /** Reads up to the end of one leaf or one hole. Returns how many bytes. */
  private int readRun(long root, long at, ByteBuffer target, int position, int limit) {
    long block = at >>> BLOCK_SHIFT;
    int level = FileMap.height(root);
    long pointer = FileMap.pointer(root);
    int room = limit - position;
    if (block >>> NodeTable.spanShift(level) != 0) {
      Words.zero(target, position, room);
      return room;
    }
    while (level > 1 && pointer != 0) {
      pointer = nodes.pointer((int) pointer, NodeTable.indexOf(level, block));
      level--;
    }
    if (pointer == 0) {
      long holeEnd = ((block >>> NodeTable.spanShift(level)) + 1) << NodeTable.spanShift(level);
      int count = (int) Math.min(room, (holeEnd << BLOCK_SHIFT) - at);
      Words.zero(target, position, count);
      return count;
    }
    if (level == 0) {
      return readBlock(pointer, at, target, position, room);
    }
    int done = 0;
    int index = NodeTable.indexOf(1, block);
    while (index < NodeTable.FANOUT && done < room) {
      int run = 0;
      if (payload.gathers() && (at + done) % BLOCK_BYTES == 0) {
        run = readNeighbours((int) pointer, index, target, position + done, room - done);
        done += run * BLOCK_BYTES;
        index += run;
      }
      if (run == 0) {
        long found = nodes.pointer((int) pointer, index);
        done += readBlock(found, at + done, target, position + done, room - done);
        index++;
      }
    }
    return done;
  }

  /** Reads whole blocks whose payload lies side by side. Returns how many. */
  private int readNeighbours(int leaf, int first, ByteBuffer target, int position, int room) {
    int most = Math.min(room / BLOCK_BYTES, NodeTable.FANOUT - first);
    long[] values = new long[most];
    int count = 0;
    while (count < most) {
      long pointer = nodes.pointer(leaf, first + count);
      if (!BlockTable.isPayload(pointer)) {
        break;
      }
      values[count] = blocks.value((int) pointer);
      if (count > 0 && (int) values[count] != (int) values[count - 1] + 1) {
        break;
      }
      count++;
    }
    if (count > 0) {
      payload.copyRun(values, count, target, position);
    }
    return count;
  }

  private int readBlock(long pointer, long at, ByteBuffer target, int position, int room) {
    int skip = (int) at & (BlockTable.BLOCK_BYTES - 1);
    int count = Math.min(room, BlockTable.BLOCK_BYTES - skip);
    copyBlock(pointer, skip, target, position, count);
    return count;
  }

  /** Copies a part of the block that a leaf pointer names. The pointer 0 is a hole. */
  public void copyBlock(long pointer, int skip, ByteBuffer target, int position, int lengthBytes) {
    if (pointer == 0) {
      Words.zero(target, position, lengthBytes);
      return;
    }
    long value = blocks.value((int) pointer);
    if (BlockTable.isPayload(pointer)) {
      payload.copyOut(value, skip, target, position, lengthBytes);
    } else {
      Words.fill(target, position, lengthBytes, value, skip & (Long.BYTES - 1));
    }
  }

  /** Returns the leaf pointer of a block, or 0. */
  public long find(long root, long block) {
    return above(root, block, 0);
  }

  /** Returns the leaf above a block, or 0 if it has none. */
  public int leaf(long root, long block) {
    return FileMap.height(root) == 0 ? 0 : (int) above(root, block, 1);
  }

  /** Returns the pointer to what is above a block at a level of the tree, or 0. */
  private long above(long root, long block, int wantedLevel) {
    int level = FileMap.height(root);
    long pointer = FileMap.pointer(root);
    if (block >>> NodeTable.spanShift(level) != 0) {
      return 0;
    }
    while (level > wantedLevel && pointer != 0) {
      pointer = nodes.pointer((int) pointer, NodeTable.indexOf(level, block));
      level--;
    }
    return pointer;
  }

  /** Returns how many blocks of a range are mapped. Looks into the subtrees at its edges only. */
  public long countMapped(long root, long from, long to) {
    int height = FileMap.height(root);
    long end = Math.min(to, 1L << NodeTable.spanShift(height));
    return countMapped(height, FileMap.pointer(root), from, end);
  }

  /** The same, counted from the subtree's first block. */
  private long countMapped(int level, long pointer, long from, long to) {
    if (pointer == 0 || from >= to) {
      return 0;
    }
    if (level == 0) {
      return 1;
    }
    if (from == 0 && to == 1L << NodeTable.spanShift(level)) {
      return nodes.mapped((int) pointer);
    }
    int shift = NodeTable.spanShift(level - 1);
    long sum = 0;
    for (long index = from >>> shift; index <= (to - 1) >>> shift; index++) {
      long base = index << shift;
      sum +=
          countMapped(
              level - 1,
              nodes.pointer((int) pointer, (int) index),
              Math.max(0, from - base),
              Math.min(1L << shift, to - base));
    }
    return sum;
  }

  /** Returns the first mapped block in a range of a whole map, or -1. */
  public long firstMapped(long root, long from, long to) {
    int height = FileMap.height(root);
    long end = Math.min(to, 1L << NodeTable.spanShift(height));
    return firstMapped(height, FileMap.pointer(root), from, end);
  }

  /** Returns the first mapped block in a range, counted from the subtree's first block, or -1. */
  public long firstMapped(int level, long pointer, long from, long to) {
    if (pointer == 0 || from >= to) {
      return -1;
    }
    if (level == 0) {
      return 0;
    }
    int shift = NodeTable.spanShift(level - 1);
    for (long index = from >>> shift; index <= (to - 1) >>> shift; index++) {
      long child = nodes.pointer((int) pointer, (int) index);
      if (child != 0) {
        long base = index << shift;
        long found =
            firstMapped(
                level - 1, child, Math.max(0, from - base), Math.min(1L << shift, to - base));
        if (found >= 0) {
          return base + found;
        }
      }
    }
    return -1;
  }

  /** Returns the first block in a range that is not mapped, or {@code to} if all are mapped. */
  public long firstHole(long root, long from, long to) {
    int height = FileMap.height(root);
    long end = Math.min(to, 1L << NodeTable.spanShift(height));
    if (from >= end) {
      return from;
    }
    return firstHole(height, FileMap.pointer(root), from, end);
  }

  private long firstHole(int level, long pointer, long from, long to) {
    if (pointer == 0) {
      return from;
    }
    if (level == 0 || nodes.mapped((int) pointer) == 1L << NodeTable.spanShift(level)) {
      return to;
    }
    int shift = NodeTable.spanShift(level - 1);
    for (long index = from >>> shift; index <= (to - 1) >>> shift; index++) {
      long base = index << shift;
      long start = Math.max(0, from - base);
      long end = Math.min(1L << shift, to - base);
      long hole = firstHole(level - 1, nodes.pointer((int) pointer, (int) index), start, end);
      if (hole < end) {
        return base + hole;
      }
    }
    return to;
  }

  /**
   * Refuses a range that no file can have.
   *
   * @throws ArrayException FILE_TOO_LARGE if a range ends beyond {@link #MAX_BYTES}
   */
  public static void checkRange(long offsetBytes, long lengthBytes) {
    if (offsetBytes < 0 || lengthBytes < 0 || offsetBytes > MAX_BYTES - lengthBytes) {
      throw new ArrayException(
          ArrayError.FILE_TOO_LARGE,
          "%d bytes at %d, a file ends at %d".formatted(lengthBytes, offsetBytes, MAX_BYTES));
    }
  }
}
