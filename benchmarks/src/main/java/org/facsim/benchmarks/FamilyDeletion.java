/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.facsim.array.Inode;
import org.facsim.array.Volume;

/** Deleting a file with its clones: what the caller waits, and how fast the space comes back. */
final class FamilyDeletion {
  private static final int CLONES = 10;
  private static final int CHANGED_BLOCKS = 100;
  private static final double MAX_FOREGROUND_NANOS = 200e3;
  private static final double MIN_BLOCKS_PER_SECOND = 50e6;
  private static final double MAX_LOCK_NANOS = 1e6;
  private static final long POLL_NANOS = 2_000_000;
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
    long longest = deleteFamily(under, SharedFiles.name(mib));
    long blocks = under.volume.space().reclaimPendingBytes() / Volume.BLOCK_BYTES;
    long start = System.nanoTime();
    while (under.volume.space().reclaimPendingBytes() > 0) {
      LockSupport.parkNanos(POLL_NANOS);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
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
   * Takes the volume's lock again and again, by asking for the volume's space, while a deleted
   * family is taken apart: nobody waited longer than the longest lock hold, so the longest wait
   * bounds it from above. The same loop in calm shows what the scheduler adds.
   */
  static void measureLockHold(Scale scale, Goals goals) {
    try (ArrayUnderTest under = new ArrayUnderTest()) {
      int mib = scale.lockProbeMib();
      Inode source = under.createOfWords(SharedFiles.name(mib), mib);
      makeFamily(under, source, mib);
      long[] calm = new long[CALM_PROBES];
      for (int i = 0; i < calm.length; i++) {
        long start = System.nanoTime();
        under.volume.space();
        calm[i] = System.nanoTime() - start;
      }
      long[] busy = new long[MAX_PROBES];
      int probes = 0;
      System.gc();
      deleteFamily(under, SharedFiles.name(mib));
      boolean pending = true;
      while (pending && probes < busy.length) {
        long start = System.nanoTime();
        pending = under.volume.space().reclaimPendingBytes() > 0;
        busy[probes++] = System.nanoTime() - start;
      }
      Arrays.sort(calm);
      Arrays.sort(busy, 0, probes);
      long longest = busy[probes - 1];
      goals.add(
          "longest wait for the volume's lock beside reclaim of " + Goals.size(mib),
          "< 1 ms",
          Goals.duration(longest),
          longest < MAX_LOCK_NANOS);
      goals.note(
          "  p50 / p99.9 of these; longest in calm",
          Goals.duration(busy[probes / 2])
              + " / "
              + Goals.duration(busy[(int) (probes * 0.999)])
              + "; "
              + Goals.duration(calm[calm.length - 1]));
    }
  }

  private static void makeFamily(ArrayUnderTest under, Inode source, int mib) {
    SplittableRandom random = new SplittableRandom(4);
    ByteBuffer block = ArrayUnderTest.bytes(Volume.BLOCK_BYTES);
    for (int i = 0; i < CLONES; i++) {
      Inode clone = under.cloneAs(source, "member-" + i);
      for (int j = 0; j < CHANGED_BLOCKS; j++) {
        under.write(clone, ArrayUnderTest.randomBlock(random, mib), block.rewind());
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
