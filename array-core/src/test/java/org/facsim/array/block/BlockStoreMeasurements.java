/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.map.PreparedWrite;
import org.facsim.array.block.table.Words;

/**
 * What the store reaches, on one line each. Not a test: run {@code main} with the mapped size of
 * the large file in GiB (default 16.5) and {@code -XX:MaxDirectMemorySize} large enough (32 bytes a
 * block, and 1 GiB of payload).
 */
final class BlockStoreMeasurements {
  private static final int BLOCK = BlockStore.BLOCK_BYTES;
  private static final int MEBIBYTE = 1 << 20;

  private final BlockPool pool = new BlockPool(1L << 32);
  private final BlockStore store = new BlockStore(pool, 1L << 32);
  private final SplittableRandom random = new SplittableRandom(1);

  private BlockStoreMeasurements() {}

  public static void main(String[] arguments) {
    double gibibytes = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 16.5;
    BlockStoreMeasurements measurements = new BlockStoreMeasurements();
    measurements.sequential();
    measurements.randomOverwrite();
    for (double size : new double[] {1, gibibytes}) {
      measurements.large(size);
    }
    measurements.manyClones();
    measurements.mixed();
    measurements.pool.close();
  }

  /** This thread's processor time: the machine may be busy with other things. */
  private static long nanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void print(String what, double value, String unit) {
    System.out.printf("%-58s %,14.1f %s%n", what, value, unit);
  }

  private FileMap newMap() {
    store.lock().lock();
    try {
      return store.newMap();
    } finally {
      store.lock().unlock();
    }
  }

  private void write(FileMap map, long offset, ByteBuffer source) {
    try (PreparedWrite prepared = store.prepare(offset, source)) {
      store.lock().lock();
      try {
        store.write(map, prepared);
      } finally {
        store.lock().unlock();
      }
    }
  }

  private void release(FileMap map) {
    store.lock().lock();
    try {
      store.release(map);
    } finally {
      store.lock().unlock();
    }
  }

