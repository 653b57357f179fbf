/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
import org.facsim.array.block.BlockPool;
import org.facsim.array.block.BlockStore;
import org.facsim.array.block.FileMap;
import org.facsim.array.block.PreparedWrite;

/** Deleting a file with its clones: what the caller waits, and how fast the space comes back. */
final class FamilyDeletion {
  private static final int CLONES = 10;
  private static final int CHANGED_BLOCKS = 100;
  private static final double MAX_FOREGROUND_NANOS = 200e3;
  private static final double MIN_BLOCKS_PER_SECOND = 50e6;
  private static final double MAX_LOCK_NANOS = 1e6;
  private static final long POLL_NANOS = 2_000_000;
  private static final int HOLD_ROUNDS = 3;
  private static final int MAX_PROBES = 4_000_000;
  private static final int CALM_PROBES = 300_000;

  private FamilyDeletion() {}

  /** Deletes the largest shared file; nothing may need it afterwards. */
  static void measureRate(Scale scale, Goals goals) {
    ArrayUnderTest under = SharedFiles.array();
    int mib = scale.largestMib();
    Inode source = SharedFiles.ofSize(mib);
    under.array.awaitReclaim();
    makeFamily(under, source, mib);
    System.gc();
    long otherBytes = under.volume.space().physicalUsedBytes() - familyBytes(mib);
    long longest = deleteFamily(under, SharedFiles.name(mib));
    long start = System.nanoTime();
    long pendingBytes = under.volume.space().physicalUsedBytes() - otherBytes;
    while (under.volume.space().physicalUsedBytes() > otherBytes) {
      LockSupport.parkNanos(POLL_NANOS);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    double blocks = (double) pendingBytes / Volume.BLOCK_BYTES;
    String family = Goals.text("family of %s and %d clones", Goals.size(mib), CLONES);
    goals.add(
        family + ": longest of its deletes",
        "< 0.2 ms",
        Goals.duration(longest),
        longest < MAX_FOREGROUND_NANOS);
    goals.add(
        family + ": reclaim",
        ">= 50 M blocks/s",
        Goals.text("%.0f M blocks/s (%.2f s)", blocks / 1e6 / seconds, seconds),
        blocks / seconds >= MIN_BLOCKS_PER_SECOND);
  }

  /**
   * Takes a deleted file apart batch by batch, one lock hold each, with a stopwatch on every hold,
   * in processor time: what the scheduler takes away meanwhile is not the hold's. The background
   * runs the very same batches; here it is kept out.
   */
  static void measureLockHold(Scale scale, Goals goals) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long[] holds = new long[MAX_PROBES];
    int count = 0;
    long blocks = 0;
    try (BlockPool pool = new BlockPool(1L << 32);
        BlockStore store = new BlockStore(pool, 1L << 32)) {
      store.lock().lock();
      try {
        for (int round = 0; round < HOLD_ROUNDS; round++) {
          mapAndRelease(store, scale.lockProbeMib());
          long pending = store.reclaimPendingBlocks();
          for (boolean more = true; more; ) {
            long start = threads.getCurrentThreadCpuTime();
            more = store.reclaimBatch();
            long hold = threads.getCurrentThreadCpuTime() - start;
            if (round > 0 && count < holds.length) { // the first warms up
              holds[count++] = hold;
            }
          }
          blocks += round > 0 ? pending : 0;
        }
      } finally {
        store.lock().unlock();
      }
    }
    long sum = Arrays.stream(holds, 0, count).sum();
    Arrays.sort(holds, 0, count);
    goals.add(
        Goals.text("longest of %,d lock holds of reclaim, processor time", count),
        "< 1 ms",
        Goals.duration(holds[count - 1]),
        holds[count - 1] < MAX_LOCK_NANOS);
    goals.note(
        "  p50 / p99.9; longer than 1 ms; rate in these",
        Goals.text(
            "%s / %s; %d; %.0f M blocks/s",
            Goals.duration(holds[count / 2]),
            Goals.duration(holds[(int) (count * 0.999)]),
            longWaits(holds, count),
            blocks * 1e3 / sum));
  }

