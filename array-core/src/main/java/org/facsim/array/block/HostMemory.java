/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;

/**
 * Direct memory for slabs. Running out of it is an answer (NO_SPACE), not a crash: the JVM's limit
 * ({@code -XX:MaxDirectMemorySize}, by default {@code -Xmx}) is as real to the array as its disks.
 *
 * <p>Slabs are returned to the host at once when their owner closes: see {@link SlabSource}.
 */
final class HostMemory {
  /** Cache lines start at multiples of it, and so do slabs. */
  private static final int ALIGNMENT_BYTES = 64;

  /**
   * A refused allocation costs the JVM a full collection and half a second of waiting, with our
   * caller's lock held; for this long after one, the next are refused at once.
   */
  private static final long REFUSAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final Cleaner UNREACHABLE = Cleaner.create();

  private final long limitBytes;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong refusedAtNanos = new AtomicLong(System.nanoTime() - REFUSAL_NANOS);

  /**
   * @param limitBytes a limit of our own, beside the JVM's
   */
  HostMemory(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /**
   * A zeroed piece of direct memory.
   *
   * @param view the usable part, aligned to a cache line
   * @param sizeBytes what it costs the host
   * @param release gives it back
   */
  record Slab(ByteBuffer view, int sizeBytes, Runnable release) {}

  /**
   * @throws ArrayException NO_SPACE if the host has no direct memory left
   */
  Slab allocate(int sizeBytes) {
    if (bytes.get() + sizeBytes + ALIGNMENT_BYTES > limitBytes
        || System.nanoTime() - refusedAtNanos.get() < REFUSAL_NANOS) {
      throw exhausted(sizeBytes);
    }
    try {
      SlabSource.Piece piece = SlabSource.INSTANCE.allocate(sizeBytes + ALIGNMENT_BYTES);
      bytes.addAndGet(piece.buffer().capacity());
      return new Slab(
          piece.buffer().alignedSlice(ALIGNMENT_BYTES), piece.buffer().capacity(), piece.release());
    } catch (OutOfMemoryError e) {
      refusedAtNanos.set(System.nanoTime());
      throw exhausted(sizeBytes);
    }
  }

  /** Nobody may touch the slab's view from now on. */
  void free(Slab slab) {
    bytes.addAndGet(-slab.sizeBytes());
    slab.release().run();
  }

  /** Gives the slab back when its view cannot be reached any more. */
  void freeWhenUnreachable(Slab slab) {
    int sizeBytes = slab.sizeBytes();
    Runnable release = slab.release();
    UNREACHABLE.register(
        slab.view(),
        () -> {
          bytes.addAndGet(-sizeBytes);
          release.run();
        });
  }

  /** Direct memory held now. */
  long bytes() {
    return bytes.get();
  }

  private ArrayException exhausted(int sizeBytes) {
    return new ArrayException(
        ArrayError.NO_SPACE,
        "host memory: no "
            + (sizeBytes >> 10)
            + " KiB of direct memory left beside the "
            + (bytes.get() >> 20)
            + " MiB in use; raise -XX:MaxDirectMemorySize (or -Xmx)");
  }
}
