/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.facsim.array.Inode;
import org.facsim.array.block.BlockPool;
import org.facsim.array.block.BlockStore;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.map.PreparedWrite;

/**
 * Two proofs that a read never waits. One asks the JVM how often the reading thread was blocked or
 * parked while a writer was busy in the same file. The other holds the volume's lock for a while
 * and counts the reads made meanwhile.
 */
final class ReadersNeverWait {
  private static final int FILE_MIB = 256;
  private static final int MAX_SAMPLES = 4_000_000;

  private volatile boolean stop;

  private ReadersNeverWait() {}

  static void measure(Scale scale, Goals goals) {
    new ReadersNeverWait().besideWriter(scale, goals);
    new ReadersNeverWait().besideLockHolder(scale, goals);
  }

  private void besideWriter(Scale scale, Goals goals) {
    try (ArrayUnderTest under = new ArrayUnderTest()) {
      Inode file = under.createOfWords("file", FILE_MIB);
      Thread writer = new Thread(() -> write(under, file), "writer");
      writer.start();
      long[] nanos = new long[MAX_SAMPLES];
      ThreadInfo before = self();
      int reads = read(under, file, nanos, scale.mixedMillis());
      ThreadInfo after = self();
      finish(writer);
      Arrays.sort(nanos, 0, reads);
      long waits =
          after.getBlockedCount()
              - before.getBlockedCount()
              + after.getWaitedCount()
              - before.getWaitedCount();
      goals.add(
          Goals.text("waits of a reader beside a writer, in %,d reads", reads),
          "none",
          waits == 0 ? "none" : Goals.text("%,d", waits),
          waits == 0);
      goals.note(
          "  its latency, p50 / p99.9 / longest (with the scheduler's pauses)",
          Goals.duration(nanos[reads / 2])
              + " / "
              + Goals.duration(nanos[(int) (reads * 0.999)])
              + " / "
              + Goals.duration(nanos[reads - 1]));
    }
  }

  private void write(ArrayUnderTest under, Inode file) {
    SplittableRandom random = new SplittableRandom(1);
    ByteBuffer words = ArrayUnderTest.words();
    while (!stop) {
      int at = random.nextInt(words.capacity() / BlockStore.BLOCK_BYTES) * BlockStore.BLOCK_BYTES;
      words.limit(at + BlockStore.BLOCK_BYTES).position(at);
      under.write(file, ArrayUnderTest.randomBlock(random, FILE_MIB), words);
    }
  }

  private static int read(ArrayUnderTest under, Inode file, long[] nanos, int millis) {
    SplittableRandom random = new SplittableRandom(2);
    ByteBuffer word = ByteBuffer.allocateDirect(Long.BYTES);
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    int count = 0;
    long start = System.nanoTime();
    while (start < end && count < nanos.length) {
      under.read(file, ArrayUnderTest.randomBlock(random, FILE_MIB), word.clear());
      long now = System.nanoTime();
      nanos[count++] = now - start;
      start = now;
    }
    return count;
  }

  private void besideLockHolder(Scale scale, Goals goals) {
    try (BlockPool pool = new BlockPool(1L << 32);
        BlockStore store = new BlockStore(pool, 1L << 32)) {
      store.lock().lock();
      try {
        FileMap map = store.newMap();
        for (long at = 0; at < FILE_MIB; at++) {
          try (PreparedWrite words =
              store.prepare(at * ArrayUnderTest.MIB, ArrayUnderTest.words())) {
            store.write(map, words);
          }
        }
        long[] reads = new long[1];
        Thread reader = new Thread(() -> reads[0] = countReads(store, map), "reader");
        reader.start();
        Thread.sleep(scale.mixedMillis());
        finish(reader);
        goals.add(
            Goals.text("reads while the volume's lock is held for %,d ms", scale.mixedMillis()),
            "go on",
            Goals.text("%,.0f/s", reads[0] * 1e3 / scale.mixedMillis()),
            reads[0] > 0);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      } finally {
        store.lock().unlock();
      }
    }
  }

  private long countReads(BlockStore store, FileMap map) {
    SplittableRandom random = new SplittableRandom(3);
    ByteBuffer word = ByteBuffer.allocateDirect(Long.BYTES);
    long count = 0;
    while (!stop) {
      store.read(map, ArrayUnderTest.randomBlock(random, FILE_MIB), word.clear());
      count++;
    }
    return count;
  }

  private void finish(Thread thread) {
    stop = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ThreadInfo self() {
    return ManagementFactory.getThreadMXBean().getThreadInfo(Thread.currentThread().getId());
  }
}
