/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.ArrayOptions;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.Name;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayEngine;

/**
 * An array with one volume, in memory unless it is told otherwise, driven as a protocol door drives
 * it.
 */
final class ArrayUnderTest implements AutoCloseable {
  static final int MIB = 1 << 20;

  private static final long SIZE_BYTES = 1L << 50;
  private static final long SEED = 20_261_123;

  /** Never written; each user takes a view with a position of its own. */
  private static final ByteBuffer WORDS = makeWords();

  private static final ByteBuffer BYTES = bytes(MIB);

  final StorageArray array;
  final Volume volume;

  ArrayUnderTest() {
    array = ArrayEngine.ephemeral(new ArrayOptions(SIZE_BYTES, InstantSource.system(), SEED));
    volume = array.createVolume("benchmark", SIZE_BYTES);
  }

  /** In a data directory; what was there before is there again. */
  ArrayUnderTest(Path dataDirectory) {
    array =
        ArrayEngine.open(new ArrayOptions(SIZE_BYTES, InstantSource.system(), SEED), dataDirectory);
    volume = array.volume("benchmark").orElseGet(() -> array.createVolume("benchmark", SIZE_BYTES));
  }

  Inode create(String name) {
    return create(volume.root(), name);
  }

  Inode create(Inode directory, String name) {
    return patiently(
            () ->
                volume
                    .names()
                    .create(
                        Caller.ROOT,
                        directory,
                        Name.of(name),
                        new Volume.CreateMode.Guarded(),
                        AttributeChanges.NONE))
        .inode();
  }

  Inode makeDirectory(String name) {
    return patiently(
            () ->
                volume
                    .names()
                    .makeDirectory(
                        Caller.ROOT, volume.root(), Name.of(name), AttributeChanges.NONE))
        .inode();
  }

  /**
   * Makes a change as a client does that is told to come later: while the array is BUSY because the
   * disk is far behind, waits until the disk has what was changed so far.
   */
  private <T> T patiently(Supplier<T> change) {
    while (true) {
      try {
        return change.get();
      } catch (ArrayException e) {
        if (e.error() != ArrayError.BUSY) {
          throw e;
        }
        awaitDurable();
      }
    }
  }

  private void awaitDurable() {
    CompletableFuture<Void> durable = new CompletableFuture<>();
    array.whenDurable(
        volume.transactionGroup(),
        Runnable::run,
        failure -> {
          if (failure == null) {
            durable.complete(null);
          } else {
            durable.completeExceptionally(failure);
          }
        });
    durable.join();
  }

  /** A file of equal-word blocks, none of them a hole, written in requests of 1 MiB. */
  Inode createOfWords(String name, int mib) {
    return fill(create(name), mib, words());
  }

  /** A file whose every block needs a payload slot, written in requests of 1 MiB. */
  Inode createOfBytes(String name, int mib) {
    return fill(create(name), mib, BYTES.duplicate());
  }

  Inode cloneAs(Inode source, String name) {
    return volume
        .clones()
        .cloneAs(Caller.ROOT, source, volume.root(), Name.of(name), AttributeChanges.NONE)
        .inode();
  }

  void remove(String name) {
    volume.names().remove(Caller.ROOT, volume.root(), Name.of(name));
  }

  Mutation write(Inode file, long offsetBytes, ByteBuffer source) {
    return volume.files().write(Caller.ROOT, file, offsetBytes, source);
  }

  int read(Inode file, long offsetBytes, ByteBuffer target) {
    return volume.files().read(Caller.ROOT, file, offsetBytes, target).countBytes();
  }

  /** One MiB in which each block repeats one word of its own, never zero. */
  static ByteBuffer words() {
    return WORDS.duplicate();
  }

  private static ByteBuffer makeWords() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(MIB).order(ByteOrder.nativeOrder());
    for (int at = 0; at < MIB; at += Long.BYTES) {
      buffer.putLong(at, 1L + at / Volume.BLOCK_BYTES);
    }
    return buffer;
  }

  /** Random bytes; the same for the same size. */
  static ByteBuffer bytes(int sizeBytes) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(sizeBytes).order(ByteOrder.nativeOrder());
    SplittableRandom random = new SplittableRandom(SEED);
    for (int at = 0; at < sizeBytes; at += Long.BYTES) {
      buffer.putLong(at, random.nextLong());
    }
    return buffer;
  }

  /** The offset of a random block of a file of this size. */
  static long randomBlock(SplittableRandom random, int mib) {
    return random.nextLong((long) mib * (MIB / Volume.BLOCK_BYTES)) * Volume.BLOCK_BYTES;
  }

  private Inode fill(Inode file, int mib, ByteBuffer source) {
    for (long at = 0; at < (long) mib * MIB; at += MIB) {
      long offsetBytes = at;
      patiently(() -> write(file, offsetBytes, source.rewind()));
    }
    return file;
  }

  @Override
  public void close() {
    array.close();
  }
}
