/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What a virtual disk must hold: the guest's write history as a function from an offset to the
 * eight-byte word that fills its 4 KiB block, 0 where nothing was ever written. Immutable.
 *
 * <p>The word of a block depends on the disk's seed, the block's index and the generation of the
 * write. It is never 0, and distinct for distinct blocks and generations of one disk, because the
 * mixing function is a bijection on 64 bits. Words are little-endian on the disk.
 */
public final class DiskContents {
  /** Every block of this size holds one repeated word. */
  public static final int BLOCK_BYTES = 4096;

  /** Leaves blocks of 64 TiB, and generations for 34 years of one in a second. */
  private static final int GENERATION_SHIFT = 34;

  private static final int MAX_GENERATION = (1 << (Long.SIZE - GENERATION_SHIFT)) - 1;

  private final long capacityBytes;
  private final long seed;
  private final NavigableMap<Long, WriteRun> runs;

  private DiskContents(long capacityBytes, long seed, NavigableMap<Long, WriteRun> runs) {
    this.capacityBytes = capacityBytes;
    this.seed = seed;
    this.runs = runs;
  }

  /** A disk that was never written. */
  public static DiskContents empty(long capacityBytes, long seed) {
    return new DiskContents(capacityBytes, seed, new TreeMap<>());
  }

  public long capacityBytes() {
    return capacityBytes;
  }

  /**
   * The disk after it grew.
   *
   * @param newCapacityBytes not less than before
   */
  public DiskContents withCapacity(long newCapacityBytes) {
    if (newCapacityBytes < capacityBytes) {
      throw new IllegalArgumentException(
          "%d bytes; allowed: %d or more".formatted(newCapacityBytes, capacityBytes));
    }
    return new DiskContents(newCapacityBytes, seed, runs);
  }

  /** How many bytes of the disk were ever written. */
  public long writtenBytes() {
    return runs.values().stream().mapToLong(WriteRun::lengthBytes).sum();
  }

  /**
   * The written ranges in order of offset. They do not overlap: a newer write replaces the bytes of
   * an older one.
   */
  public List<WriteRun> runs() {
    return List.copyOf(runs.values());
  }

  /** This disk after one more write, which replaces what was there. */
  public DiskContents with(WriteRun write) {
    return with(List.of(write));
  }

  /**
   * This disk after more writes, in order. Costs one copy, whatever their number: guests write
   * often and little.
   */
  public DiskContents with(List<WriteRun> writes) {
    NavigableMap<Long, WriteRun> merged = new TreeMap<>(runs);
    for (WriteRun write : writes) {
      if (write.endBytes() > capacityBytes || write.generation() > MAX_GENERATION) {
        throw new IllegalArgumentException(
            "%d bytes at %d, write %d; allowed: within the disk's %d bytes, %d writes"
                .formatted(
                    write.lengthBytes(),
                    write.offsetBytes(),
                    write.generation(),
                    capacityBytes,
                    MAX_GENERATION));
      }
      cut(merged, write.offsetBytes(), write.endBytes());
      merged.put(write.offsetBytes(), write);
    }
    return new DiskContents(capacityBytes, seed, merged);
  }

  /** Takes a range out. */
  private static void cut(NavigableMap<Long, WriteRun> runs, long startBytes, long endBytes) {
    Map.Entry<Long, WriteRun> before = runs.lowerEntry(startBytes);
    if (before != null && before.getValue().endBytes() > startBytes) {
      keepPart(runs, before.getValue(), before.getKey(), startBytes);
      keepPart(runs, before.getValue(), endBytes, before.getValue().endBytes());
    }
    NavigableMap<Long, WriteRun> inside = runs.subMap(startBytes, true, endBytes, false);
    if (!inside.isEmpty()) {
      WriteRun last = inside.lastEntry().getValue();
      inside.clear();
      keepPart(runs, last, endBytes, last.endBytes());
    }
  }

  /**
   * This disk after the guest trimmed a range that reads as zeros since.
   *
   * @param offsetBytes where it starts, a multiple of 512
   * @param lengthBytes how long it is, a multiple of 512
   */
  public DiskContents without(long offsetBytes, long lengthBytes) {
    NavigableMap<Long, WriteRun> kept = new TreeMap<>(runs);
    cut(kept, offsetBytes, offsetBytes + lengthBytes);
    return new DiskContents(capacityBytes, seed, kept);
  }

  private static void keepPart(
      NavigableMap<Long, WriteRun> merged, WriteRun old, long startBytes, long endBytes) {
    if (startBytes < endBytes) {
      merged.put(startBytes, new WriteRun(startBytes, endBytes - startBytes, old.generation()));
    }
  }

  /** The word at an offset; 0 if nothing was written there. */
  public long wordAt(long offsetBytes) {
    Map.Entry<Long, WriteRun> run = runs.floorEntry(offsetBytes);
    if (run == null || run.getValue().endBytes() <= offsetBytes) {
      return 0;
    }
    return word(offsetBytes / BLOCK_BYTES, run.getValue().generation());
  }

  /**
   * The range, split into spans that hold one word each (0 where nothing was written), in order and
   * without gaps. Spans of zeros are as long as possible.
   */
  public List<Span> spans(long offsetBytes, long lengthBytes) {
    List<Span> spans = new ArrayList<>();
    long endBytes = offsetBytes + lengthBytes;
    long at = offsetBytes;
    while (at < endBytes) {
      Map.Entry<Long, WriteRun> run = runs.floorEntry(at);
      if (run != null && at < run.getValue().endBytes()) {
        long blockEnd = (at / BLOCK_BYTES + 1) * BLOCK_BYTES;
        long spanEnd = Math.min(Math.min(blockEnd, run.getValue().endBytes()), endBytes);
        spans.add(new Span(at, spanEnd - at, word(at / BLOCK_BYTES, run.getValue().generation())));
        at = spanEnd;
      } else {
        Long next = runs.higherKey(at);
        long spanEnd = next == null ? endBytes : Math.min(next, endBytes);
        spans.add(new Span(at, spanEnd - at, 0));
        at = spanEnd;
      }
    }
    return spans;
  }

  /** A stretch of a disk filled with one word. */
  public record Span(long offsetBytes, long lengthBytes, long word) {}

  /** The word that fills a block. */
  long word(long blockIndex, int generation) {
    long word = mix(seed + (((long) generation << GENERATION_SHIFT) | blockIndex));
    return word == 0 ? mix(seed) : word;
  }

  /** The finalizer of SplitMix64: a bijection that scatters. */
  private static long mix(long key) {
    long z = key;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
