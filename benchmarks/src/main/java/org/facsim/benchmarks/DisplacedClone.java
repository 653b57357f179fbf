/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.facsim.array.block.BlockPool;
import org.facsim.array.block.BlockStore;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.map.PreparedWrite;

/**
 * The exclusive figure of a file that holds a range of another at another offset. The first
 * question after a change walks the shared part; the next are answered from memory. Asked of the
 * block store itself: what the volume adds is in {@link LedgerBenchmark}.
 */
final class DisplacedClone {
  private static final double MAX_FIRST_NANOS = 20e6;
  private static final double MAX_CACHED_NANOS = 1e3;
  private static final int ROUNDS = 15;
  private static final int CACHED_QUERIES = 100_000;

  private DisplacedClone() {}

  /** Clones a range by one block to the side, out of a file of the guest's size. */
  static void measure(Scale scale, int rangeMib, Goals goals) {
    try (BlockPool pool = new BlockPool(1L << 32);
        BlockStore store = new BlockStore(pool, 1L << 32)) {
      store.lock().lock();
      try {
        measure(store, scale.guestMib(), rangeMib, goals);
      } finally {
        store.lock().unlock();
      }
    }
  }

  private static void measure(BlockStore store, int sourceMib, int rangeMib, Goals goals) {
    FileMap source = store.newMap();
    ByteBuffer words = ArrayUnderTest.words();
    for (long at = 0; at < (long) sourceMib * ArrayUnderTest.MIB; at += ArrayUnderTest.MIB) {
      write(store, source, at, words);
    }
    FileMap clone = store.newMap();
    long range = (long) rangeMib * ArrayUnderTest.MIB;
    store.sharing().cloneRange(source, 0, clone, BlockStore.BLOCK_BYTES, range);
    FileMap other = store.newMap();
    ByteBuffer one = ArrayUnderTest.bytes(BlockStore.BLOCK_BYTES);

    long[] first = new long[ROUNDS];
    double cached = 0;
    for (int round = 0; round < ROUNDS; round++) {
      write(store, other, 0, one); // any change of the volume makes the kept answer void
      long start = System.nanoTime();
      long exclusive = store.figures().exclusiveBlocks(clone);
      first[round] = System.nanoTime() - start;
      if (exclusive != 0) {
        throw new IllegalStateException("a clone with " + exclusive + " blocks of its own");
      }
      start = System.nanoTime();
      for (int i = 0; i < CACHED_QUERIES; i++) {
        exclusive += store.figures().exclusiveBlocks(clone);
      }
      cached = (System.nanoTime() - start) / (double) CACHED_QUERIES;
      if (exclusive != 0) {
        throw new IllegalStateException("a clone with blocks of its own");
      }
    }
    Arrays.sort(first);
    double median = first[ROUNDS / 2];
    String what = Goals.size(rangeMib) + " cloned to another offset: ledger";
    goals.add(
        what + ", first question, median",
        "< 20 ms",
        Goals.duration(median) + " (longest " + Goals.duration(first[ROUNDS - 1]) + ")",
        median < MAX_FIRST_NANOS);
    goals.add(
        what + ", next questions", "< 1 µs", Goals.duration(cached), cached < MAX_CACHED_NANOS);
  }

  private static void write(BlockStore store, FileMap map, long offsetBytes, ByteBuffer source) {
    try (PreparedWrite prepared = store.prepare(offsetBytes, source)) {
      store.write(map, prepared);
    }
  }
}