  private static void mapAndRelease(BlockStore store, int mib) {
    FileMap map = store.newMap();
    ByteBuffer words = ArrayUnderTest.words();
    for (long at = 0; at < (long) mib * ArrayUnderTest.MIB; at += ArrayUnderTest.MIB) {
      try (PreparedWrite prepared = store.prepare(at, words)) {
        store.write(map, prepared);
      }
    }
    store.release(map);
  }

  /**
   * Takes the volume's lock again and again, by asking for the volume's space, while a deleted
   * family is taken apart. The same loop in calm shows what the scheduler adds.
   */
  static void measureLockWaits(Scale scale, Goals goals) {
    try (ArrayUnderTest under = new ArrayUnderTest()) {
      int mib = scale.lockProbeMib();
      Inode source = under.createOfWords(SharedFiles.name(mib), mib);
      makeFamily(under, source, mib);
      long[] calm = new long[CALM_PROBES];
      probe(under, calm, -1);
      long[] busy = new long[MAX_PROBES];
      System.gc();
      deleteFamily(under, SharedFiles.name(mib));
      int probes = probe(under, busy, 0);
      Arrays.sort(calm);
      Arrays.sort(busy, 0, probes);
      goals.note(
          Goals.text("  %,d waits for the lock beside reclaim: p50 / p99.99 / longest", probes),
          Goals.duration(busy[probes / 2])
              + " / "
              + Goals.duration(busy[(int) (probes * 0.9999)])
              + " / "
              + Goals.duration(busy[probes - 1])
              + "; longer than 1 ms: "
              + longWaits(busy, probes));
      goals.note(
          Goals.text("  %,d waits without reclaim: longest; longer than 1 ms", calm.length),
          Goals.duration(calm[calm.length - 1]) + "; " + longWaits(calm, calm.length));
    }
  }

  private static long longWaits(long[] nanos, int count) {
    return Arrays.stream(nanos, 0, count).filter(wait -> wait >= MAX_LOCK_NANOS).count();
  }

  /** Takes the lock until the volume uses so little, or the array is full. Returns how often. */
  private static int probe(ArrayUnderTest under, long[] nanos, long untilBytes) {
    int count = 0;
    boolean more = true;
    while (more && count < nanos.length) {
      long start = System.nanoTime();
      more = under.volume.space().physicalUsedBytes() > untilBytes;
      nanos[count++] = System.nanoTime() - start;
    }
    return count;
  }

  private static long familyBytes(int mib) {
    return (long) mib * ArrayUnderTest.MIB + (long) CLONES * CHANGED_BLOCKS * Volume.BLOCK_BYTES;
  }

  private static void makeFamily(ArrayUnderTest under, Inode source, int mib) {
    SplittableRandom random = new SplittableRandom(4);
    ByteBuffer block = ArrayUnderTest.bytes(Volume.BLOCK_BYTES);
    for (int i = 0; i < CLONES; i++) {
      Inode clone = under.cloneAs(source, "member-" + i);
      long usedBytes = under.volume.space(clone).chargedBytes();
      while (usedBytes < (long) CHANGED_BLOCKS * Volume.BLOCK_BYTES) {
        under.write(clone, ArrayUnderTest.randomBlock(random, mib), block.rewind());
        usedBytes = under.volume.space(clone).chargedBytes();
      }
    }
  }

  /** Returns the longest delete. */
  private static long deleteFamily(ArrayUnderTest under, String source) {
    long longest = 0;
    for (int i = -1; i < CLONES; i++) {
      String name = i < 0 ? source : "member-" + i;
      long start = System.nanoTime();
      under.remove(name);
      longest = Math.max(longest, System.nanoTime() - start);
    }
    return longest;
  }
}
