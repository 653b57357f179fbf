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
 * snapshots, what named states keep, promises of space. Everything of that kind is charged when it
 * comes and given back when it goes ({@link MetadataAccount}), at what it measurably costs. An
 * operation that would make more of it asks first, and is answered with NO_SPACE while the
 * collector still has room to work.
 *
 * <p>Removing needs memory too: a named state keeps what was removed. For that a part is left
 * beyond the limit, so that who is out of room can make some.
 *
 * <p>Thread-safe. What an operation was promised, others may take before it is charged, so the
 * limit may be exceeded by what the operations of a few volumes need at one time.
 */
public final class MetadataBudget {
  /** Up to here a JVM of 64 bits uses references of 4 bytes by itself, with some to spare. */
  private static final long COMPRESSED_HEAP_BYTES = 30L << 30;

  /**
   * The part of the heap that may be filled for good. A collector that finds more than three
   * quarters of the heap alive runs all the time; the rest of those is for the doors.
   */
  private static final double HEAP_PART = 0.70;

  /** What the program has on the heap before a client comes, by measurement. */
  private static final long BASE_BYTES = 24L << 20;

  /** However small the heap is, so much of it is for clients. */
  private static final double LEAST_PART = 0.25;

  /** What removals may take beyond the limit, as a part of it. */
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

  /** What fits into a heap of so many bytes, beside the doors and the collector's own needs. */
  public static MetadataBudget ofHeap(long heapBytes) {
    long wanted = (long) (heapBytes * HEAP_PART) - BASE_BYTES;
    return new MetadataBudget(Math.max(1, Math.max(wanted, (long) (heapBytes * LEAST_PART))));
  }

  /** What fits into this JVM's heap. */
  public static MetadataBudget ofThisJvm() {
    long heapBytes = Runtime.getRuntime().maxMemory();
    return ofHeap(referencesAreSmall() ? heapBytes : heapBytes / 3 * 2);
  }

  /**
   * Charges are sizes with references of 4 bytes; with 8 all takes up to half as much again. A JVM
   * that does not say has them if its heap is small enough, unless it was told otherwise.
   */
  private static boolean referencesAreSmall() {
    return JvmOption.value("UseCompressedOops")
        .map(Boolean::parseBoolean)
        .orElse(Runtime.getRuntime().maxMemory() < COMPRESSED_HEAP_BYTES);
  }

  /**
   * Before anything is changed that takes memory.
   *
   * @throws ArrayException NO_SPACE if so many more bytes do not fit
   */
  public void require(long bytes) {
    if (bytes > 0 && used.get() + bytes > limitBytes) {
      throw exhausted();
    }
  }

  /**
   * The same for a removal, for which there is room longer.
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

  /** For one volume, or for the array itself. */
  public MetadataAccount open() {
    return new MetadataAccount(this);
  }

  void add(long bytes) {
    used.addAndGet(bytes);
  }

  /**
   * So many bytes more, or less, are taken for a while by what waits to be made durable. Never
   * fails: the groups have a bound of their own.
   */
  public void addWaiting(long bytes) {
    used.addAndGet(bytes);
  }

  /** Bytes of heap charged now; those of a loaded array may exceed the limit. */
  public long usedBytes() {
    return used.get();
  }

  /** The most bytes of heap to fill. */
  public long limitBytes() {
    return limitBytes;
  }

  /** What may still be taken, 0 or more. */
  public long freeBytes() {
    return Math.max(0, limitBytes - used.get());
  }
}
