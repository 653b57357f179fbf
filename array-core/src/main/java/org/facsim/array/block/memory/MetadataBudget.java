/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.memory;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much of the JVM's heap the array may fill with what clients make: inodes, names, attributes,
 * snapshots, what named states keep, and reservations. Everything of that kind is charged when it
 * comes and given back when it goes ({@link MetadataAccount}), at its measured cost. An operation
 * that would make more of it asks first, and gets NO_SPACE while the collector still has room to
 * work.
 *
 * <p>Removing needs memory, too, because a named state keeps what was removed. For that, there is a
 * part beyond the limit, so that a client that is out of room can make some.
 *
 * <p>Thread-safe. Others may take what an operation was granted before the operation charges it. So
 * the limit may be exceeded by what the operations of a few volumes need at one time.
 */
public final class MetadataBudget {
  /** Up to about this heap size, a JVM of 64 bits uses references of 4 bytes by itself. */
  private static final long COMPRESSED_HEAP_BYTES = 30L << 30;

  /**
   * The part of the heap that may be filled for good. If more than three quarters of the heap are
   * alive, the collector runs all the time. What is left of these three quarters is for the doors.
   */
  private static final double HEAP_PART = 0.70;

  /** What the program has on the heap before a client comes, as measured. */
  private static final long BASE_BYTES = 24L << 20;

  /** However small the heap is, this part of it is for clients. */
  private static final double LEAST_PART = 0.25;

  /** Removals may take this fraction of the limit beyond it: one in so many. */
  private static final int RESERVE_PART = 32;

  private static final long LOG_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final Logger LOG = LoggerFactory.getLogger(MetadataBudget.class);

  private final long limitBytes;
  private final long reserveBytes;
  private final AtomicLong used = new AtomicLong();
  private final AtomicLong loggedAtNanos = new AtomicLong(System.nanoTime() - LOG_NANOS);

  /**
   * @param limitBytes of heap, at least 1
   */
  public MetadataBudget(long limitBytes) {
    if (limitBytes < 1) {
      throw new IllegalArgumentException("metadata budget of " + limitBytes + " bytes, at least 1");
    }
    this.limitBytes = limitBytes;
    reserveBytes = limitBytes / RESERVE_PART;
  }

  /** Makes a budget of what fits into a heap, besides what the doors and the collector need. */
  public static MetadataBudget ofHeap(long heapBytes) {
    long wanted = (long) (heapBytes * HEAP_PART) - BASE_BYTES;
    return new MetadataBudget(Math.max(1, Math.max(wanted, (long) (heapBytes * LEAST_PART))));
  }

  /** Makes a budget of what fits into this JVM's heap. */
  public static MetadataBudget ofThisJvm() {
    long heapBytes = Runtime.getRuntime().maxMemory();
    return ofHeap(referencesAreSmall() ? heapBytes : heapBytes / 3 * 2);
  }

  /**
   * Whether references have 4 bytes, as the charges assume. With 8 bytes, everything takes up to
   * half as much again. A JVM that does not say so has small references if its heap is small
   * enough, unless it was told otherwise.
   */
  private static boolean referencesAreSmall() {
    return JvmOption.value("UseCompressedOops")
        .map(Boolean::parseBoolean)
        .orElse(Runtime.getRuntime().maxMemory() < COMPRESSED_HEAP_BYTES);
  }

  /**
   * Checks before anything is changed that takes memory.
   *
   * @throws ArrayException NO_SPACE if this many more bytes do not fit
   */
  public void require(long bytes) {
    if (bytes > 0 && used.get() + bytes > limitBytes) {
      throw exhausted();
    }
  }

  /**
   * The same for a removal, which still has room when nothing else has.
   *
   * @throws ArrayException NO_SPACE
   */
  public void requireForRemoval(long bytes) {
    if (bytes > 0 && used.get() + bytes > limitBytes + reserveBytes) {
      throw exhausted();
    }
  }

  private ArrayException exhausted() {
    String message =
        "heap: the array's metadata takes %d MiB of at most %d MiB; raise -Xmx, or remove files"
            .formatted(used.get() >> 20, limitBytes >> 20);
    long last = loggedAtNanos.get();
    long now = System.nanoTime();
    if (now - last >= LOG_NANOS && loggedAtNanos.compareAndSet(last, now)) {
      LOG.warn("refusing with NO_SPACE what needs more memory: {}", message);
    }
    return new ArrayException(ArrayError.NO_SPACE, message);
  }

  /** Opens an account for one volume, or for the array itself. */
  public MetadataAccount open() {
    return new MetadataAccount(this);
  }

  void add(long bytes) {
    used.addAndGet(bytes);
  }

  /**
   * Charges more bytes, or fewer if negative, for what waits to be made durable. It never fails,
   * because the groups have a bound of their own.
   */
  public void addWaiting(long bytes) {
    used.addAndGet(bytes);
  }

  /** How many bytes of heap are charged now. A loaded array may exceed the limit. */
  public long usedBytes() {
    return used.get();
  }

  /** The most bytes of heap that may be filled. */
  public long limitBytes() {
    return limitBytes;
  }

  /** How many bytes may still be taken, 0 or more. */
  public long freeBytes() {
    return Math.max(0, limitBytes - used.get());
  }
}