  private ByteBuffer randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return ByteBuffer.allocateDirect(length).put(bytes).flip();
  }

  private void sequential() {
    ByteBuffer source = randomBytes(MEBIBYTE);
    int count = 512;
    ByteBuffer plain = ByteBuffer.allocateDirect(count * MEBIBYTE);
    FileMap map = newMap();
    for (int round = 0; round < 6; round++) {
      long start = nanos();
      for (int i = 0; i < count; i++) {
        plain.put(i * MEBIBYTE, source, 0, MEBIBYTE);
      }
      double copyOut = rate(count, start);
      start = nanos();
      for (int i = 0; i < count; i++) {
        source.put(0, plain, i * MEBIBYTE, MEBIBYTE);
      }
      double copyIn = rate(count, start);
      start = nanos();
      for (int i = 0; i < count; i++) {
        write(map, (long) i * MEBIBYTE, source);
      }
      double written = rate(count, start);
      start = nanos();
      for (int i = 0; i < count; i++) {
        store.read(map, (long) i * MEBIBYTE, source.clear());
      }
      double read = rate(count, start);
      source.clear();
      if (round == 0) {
        print("1 MiB sequential first write", written, "MiB/s");
      }
      if (round == 5) {
        print("1 MiB sequential overwrite", written, "MiB/s");
        print("  of a plain copy to as large a buffer", 100 * written / copyOut, "%");
        print("1 MiB sequential read", read, "MiB/s");
        print("  of a plain copy from as large a buffer", 100 * read / copyIn, "%");
      }
    }
    release(map);
    store.awaitReclaim();
  }

  private static double rate(int count, long startNanos) {
    return count * 1e9 / (nanos() - startNanos);
  }

  private void randomOverwrite() {
    FileMap map = newMap();
    int mebibytes = 512;
    ByteBuffer fill = randomBytes(MEBIBYTE);
    for (int i = 0; i < mebibytes; i++) {
      write(map, (long) i * MEBIBYTE, fill);
    }
    ByteBuffer source = randomBytes(BLOCK);
    ByteBuffer target = ByteBuffer.allocateDirect(BLOCK);
    int blocks = mebibytes * 256;
    for (int round = 0; round < 4; round++) {
      int count = 1_000_000;
      long start = nanos();
      for (int i = 0; i < count; i++) {
        write(map, (long) random.nextInt(blocks) * BLOCK, source);
      }
      double written = rate(count, start);
      start = nanos();
      for (int i = 0; i < count; i++) {
        store.read(map, (long) random.nextInt(blocks) * BLOCK, target.clear());
      }
      if (round == 3) {
        print("4 KiB random private overwrite, real bytes", written, "/s");
        print("4 KiB random read, real bytes", rate(count, start), "/s");
      }
    }
    release(map);
    store.awaitReclaim();
  }

  /** Maps one word per block, distinct; measures clones and first overwrites. */
  private void large(double gibibytes) {
    String name = gibibytes + " GiB: ";
    long before = store.ledger().nodes.directBytes() + store.ledger().blocks.directBytes();
    FileMap map = newMap();
    long mebibytes = (long) (gibibytes * 1024);
    ByteBuffer source = ByteBuffer.allocateDirect(MEBIBYTE);
    long start = nanos();
    for (long i = 0; i < mebibytes; i++) {
      for (int at = 0; at < MEBIBYTE; at += BLOCK) {
        Words.fill(source, at, BLOCK, i * MEBIBYTE + at + 1, 0);
      }
      write(map, i * MEBIBYTE, source);
    }
    long blocks = mebibytes * 256;
    print(name + "fill with words, 1 MiB calls", mebibytes * 1e9 / (nanos() - start), "MiB/s");
    long after = store.ledger().nodes.directBytes() + store.ledger().blocks.directBytes();
    print(name + "host memory", (after - before) / (double) blocks, "bytes/block");
    clones(name, map);
    overwrites(name, map, blocks);
    store.awaitReclaim();
    start = nanos();
    release(map);
    print(name + "delete, foreground", (nanos() - start) / 1e3, "us");
    start = nanos();
    store.awaitReclaim();
    print(name + "reclaim", blocks * 1e3 / (nanos() - start), "M blocks/s");
  }

  private void clones(String name, FileMap map) {
    int count = 200_000;
    for (int round = 0; round < 3; round++) {
      FileMap[] clones = new FileMap[count];
      store.lock().lock();
      try {
        for (int i = 0; i < count; i++) {
          clones[i] = store.newMap();
        }
        long start = nanos();
        for (FileMap clone : clones) {
          store.sharing().cloneWhole(map, clone);
        }
        if (round == 2) {
          print(name + "clone of the whole file", (nanos() - start) / (double) count, "ns");
        }
        for (FileMap clone : clones) {
          store.release(clone);
        }
      } finally {
        store.lock().unlock();
      }
    }
  }

  private void overwrites(String name, FileMap map, long blocks) {
    ByteBuffer word = ByteBuffer.allocateDirect(BLOCK);
    int count = 300_000;
    for (int round = 0; round < 3; round++) {
      long start = nanos();
      for (int i = 0; i < count; i++) {
        write(map, random.nextLong(blocks) * BLOCK, word);
      }
      if (round == 2) {
        print(name + "private overwrite, map only", (nanos() - start) / (double) count, "ns");
      }
    }
    int firsts = 20_000;
    long[] nanos = new long[firsts];
    for (int i = 0; i < firsts; i++) {
      FileMap clone = newMap();
      store.lock().lock();
      try {
        store.sharing().cloneWhole(map, clone);
      } finally {
        store.lock().unlock();
      }
      long offset = random.nextLong(blocks) * BLOCK;
      try (PreparedWrite prepared = store.prepare(offset, word)) {
        store.lock().lock();
        try {
          // A median of short times stands preemption; reading the processor time would add to it.
          long start = System.nanoTime();
          store.write(clone, prepared);
          nanos[i] = System.nanoTime() - start;
        } finally {
          store.lock().unlock();
        }
      }
      release(clone);
      store.awaitReclaim();
    }
    Arrays.sort(nanos);
    print(name + "first overwrite after a clone, median", nanos[firsts / 2] / 1e3, "us");
    print(name + "first overwrite after a clone, p99", nanos[firsts * 99 / 100] / 1e3, "us");
  }

  private void manyClones() {
    FileMap map = newMap();
    write(map, 0, randomBytes(MEBIBYTE));
    long start = nanos();
    FileMap[] clones = new FileMap[1_000_000];
    for (int i = 0; i < clones.length; i++) {
      store.lock().lock();
      try {
        clones[i] = store.newMap();
        store.sharing().cloneWhole(map, clones[i]);
      } finally {
        store.lock().unlock();
      }
    }
    print("a million clones", (nanos() - start) / 1e6, "ms");
    for (FileMap clone : clones) {
      release(clone);
    }
    release(map);
    store.awaitReclaim();
  }

  private void mixed() {
    FileMap map = newMap();
    ByteBuffer fill = ByteBuffer.allocateDirect(MEBIBYTE);
    int mebibytes = 1024;
    for (int i = 0; i < mebibytes; i++) {
      write(map, (long) i * MEBIBYTE, fill);
    }
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong reads = new AtomicLong();
    Thread readerThread =
        new Thread(
            () -> {
              SplittableRandom mine = new SplittableRandom(2);
              ByteBuffer target = ByteBuffer.allocateDirect(8);
              long count = 0;
              while (!stop.get()) {
                store.read(map, (long) mine.nextInt(mebibytes * 256) * BLOCK, target.clear());
                count++;
              }
              reads.set(count);
            });
    readerThread.start();
    ByteBuffer word = ByteBuffer.allocateDirect(BLOCK);
    long count = 0;
    long start = System.nanoTime();
    long end = start + TimeUnit.SECONDS.toNanos(3);
    while (System.nanoTime() < end) {
      for (int i = 0; i < 100; i++) {
        write(map, (long) random.nextInt(mebibytes * 256) * BLOCK, word);
        count++;
      }
    }
    stop.set(true);
    try {
      readerThread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    print("one writer and one reader: writes", count / seconds, "/s");
    print("one writer and one reader: reads", reads.get() / seconds, "/s");
    release(map);
    store.awaitReclaim();
  }
}
