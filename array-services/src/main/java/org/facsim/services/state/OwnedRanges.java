/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The ranges of one file that one owner holds: they do not overlap, and neighbours of one mode are
 * one range. As in POSIX, what is set replaces what was there, byte for byte. Guarded by the table.
 */
final class OwnedRanges {
  private record Held(long lastByte, LockMode mode) {}

  private final NavigableMap<Long, Held> byFirstByte = new TreeMap<>();

  int count() {
    return byFirstByte.size();
  }

  boolean isEmpty() {
    return byFirstByte.isEmpty();
  }

  /** The first range, with its mode, that conflicts with another owner's lock; or null. */
  Map.Entry<ByteRange, LockMode> conflict(ByteRange range, LockMode mode) {
    Map.Entry<Long, Held> entry = firstTouching(range);
    while (entry != null && entry.getKey() <= range.lastByte()) {
      if (entry.getValue().mode().conflictsWith(mode)) {
        return Map.entry(
            new ByteRange(entry.getKey(), entry.getValue().lastByte()), entry.getValue().mode());
      }
      entry = byFirstByte.higherEntry(entry.getKey());
    }
    return null;
  }

  private Map.Entry<Long, Held> firstTouching(ByteRange range) {
    Map.Entry<Long, Held> before = byFirstByte.floorEntry(range.firstByte());
    return before != null && before.getValue().lastByte() >= range.firstByte()
        ? before
        : byFirstByte.higherEntry(range.firstByte());
  }

  /** Whether giving up a range would split one range in two. */
  boolean isSplitBy(ByteRange range) {
    Map.Entry<Long, Held> before = byFirstByte.floorEntry(range.firstByte());
    return before != null
        && new ByteRange(before.getKey(), before.getValue().lastByte()).surrounds(range);
  }

  void give(ByteRange range) {
    Map.Entry<Long, Held> entry = firstTouching(range);
    while (entry != null && entry.getKey() <= range.lastByte()) {
      long firstByte = entry.getKey();
      Held held = entry.getValue();
      byFirstByte.remove(firstByte);
      if (firstByte < range.firstByte()) {
        byFirstByte.put(firstByte, new Held(range.firstByte() - 1, held.mode()));
      }
      if (held.lastByte() > range.lastByte()) {
        byFirstByte.put(range.lastByte() + 1, held);
      }
      entry = byFirstByte.higherEntry(firstByte);
    }
  }

  void take(ByteRange range, LockMode mode) {
    give(range);
    long firstByte = range.firstByte();
    long lastByte = range.lastByte();
    Map.Entry<Long, Held> before = byFirstByte.lowerEntry(firstByte);
    if (before != null
        && before.getValue().lastByte() == firstByte - 1
        && before.getValue().mode() == mode) {
      firstByte = before.getKey();
    }
    if (lastByte != ByteRange.END) {
      Held after = byFirstByte.get(lastByte + 1);
      if (after != null && after.mode() == mode) {
        byFirstByte.remove(lastByte + 1);
        lastByte = after.lastByte();
      }
    }
    byFirstByte.put(firstByte, new Held(lastByte, mode));
  }

  /** In ascending order. */
  void forEach(java.util.function.BiConsumer<ByteRange, LockMode> action) {
    byFirstByte.forEach(
        (firstByte, held) -> action.accept(new ByteRange(firstByte, held.lastByte()), held.mode()));
  }
}
