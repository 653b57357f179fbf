/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;

/**
 * Direct memory for slabs. Running out of it is an answer (NO_SPACE), not a crash: the JVM's limit
 * ({@code -XX:MaxDirectMemorySize}, by default {@code -Xmx}) is as real to the array as its disks.
 *
 * <p>Slabs are returned to the host at once when their owner closes, through the one call for it
 * that every JDK since 9 has and none warns about; where it is missing, the collector does it.
 */
final class HostMemory {
  /** Cache lines start at multiples of it, and so do slabs. */
  private static final int ALIGNMENT_BYTES = 64;

  /**
   * A refused allocation costs the JVM a full collection and half a second of waiting, with our
   * caller's lock held; for this long after one, the next are refused at once.
   */
  private static final long REFUSAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final MethodHandle INVOKE_CLEANER = findInvokeCleaner();

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
   * @param whole what {@link #free} takes
   * @param view the usable part, aligned to a cache line
   */
  record Slab(ByteBuffer whole, ByteBuffer view) {}

  /**
   * @throws ArrayException NO_SPACE if the host has no direct memory left
   */
  Slab allocate(int sizeBytes) {
    if (bytes.get() + sizeBytes + ALIGNMENT_BYTES > limitBytes
        || System.nanoTime() - refusedAtNanos.get() < REFUSAL_NANOS) {
      throw exhausted(sizeBytes);
    }
    ByteBuffer whole;
    try {
      whole = ByteBuffer.allocateDirect(sizeBytes + ALIGNMENT_BYTES);
    } catch (OutOfMemoryError e) {
      refusedAtNanos.set(System.nanoTime());
      throw exhausted(sizeBytes);
    }
    bytes.addAndGet(whole.capacity());
    return new Slab(whole, whole.alignedSlice(ALIGNMENT_BYTES));
  }

  /** Nobody may touch the slab's view from now on. */
  void free(Slab slab) {
    bytes.addAndGet(-slab.whole().capacity());
    if (INVOKE_CLEANER == null) {
      return;
    }
    try {
      INVOKE_CLEANER.invokeExact(slab.whole());
    } catch (Throwable e) {
      throw new IllegalStateException("cannot free a slab", e);
    }
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

  private static MethodHandle findInvokeCleaner() {
    try {
      Class<?> unsafe = Class.forName("sun.misc.Unsafe");
      Field instance = unsafe.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      return MethodHandles.lookup()
          .findVirtual(unsafe, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
          .bindTo(instance.get(null));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }
}
