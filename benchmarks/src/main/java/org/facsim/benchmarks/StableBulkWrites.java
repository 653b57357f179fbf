/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;

/**
 * Stable overwrites of 1 MiB in order, against a plain writer of the same bytes on the same disk
 * that forces its file as often as the array forces its own: each transaction group forces the
 * payload and the log. A disk's speed moves; so the two take turns, and the median of the ratios
 * counts.
 */
final class StableBulkWrites {
  private static final int IN_FLIGHT = 32;
  private static final int FORCES_OF_A_GROUP = 2;
  private static final double MIN_SHARE = 0.8;

  private final int mib;
  private final ByteBuffer bytes = ArrayUnderTest.bytes(ArrayUnderTest.MIB);
  private long writes;

  private StableBulkWrites(int mib) {
    this.mib = mib;
  }

  static void measure(Path directory, Scale scale, Goals goals) {
    try {
      new StableBulkWrites(scale.quick() ? 8 : scale.stableMib())
          .measure(directory, scale.quick() ? 1 : 7, goals);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("stable writes in " + directory, e);
    }
  }

  /** How fast, in MiB/s, and with how many forces. */
  private record Round(double mibPerSecond, int forces) {}

  private void measure(Path directory, int rounds, Goals goals)
      throws IOException, InterruptedException {
    double[] plain = new double[rounds];
    double[] stable = new double[rounds];
    double[] shares = new double[rounds];
    int forces = 0;
    try (ArrayUnderTest under = new ArrayUnderTest(directory.resolve("bulk"));
        FileChannel file =
            FileChannel.open(
                directory.resolve("plain-bulk"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)) {
      Inode disk = under.createOfBytes("disk", mib);
      stableRound(under, disk); // warm, and the payload file has its size
      plainRound(file, 1);
      for (int i = 0; i < rounds; i++) {
        Round round = stableRound(under, disk);
        forces = round.forces();
        stable[i] = round.mibPerSecond();
        plain[i] = plainRound(file, forces);
        shares[i] = stable[i] / plain[i];
      }
    }
    Arrays.sort(plain);
    Arrays.sort(stable);
    Arrays.sort(shares);
    int middle = rounds / 2;
    goals.add(
        Goals.text(
            "durable: stable 1 MiB writes, %d in flight, share of a plain writer's with as many"
                + " fdatasyncs",
            IN_FLIGHT),
        ">= 80 %",
        Goals.text(
            "%.0f %% (%.0f to %.0f in %d rounds)",
            100 * shares[middle], 100 * shares[0], 100 * shares[rounds - 1], rounds),
        shares[middle] >= MIN_SHARE);
    goals.note(
        "  stable writes; plain writer; fdatasyncs for " + mib + " MiB",
        Goals.text("%,.0f MiB/s; %,.0f MiB/s; %d", stable[middle], plain[middle], forces));
  }

  /** Overwrites of a file that is fully there: the best case of a plain writer. */
  private double plainRound(FileChannel file, int forces) throws IOException {
    long start = System.nanoTime();
    int forced = 0;
    for (int at = 0; at < mib; at++) {
      bytes.putLong(0, ++writes);
      file.write(bytes.rewind(), (long) at * ArrayUnderTest.MIB);
      for (; forced < (long) forces * (at + 1) / mib; forced++) {
        file.force(false);
      }
    }
    return mib * 1e9 / (System.nanoTime() - start);
  }

  private Round stableRound(ArrayUnderTest under, Inode disk) throws InterruptedException {
    Semaphore free = new Semaphore(IN_FLIGHT);
    AtomicLong failures = new AtomicLong();
    Set<Long> groups = ConcurrentHashMap.newKeySet();
    long start = System.nanoTime();
    for (int at = 0; at < mib; at++) {
      free.acquire();
      bytes.putLong(0, ++writes);
      Mutation written = under.write(disk, (long) at * ArrayUnderTest.MIB, bytes.rewind());
      groups.add(written.transactionGroup());
      under.array.whenDurable(
          written.transactionGroup(),
          Runnable::run,
          failure -> {
            failures.addAndGet(failure == null ? 0 : 1);
            free.release();
          });
    }
    free.acquire(IN_FLIGHT);
    if (failures.get() > 0) {
      throw new IllegalStateException("a stable write failed");
    }
    double mibPerSecond = mib * 1e9 / (System.nanoTime() - start);
    return new Round(mibPerSecond, FORCES_OF_A_GROUP * groups.size());
  }
}
