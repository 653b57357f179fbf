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
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.map.PreparedWrite;

/** Deleting a file with its clones: what the caller waits, and how fast the space comes back. */
final class FamilyDeletion {
  private static final int CLONES = 10;
  private static final int CHANGED_BLOCKS = 100;
  private static final double MAX_FOREGROUND_NANOS = 200e3;
  private static final double MIN_BLOCKS_PER_SECOND = 50e6;
  private static final double MAX_LOCK_NANOS = 1e6;
  private static final long POLL_NANOS = 2_000_000;
  private static final int HOLD_ROUNDS = 3;
  private static final int WARM_UP_DELETES = 20_000;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int MAX_PROBES = 4_000_000;
  private static final int CALM_PROBES = 300_000;

  private FamilyDeletion() {}

  /** Deletes the largest shared file; nothing may need it afterwards. */
  static void measureRate(Scale scale, Goals goals) {
    ArrayUnderTest under = SharedFiles.array();
    int mib = scale.largestMib();
    Inode source = SharedFiles.ofSize(mib);
    makeFamily(under, source, mib);
    Delete cold = deleteClones(under);
    warmUp(under, source);
    under.array.awaitReclaim();
    makeFamily(under, source, mib);
    System.gc();
    long otherBytes = under.volume.space().ofVolume().physicalUsedBytes() - familyBytes(mib);
    Delete longest = delete(under, SharedFiles.name(mib)).orLonger(deleteClones(under));
    long start = System.nanoTime();
    long pendingBytes = under.volume.space().ofVolume().physicalUsedBytes() - otherBytes;
    while (under.volume.space().ofVolume().physicalUsedBytes() > otherBytes) {
      LockSupport.parkNanos(POLL_NANOS);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    double blocks = (double) pendingBytes / Volume.BLOCK_BYTES;
    String family = Goals.text("family of %s and %d clones", Goals.size(mib), CLONES);
    goals.add(
        family + ": longest of its deletes",
        "< 0.2 ms",
        longest.toString(),
        longest.nanos < MAX_FOREGROUND_NANOS);
    goals.note("  before a warm-up of " + WARM_UP_DELETES + " small deletes", cold.toString());
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
    long[] holds = new long[MAX_PROBES];
    int count = 0;
    long blocks = 0;
    try (BlockPool pool = new BlockPool(1L << 32);
        BlockStore store = new BlockStore(pool, 1L << 32)) {
      store.lock().lock();
      try {
        for (int round = 0; round < HOLD_ROUNDS; round++) {
          mapAndRelease(store, scale.lockProbeMib());
          long pending = store.figures().reclaimPendingBlocks();
          for (boolean more = true; more; ) {
            long start = THREADS.getCurrentThreadCpuTime();
            more = store.reclaimStep();
            long hold = THREADS.getCurrentThreadCpuTime() - start;
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
    long[] spins = new long[count];
    for (int i = 0; i < count; i++) {
      spins[i] = spin(holds[count / 2]);
    }
    Arrays.sort(spins);
    goals.note(
        Goals.text(
            "  as many loops that touch nothing, each of %s", Goals.duration(holds[count / 2])),
        Goals.text(
            "longest %s; longer than 1 ms: %d",
            Goals.duration(spins[count - 1]), longWaits(spins, count)));
  }

  /** Spends so much time and returns how much processor time that was. */
  private static long spin(long nanos) {
    long cpuStart = THREADS.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    while (System.nanoTime() - start < nanos) {
      Thread.onSpinWait();
    }
    return THREADS.getCurrentThreadCpuTime() - cpuStart;
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
      delete(under, SharedFiles.name(mib));
      deleteClones(under);
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
      more = under.volume.space().ofVolume().physicalUsedBytes() > untilBytes;
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
      long usedBytes = under.volume.space().of(clone).chargedBytes();
      while (usedBytes < (long) CHANGED_BLOCKS * Volume.BLOCK_BYTES) {
        under.write(clone, ArrayUnderTest.randomBlock(random, mib), block.rewind());
        usedBytes = under.volume.space().of(clone).chargedBytes();
      }
    }
  }

  /** So that what is measured next is compiled code, as in a server that runs for a while. */
  private static void warmUp(ArrayUnderTest under, Inode source) {
    for (int i = 0; i < WARM_UP_DELETES; i++) {
      under.cloneAs(source, "warm-up");
      under.remove("warm-up");
    }
  }

  /**
   * How long a delete took.
   *
   * @param cpuNanos processor time of the thread: the rest is the scheduler's
   */
  private record Delete(long nanos, long cpuNanos) {
    Delete orLonger(Delete other) {
      return other.nanos > nanos ? other : this;
    }

    @Override
    public String toString() {
      return Goals.duration(nanos) + " (on the processor " + Goals.duration(cpuNanos) + ")";
    }
  }

  private static Delete delete(ArrayUnderTest under, String name) {
    long cpuStart = THREADS.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    under.remove(name);
    long nanos = System.nanoTime() - start;
    return new Delete(nanos, THREADS.getCurrentThreadCpuTime() - cpuStart);
  }

  /** Returns the longest delete. */
  private static Delete deleteClones(ArrayUnderTest under) {
    Delete longest = new Delete(0, 0);
    for (int i = 0; i < CLONES; i++) {
      longest = longest.orLonger(delete(under, "member-" + i));
    }
    return longest;
  }
}
