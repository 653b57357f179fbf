/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.facsim.array.Inode;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;

/** Saving, listing, restoring and deleting a named state of an array that holds much. */
final class NamedStates {
  private static final int CHANGED_FILES = 10_000;
  private static final int CHANGED_BLOCKS = 1_000;
  private static final double MAX_NANOS = 10e6;
  private static final double MAX_NANOS_PER_FILE = 10e3;

  private NamedStates() {}

  /** With many files, of which some change. */
  static void measureFiles(Scale scale, Goals goals) {
    try (ArrayUnderTest under = new ArrayUnderTest()) {
      Inode source = under.createOfWords("source", 1);
      Inode[] files = new Inode[scale.clones()];
      for (int i = 0; i < files.length; i++) {
        files[i] = under.cloneAs(source, "clone-" + i);
      }
      String what = Goals.text("state of %,d files", files.length);
      measure(under.array, goals, what);
      int changed = Math.min(CHANGED_FILES, files.length);
      ByteBuffer block = ArrayUnderTest.bytes(Volume.BLOCK_BYTES);
      SplittableRandom random = new SplittableRandom(6);
      for (int round = 0; round < 3; round++) { // the last one counts
        under.array.saveState("before");
        for (int i = 0; i < changed; i++) {
          under.write(files[random.nextInt(files.length)], 0, block.rewind());
        }
        long restore = nanos(() -> under.array.restoreState("before"));
        long delete = nanos(() -> under.array.deleteState("before"));
        under.array.awaitReclaim();
        if (round == 2) {
          goals.add(
              what + Goals.text(": restored after %,d writes, to as many files", changed),
              "< 10 µs each",
              Goals.duration(restore),
              restore < changed * MAX_NANOS_PER_FILE);
          goals.add(what + ": deleted", "< 10 ms", Goals.duration(delete), delete < MAX_NANOS);
        }
      }
    }
  }

  /** With the largest shared file. */
  static void measureBlocks(Scale scale, Goals goals) {
    ArrayUnderTest under = SharedFiles.array();
    int mib = scale.largestMib();
    Inode file = SharedFiles.ofSize(mib);
    String what = Goals.text("state with %s mapped", Goals.size(mib));
    measure(under.array, goals, what);
    ByteBuffer block = ArrayUnderTest.bytes(Volume.BLOCK_BYTES);
    SplittableRandom random = new SplittableRandom(7);
    under.array.saveState("before");
    for (int i = 0; i < CHANGED_BLOCKS; i++) {
      under.write(file, ArrayUnderTest.randomBlock(random, mib), block.rewind());
    }
    long list = nanos(under.array::states);
    long restore = nanos(() -> under.array.restoreState("before"));
    long delete = nanos(() -> under.array.deleteState("before"));
    under.array.awaitReclaim();
    String after = Goals.text(" after %,d random overwrites", CHANGED_BLOCKS);
    goals.add(what + ": listed" + after, "< 10 ms", Goals.duration(list), list < MAX_NANOS);
    goals.add(what + ": restored" + after, "< 10 ms", Goals.duration(restore), restore < MAX_NANOS);
    goals.add(what + ": deleted", "< 10 ms", Goals.duration(delete), delete < MAX_NANOS);
  }

  /** Saves, lists and restores with nothing changed; the slowest of some. */
  private static void measure(StorageArray array, Goals goals, String what) {
    long save = 0;
    long list = 0;
    long restore = 0;
    for (int i = 0; i < 5; i++) {
      String name = "state-" + i;
      save = Math.max(save, nanos(() -> array.saveState(name)));
      list = Math.max(list, nanos(array::states));
      restore = Math.max(restore, nanos(() -> array.restoreState(name)));
    }
    for (int i = 0; i < 5; i++) {
      array.deleteState("state-" + i);
    }
    goals.add(what + ": saved", "< 10 ms", Goals.duration(save), save < MAX_NANOS);
    goals.add(what + ": listed", "< 10 ms", Goals.duration(list), list < MAX_NANOS);
    goals.add(
        what + ": restored, nothing changed",
        "< 10 ms",
        Goals.duration(restore),
        restore < MAX_NANOS);
  }

  private static long nanos(Runnable action) {
    long start = System.nanoTime();
    action.run();
    return System.nanoTime() - start;
  }
}
