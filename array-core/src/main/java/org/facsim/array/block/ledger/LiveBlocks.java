/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.ledger;

import java.util.BitSet;
import org.facsim.array.block.table.BlockTable;
import org.facsim.array.block.table.NodeTable;

/**
 * Counts which of the blocks charged to a file the file maps itself: its live part. Only its
 * snapshots and clones hold the others. The volume's lock guards it.
 *
 * <p>{@link FileMap#live} follows each write. When whole subtrees come or go, the figure is often
 * clear all the same: a file that is charged for nothing has no live blocks, and a file that is
 * charged for everything that it maps stays so when it is truncated. A small truncation is counted.
 * Otherwise the figure is unknown until somebody asks, and then the map is walked once. A file that
 * may hold a block twice is walked again whenever the volume has changed.
 */
public final class LiveBlocks {
  /** Truncations of up to this many blocks are counted at once. */
  private static final long MAX_COUNTED_BLOCKS = 4096;

  private final NodeTable nodes;
  private final BlockTable blocks;

  public LiveBlocks(NodeTable nodes, BlockTable blocks) {
    this.nodes = nodes;
    this.blocks = blocks;
  }

  public long of(FileMap map, long version) {
    if (map.charged == 0) {
      map.live = 0;
      map.liveKnown = true;
      return 0;
    }
    if (map.displaced) {
      if (map.extra().liveVersion != version) {
        map.extra().liveAnswer = count(map, 0, Long.MAX_VALUE, new BitSet());
        map.extra().liveVersion = version;
      }
      return map.extra().liveAnswer;
    }
    if (!map.liveKnown) {
      map.live = count(map, 0, Long.MAX_VALUE, null);
      map.liveKnown = true;
    }
    return map.live;
  }

  /** Counts what a truncation takes away, before it happens. */
  public long inTruncated(FileMap map, long from, long to) {
    if (map.displaced || !map.liveKnown || map.live == 0 || map.live == map.mapped) {
      return 0;
    }
    if (to - from > MAX_COUNTED_BLOCKS) {
      map.liveKnown = false;
      return 0;
    }
    return count(map, from, to, null);
  }

  /**
   * Notes a truncation after it happened, with the answer of {@link #inTruncated} and the blocks
   * mapped before.
   */
  public void truncated(FileMap map, long taken, long mappedBefore) {
    if (map.liveKnown && !map.displaced && map.mapped > 0) { // an empty file is settled already
      map.live = map.live == mappedBefore ? map.mapped : map.live - taken;
    }
  }

  /** Notes that whole subtrees were replaced. */
  public void replaced(FileMap map) {
    if (map.charged == 0 || map.mapped == 0) {
      map.live = 0;
      map.liveKnown = true;
    } else {
      map.liveKnown = false;
    }
  }

  private long count(FileMap map, long from, long to, BitSet seen) {
    int height = FileMap.height(map.root());
    long end = Math.min(to, 1L << NodeTable.spanShift(height));
    return count(map.number, height, FileMap.pointer(map.root()), from, end, seen);
  }

  private long count(int owner, int level, long pointer, long from, long to, BitSet seen) {
    if (pointer == 0 || from >= to) {
      return 0;
    }
    int id = (int) pointer;
    if (level == 0) {
      boolean again = seen != null && seen.get(id);
      if (seen != null) {
        seen.set(id);
      }
      return blocks.owner(id) == owner && !again ? 1 : 0;
    }
    int shift = NodeTable.spanShift(level - 1);
    long sum = 0;
    for (long index = from >>> shift; index <= (to - 1) >>> shift; index++) {
      long base = index << shift;
      sum +=
          count(
              owner,
              level - 1,
              nodes.pointer(id, (int) index),
              Math.max(0, from - base),
              Math.min(1L << shift, to - base),
              seen);
    }
    return sum;
  }
}
