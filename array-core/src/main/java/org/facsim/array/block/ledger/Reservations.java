/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.ledger;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.facsim.array.block.memory.MetadataAccount;

/**
 * The blocks of one file for which space is reserved: a set of block numbers, kept as disjoint
 * ranges that do not touch. The write that takes a block uses its reservation up.
 *
 * <p>The set is not part of the tree, because reservations are private and trees are shared. It
 * costs one entry for each range, so random writes into a large reserved range cost heap, which is
 * charged to the volume.
 */
public final class Reservations {
  /** How many bytes of the heap the entry of a range takes, with its two numbers. */
  public static final int RANGE_BYTES = 40 + 2 * 24;

  private final MetadataAccount metadata;

  /** The ends (exclusive) of ranges by their first block. */
  private final TreeMap<Long, Long> ranges = new TreeMap<>();

  private long count;

  /**
   * @param metadata the account to which ranges are charged
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

  /** Gives the charge back, because nobody has these reservations any more. */
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
