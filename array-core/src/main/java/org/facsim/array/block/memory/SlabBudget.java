/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.memory;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How much direct memory the slabs of all arrays of this process may take: what the JVM grants
 * ({@code -XX:MaxDirectMemorySize}, by default {@code -Xmx}), without a reserve for the rest of the
 * process, which answers clients. Slabs are kept once they are taken. So without a reserve, an
 * array that was full once would leave nothing for network buffers and remembered replies.
 *
 * <p>The JVM counts and bounds direct buffers: Netty's always (with the flags that our launcher
 * gives, on every JDK), and our slabs before JDK 22. From JDK 22 on slabs are arenas, which the JVM
 * does not count, and Netty without {@code sun.misc.Unsafe} uses arenas too, which it counts itself
 * against the same limit. This class counts all slabs on every JDK, and keeps them, together with
 * the JVM's direct buffers, below the limit. Whoever answers clients stays within the reserve by
 * bounds of its own. So the sum never exceeds what the JVM was given.
 *
 * <p>Thread-safe.
 */
public final class SlabBudget {
  private static final int RESERVE_PART = 4;
  private static final long MIN_RESERVE_BYTES = 32L << 20;
  private static final long MAX_RESERVE_BYTES = 512L << 20;

  private final long limitBytes;
  private final long reserveBytes;
  private final boolean countedByPool;
  private final LongSupplier poolBytes;
  private final AtomicLong heldBytes = new AtomicLong();

  /** What others than slabs may take beside the reserve, whether they have taken it yet or not. */
  private final AtomicLong bookedBytes = new AtomicLong();

  /**
   * @param limitBytes for slabs and everybody else together
   * @param poolBytes what the JVM counts as direct buffers now
   * @param countedByPool whether slabs are among those
   */
  SlabBudget(long limitBytes, LongSupplier poolBytes, boolean countedByPool) {
    this.limitBytes = limitBytes;
    this.reserveBytes = reserveBytes(limitBytes);
    this.poolBytes = poolBytes;
    this.countedByPool = countedByPool;
  }

  /**
   * Of this process.
   *
   * @param countedByPool whether the JVM counts slabs among its direct buffers
   */
  static SlabBudget ofThisProcess(boolean countedByPool) {
    BufferPoolMXBean direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .findFirst()
            .orElseThrow();
    return new SlabBudget(limitOfThisProcess(), direct::getMemoryUsed, countedByPool);
  }

  /** The one of this process. */
  public static SlabBudget shared() {
    return SlabSource.BUDGET;
  }

  /** Takes memory for slabs. Returns false, and takes nothing, if there is no more for them. */
  boolean tryTake(long bytes) {
    if (heldBytes.addAndGet(bytes) + bookedBytes.get() <= limitBytes - reserveBytes
        && othersLeave(bytes)) {
      return true;
    }
    heldBytes.addAndGet(-bytes);
    return false;
  }

  /**
   * Whether others leave enough, because slabs cannot have what others hold beyond their reserve.
   */
  private boolean othersLeave(long bytes) {
    long takenBytes =
        countedByPool ? poolBytes.getAsLong() + bytes : poolBytes.getAsLong() + heldBytes.get();
    return takenBytes <= limitBytes;
  }

  void giveBack(long bytes) {
    heldBytes.addAndGet(-bytes);
  }

  /** How much memory slabs can still take. */
  long leftBytes() {
    long booked = bookedBytes.get();
    long othersBytes = poolBytes.getAsLong() - (countedByPool ? heldBytes.get() : 0) - booked;
    long forSlabs = limitBytes - booked - Math.max(reserveBytes, othersBytes);
    return Math.max(0, forSlabs - heldBytes.get());
  }

  /**
   * Books memory for direct buffers that belong neither to slabs nor to the reserve, so that slabs
   * leave it and the reserve stays whole. Returns false, and books nothing, if slabs have it.
   */
  public boolean tryBook(long bytes) {
    if (bytes > leftBytes()) {
      return false;
    }
    if (bookedBytes.addAndGet(bytes) + heldBytes.get() <= limitBytes - reserveBytes) {
      return true;
    }
    bookedBytes.addAndGet(-bytes); // somebody was faster
    return false;
  }

  /** Gives back what was booked, once its buffers are gone. */
  public void giveBackBooked(long bytes) {
    bookedBytes.addAndGet(-bytes);
  }

  /** How much memory the JVM grants to direct buffers. */
  public static long limitOfThisProcess() {
    long bytes = JvmOption.bytes("MaxDirectMemorySize").orElse(0L);
    return bytes > 0 ? bytes : Runtime.getRuntime().maxMemory();
  }

  /** A quarter of the limit, but not absurdly little or much, and never more than half. */
  public static long reserveBytes(long limitBytes) {
    long wanted =
        Math.min(MAX_RESERVE_BYTES, Math.max(MIN_RESERVE_BYTES, limitBytes / RESERVE_PART));
    return Math.min(wanted, limitBytes / 2);
  }
}
