/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.memory;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Direct memory for slabs. If it runs out, that is an answer (NO_SPACE) and not a crash, because
 * the JVM's limit ({@code -XX:MaxDirectMemorySize}, by default {@code -Xmx}) bounds the array like
 * its disks.
 *
 * <p>Slabs are returned to the operating system when their owner closes and not before, because one
 * record in use keeps a slab, and a volume whose files are deleted will be written again. All
 * volumes can use what was freed in payload slabs, which are nearly all slabs, because payload is
 * in one arena. Slabs leave a reserve for the rest of the process, see {@link SlabBudget}.
 */
public final class DirectMemory {
  /** Cache lines start at multiples of it, and so do slabs. */
  static final int ALIGNMENT_BYTES = 64;

  /**
   * A refused allocation costs the JVM a full collection and half a second of waiting, while our
   * caller holds its lock. For this time after it, the next allocations are refused at once.
   */
  private static final long REFUSAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final Logger LOG = LoggerFactory.getLogger(DirectMemory.class);
  private static final long LOG_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final Cleaner UNREACHABLE = Cleaner.create();

  private final long limitBytes;
  private final SlabBudget budget;
  private final LongSupplier nanoClock;
  private final Consumer<String> log;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong refusedAtNanos;
  private final AtomicLong loggedAtNanos;

  /**
   * @param limitBytes a limit of our own, in addition to the JVM's
   */
  public DirectMemory(long limitBytes) {
    this(limitBytes, SlabSource.BUDGET, System::nanoTime, LOG::warn);
  }

  public DirectMemory(
      long limitBytes, SlabBudget budget, LongSupplier nanoClock, Consumer<String> log) {
    this.limitBytes = limitBytes;
    this.budget = budget;
    this.nanoClock = nanoClock;
    this.log = log;
    refusedAtNanos = new AtomicLong(nanoClock.getAsLong() - REFUSAL_NANOS);
    loggedAtNanos = new AtomicLong(nanoClock.getAsLong() - LOG_NANOS);
  }

  /**
   * A zeroed piece of direct memory.
   *
   * @param view the usable part, aligned to a cache line
   * @param sizeBytes what it costs the operating system
   * @param release gives it back
   */
  public record Slab(ByteBuffer view, int sizeBytes, Runnable release) {}

  /**
   * Takes direct memory, zeroed.
   *
   * @throws ArrayException NO_SPACE if there is no direct memory left
   */
  public Slab allocate(int sizeBytes) {
    int takenBytes = sizeBytes + ALIGNMENT_BYTES;
    if (bytes.get() + takenBytes > limitBytes
        || nanoClock.getAsLong() - refusedAtNanos.get() < REFUSAL_NANOS
        || !budget.tryTake(takenBytes)) {
      throw exhausted(sizeBytes);
    }
    try {
      SlabSource.Piece piece = SlabSource.INSTANCE.allocate(takenBytes);
      bytes.addAndGet(takenBytes);
      return new Slab(piece.buffer().alignedSlice(ALIGNMENT_BYTES), takenBytes, piece.release());
    } catch (OutOfMemoryError e) {
      budget.giveBack(takenBytes);
      refusedAtNanos.set(nanoClock.getAsLong());
      throw exhausted(sizeBytes);
    }
  }

  /** Nobody may touch the slab's view from now on. */
  public void free(Slab slab) {
    bytes.addAndGet(-slab.sizeBytes());
    slab.release().run();
    budget.giveBack(slab.sizeBytes());
  }

  /** Whether a piece of a size can be allocated now. */
  public boolean hasLeft(int sizeBytes) {
    return leftBytes() - ALIGNMENT_BYTES >= sizeBytes;
  }

  /** How much direct memory can still be allocated. */
  public long leftBytes() {
    return Math.max(0, Math.min(limitBytes - bytes.get(), budget.leftBytes()));
  }

  /** Gives the slab back when nobody can reach its view any more. */
  public void freeWhenUnreachable(Slab slab) {
    int sizeBytes = slab.sizeBytes();
    Runnable release = slab.release();
    UNREACHABLE.register(
        slab.view(),
        () -> {
          bytes.addAndGet(-sizeBytes);
          release.run();
          budget.giveBack(sizeBytes);
        });
  }

  /** How much direct memory is held now. */
  public long bytes() {
    return bytes.get();
  }

  private ArrayException exhausted(int sizeBytes) {
    long now = nanoClock.getAsLong();
    long last = loggedAtNanos.get();
    if (now - last >= LOG_NANOS && loggedAtNanos.compareAndSet(last, now)) {
      log.accept(
          "host memory is at its end: blocks hold %d MiB, and clients get NO_SPACE;"
                  .formatted(bytes.get() >> 20)
              + " delete files, or raise -XX:MaxDirectMemorySize (or -Xmx)");
    }
    return new ArrayException(
        ArrayError.NO_SPACE,
        "host memory: no "
            + (sizeBytes >> 10)
            + " KiB of direct memory left beside the "
            + (bytes.get() >> 20)
            + " MiB in use; raise -XX:MaxDirectMemorySize (or -Xmx)");
  }
}
