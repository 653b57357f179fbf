/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.ledger;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.facsim.array.block.memory.MetadataAccount;

/**
 * The blocks of one file that were promised space: a set of block numbers, kept as disjoint,
 * non-adjacent ranges. A promise is used up by the write that takes its block.
 *
 * <p>It stands beside the tree, not in it: promises are private by nature, trees are shared. Its
 * cost is one entry per run, so random writes into a large promised range cost heap; it is charged
 * to the volume.
 */
public final class Reservations {
  /** What the entry of a range takes of the heap, with its two numbers. */
  public static final int RANGE_BYTES = 40 + 2 * 24;

  private final MetadataAccount metadata;

  /** First block to end (exclusive). */
  private final TreeMap<Long, Long> ranges = new TreeMap<>();

  private long count;

  /**
   * @param metadata what ranges are charged to
   */
  Reservations(MetadataAccount metadata) {
    this.metadata = metadata;
  }

  public long count() {
    return count;
  }

  public Reservations copy() {
    Reservations copy = new Reservations(metadata);
    copy.ranges.putAll(ranges);
    copy.charge(0);
    copy.count = count;
    return copy;
  }

  /** Nobody has these promises any more. */
  void close() {
    metadata.charge(-(long) ranges.size() * RANGE_BYTES);
  }

  private void charge(int rangesBefore) {
    metadata.charge((ranges.size() - rangesBefore) * (long) RANGE_BYTES);
  }

  /**
   * Whether the same blocks are reserved.
   *
   * @param other null for none
   */
  public boolean isSameAs(Reservations other) {
    return other == null ? count == 0 : ranges.equals(other.ranges);
  }

  public int rangeCount() {
    return ranges.size();
  }

  public void forEach(BiConsumer<Long, Long> range) {
    ranges.forEach(range);
  }

  boolean contains(long block) {
    Map.Entry<Long, Long> range = ranges.floorEntry(block);
    return range != null && block < range.getValue();
  }

  /** How many blocks of the range are in the set. */
  public long countIn(long from, long to) {
    long sum = 0;
    Map.Entry<Long, Long> range = ranges.floorEntry(from);
    if (range == null) {
      range = ranges.higherEntry(from);
    }
    while (range != null && range.getKey() < to) {
      sum += Math.max(0, Math.min(to, range.getValue()) - Math.max(from, range.getKey()));
      range = ranges.higherEntry(range.getKey());
    }
    return sum;
  }

  /** Returns how many blocks are new in the set. */
  public long add(long from, long to) {
    if (from >= to) {
      return 0;
    }
    int rangesBefore = ranges.size();
    long before = count;
    long start = from;
    long end = to;
    Map.Entry<Long, Long> range = ranges.floorEntry(end);
    while (range != null && range.getValue() >= start) {
      start = Math.min(start, range.getKey());
      end = Math.max(end, range.getValue());
      count -= range.getValue() - range.getKey();
      ranges.remove(range.getKey());
      range = ranges.floorEntry(end);
    }
    ranges.put(start, end);
    count += end - start;
    charge(rangesBefore);
    return count - before;
  }

  /** Returns how many blocks left the set. */
  public long remove(long from, long to) {
    if (from >= to) {
      return 0;
    }
    int rangesBefore = ranges.size();
    long before = count;
    Map.Entry<Long, Long> range = ranges.lowerEntry(to);
    while (range != null && range.getValue() > from) {
      long start = range.getKey();
      long end = range.getValue();
      ranges.remove(start);
      count -= end - start;
      if (end > to) {
        ranges.put(to, end);
        count += end - to;
      }
      if (start < from) {
        ranges.put(start, from);
        count += from - start;
      }
      range = ranges.lowerEntry(start);
    }
    charge(rangesBefore);
    return before - count;
  }
}
