/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.array.Volume.CreateMode;

/**
 * What the durable home reaches, on one line each. Not a test: run {@code main DIR [files] [GiB]}.
 */
final class DurableMeasurements {
  private static final int BLOCK = Volume.BLOCK_BYTES;
  private static final int IN_FLIGHT = 64;
  private static final int FILE_BLOCKS = 1 << 16;
  private static final long SECONDS = 4;
  private static final CreateMode MODE = new CreateMode.Guarded();

  private DurableMeasurements() {}

  public static void main(String[] arguments) throws Exception {
    Path parent = Path.of(arguments[0]);
    double perSync = syncedWrites(parent);
    System.out.printf("one fdatasync per 4 KiB write:   %,10.0f /s%n", perSync);
    double stable = stableWrites(parent.resolve("stable"));
    System.out.printf(
        "stable 4 KiB writes, 64 in flight: %,8.0f /s, %.1f times%n", stable, stable / perSync);
    if (arguments.length > 2) {
      restart(
          parent.resolve("restart"),
          Integer.parseInt(arguments[1]),
          Integer.parseInt(arguments[2]));
    }
  }

  /** Overwrites of a file that is fully there: the best case of a write with its own sync. */
  private static double syncedWrites(Path parent) throws IOException {
    Path path = parent.resolve("synced");
    SplittableRandom random = new SplittableRandom(1);
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer chunk = ByteBuffer.allocateDirect(1 << 20);
      for (int at = 0; at < FILE_BLOCKS * BLOCK / (1 << 20); at++) {
        file.write(chunk.clear(), (long) at << 20);
      }
      file.force(true);
      ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
      long count = 0;
      long start = System.nanoTime();
      while (System.nanoTime() - start < SECONDS * 1_000_000_000L) {
        block.putLong(0, count++);
        file.write(block.clear(), (long) random.nextInt(FILE_BLOCKS) * BLOCK);
        file.force(false);
      }
      return count * 1e9 / (System.nanoTime() - start);
    } finally {
      Files.delete(path);
    }
  }

  private static StorageArray open(Path directory) {
    return StorageArray.open(new ArrayOptions(1L << 50, InstantSource.system(), 1), directory);
  }

  private static double stableWrites(Path directory) throws InterruptedException {
    try (StorageArray array = open(directory)) {
      Volume volume = array.createVolume("v", 1L << 40);
      Inode file =
          volume
              .create(Caller.ROOT, volume.root(), Name.of("f"), MODE, AttributeChanges.NONE)
              .inode();
      SplittableRandom random = new SplittableRandom(2);
      byte[] noise = new byte[1 << 20];
      random.nextBytes(noise);
      for (int at = 0; at < FILE_BLOCKS * BLOCK / (1 << 20); at++) {
        volume.write(Caller.ROOT, file, (long) at << 20, ByteBuffer.wrap(noise));
      }
      Semaphore free = new Semaphore(IN_FLIGHT);
      AtomicLong done = new AtomicLong();
      ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
      block.put(noise, 0, BLOCK);
      long start = System.nanoTime();
      for (long i = 0; System.nanoTime() - start < SECONDS * 1_000_000_000L; i++) {
        free.acquire();
        block.clear().putLong(0, i);
        long offset = (long) random.nextInt(FILE_BLOCKS) * BLOCK;
        Mutation written = volume.write(Caller.ROOT, file, offset, block);
        array.whenDurable(
            written.commitGroup(),
            Runnable::run,
            failure -> {
              done.incrementAndGet();
              free.release();
            });
      }
      free.acquire(IN_FLIGHT);
      return done.get() * 1e9 / (System.nanoTime() - start);
    }
  }

  /** A file of equal-word blocks, and many small files in directories of a thousand. */
  private static void restart(Path directory, int files, int gibibytes) {
    try (StorageArray array = open(directory)) {
      Volume volume = array.createVolume("v", 1L << 44);
      Inode large =
          volume
              .create(Caller.ROOT, volume.root(), Name.of("large"), MODE, AttributeChanges.NONE)
              .inode();
      ByteBuffer chunk = ByteBuffer.allocateDirect(1 << 20);
      for (int i = 0; i < chunk.capacity(); i += 8) {
        chunk.putLong(i, i / BLOCK + 1);
      }
      for (long at = 0; at < gibibytes * 1024L; at++) {
        volume.write(Caller.ROOT, large, at << 20, chunk.clear());
      }
      Inode parent = null;
      for (int i = 0; i < files; i++) {
        if (i % 1000 == 0) {
          Name name = Name.of("d" + i);
          parent =
              volume.makeDirectory(Caller.ROOT, volume.root(), name, AttributeChanges.NONE).inode();
        }
        volume.create(Caller.ROOT, parent, Name.of("file" + i), MODE, AttributeChanges.NONE);
      }
    }
    long start = System.nanoTime();
    try (StorageArray array = open(directory)) {
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          "restart with %,d inodes and %d GiB mapped: %.2f s%n",
          array.volumes().get(0).space().inodes(), gibibytes, seconds);
    }
  }
}
