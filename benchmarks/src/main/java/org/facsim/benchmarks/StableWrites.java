/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.Volume;

/**
 * Stable 4 KiB overwrites at random places against what one fdatasync after each write reaches on
 * the same disk. A disk's speed moves; so the two take turns, and the median of the rounds counts.
 */
final class StableWrites {
  private static final int IN_FLIGHT = 64;
  private static final double MIN_FACTOR = 5;

  private final Path directory;
  private final int mib;
  private final long roundNanos;
  private final SplittableRandom random = new SplittableRandom(3);
  private final ByteBuffer block = ArrayUnderTest.bytes(Volume.BLOCK_BYTES);
  private long writes;

  private StableWrites(Path directory, int mib, long roundNanos) {
    this.directory = directory;
    this.mib = mib;
    this.roundNanos = roundNanos;
  }

  static void measure(Path directory, Scale scale, Goals goals) {
    int rounds = scale.quick() ? 1 : 7;
    long nanos = TimeUnit.MILLISECONDS.toNanos(scale.quick() ? 50 : 1000);
    try {
      new StableWrites(directory, scale.stableMib(), nanos).measure(rounds, goals);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("stable writes in " + directory, e);
    }
  }

  private void measure(int rounds, Goals goals) throws IOException, InterruptedException {
    double[] synced = new double[rounds];
    double[] stable = new double[rounds];
    double[] factors = new double[rounds];
    Path plain = directory.resolve("plain");
    try (ArrayUnderTest under = new ArrayUnderTest(directory.resolve("stable"));
        FileChannel file =
            FileChannel.open(plain, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      Inode disk = under.createOfBytes("disk", mib);
      ByteBuffer chunk = ArrayUnderTest.bytes(ArrayUnderTest.MIB);
      for (long at = 0; at < mib; at++) {
        file.write(chunk.rewind(), at * ArrayUnderTest.MIB);
      }
      file.force(true);
      stableRound(under, disk); // warm, and the payload file has its size
      for (int i = 0; i < rounds; i++) {
        synced[i] = syncedRound(file);
        stable[i] = stableRound(under, disk);
        factors[i] = stable[i] / synced[i];
      }
    }
    Arrays.sort(synced);
    Arrays.sort(stable);
    Arrays.sort(factors);
    int middle = rounds / 2;
    goals.add(
        Goals.text(
            "durable: stable 4 KiB writes, %d in flight, times one fdatasync each", IN_FLIGHT),
        ">= 5",
        Goals.text(
            "%.1f (%.1f to %.1f in %d rounds)",
            factors[middle], factors[0], factors[rounds - 1], rounds),
        factors[middle] >= MIN_FACTOR);
    goals.note(
        "  stable writes; writes with one fdatasync each",
        Goals.text("%,.0f/s; %,.0f/s", stable[middle], synced[middle]));
  }

  /** Overwrites of a file that is fully there: the best case of a write with its own sync. */
  private double syncedRound(FileChannel file) throws IOException {
    long count = 0;
    long start = System.nanoTime();
    while (System.nanoTime() - start < roundNanos) {
      block.putLong(0, ++writes);
      file.write(block.rewind(), ArrayUnderTest.randomBlock(random, mib));
      file.force(false);
      count++;
    }
    return count * 1e9 / (System.nanoTime() - start);
  }

  private double stableRound(ArrayUnderTest under, Inode disk) throws InterruptedException {
    Semaphore free = new Semaphore(IN_FLIGHT);
    AtomicLong done = new AtomicLong();
    long start = System.nanoTime();
    while (System.nanoTime() - start < roundNanos) {
      free.acquire();
      block.putLong(0, ++writes);
      long at = ArrayUnderTest.randomBlock(random, mib);
      Mutation written = under.write(disk, at, block.rewind());
      under.array.whenDurable(
          written.transactionGroup(),
          Runnable::run,
          failure -> {
            done.addAndGet(failure == null ? 1 : Long.MIN_VALUE / 2);
            free.release();
          });
    }
    free.acquire(IN_FLIGHT);
    if (done.get() < 0) {
      throw new IllegalStateException("a stable write failed");
    }
    return done.get() * 1e9 / (System.nanoTime() - start);
  }
}
