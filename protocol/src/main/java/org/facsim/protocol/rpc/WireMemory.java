/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The direct memory that the connections of a server hold between two turns: the buffers of calls
 * that have arrived in part, and those of replies that the peers have not taken. Whole buffers are
 * counted, not the bytes in them that are still of use.
 *
 * <p>Up to a quarter of the bound nobody cares how much of a buffer is in use. Above it memory is
 * <em>short</em>: what a connection has to keep is copied out of the large buffer it lies in, and
 * turns are small. At the bound memory is <em>full</em>: whoever holds more than its share waits,
 * and {@link ServerConnections} ends those who hold it for nothing. A connection below its share is
 * always served, so those who hold much cannot stop those who hold little.
 *
 * <p>The bound is soft: by the share of each connection, and by one small turn of it. Thread-safe.
 */
final class WireMemory {
  private static final int SHORT_PART = 4;

  private final long maxBytes;
  private final long shareBytes;
  private final Consumer<WireMemory> full;
  private final AtomicLong bytes = new AtomicLong();

  /**
   * @param maxBytes the bound
   * @param connections among which it is shared
   * @param full runs whenever memory is taken that is not there; must not block
   */
  WireMemory(long maxBytes, int connections, Consumer<WireMemory> full) {
    this.maxBytes = maxBytes;
    this.shareBytes = Math.max(1, maxBytes / connections);
    this.full = full;
  }

  /** Books more; or less, if negative. */
  void move(long byBytes) {
    long now = bytes.addAndGet(byBytes);
    if (byBytes > 0 && now >= maxBytes) {
      full.accept(this);
    }
  }

  boolean isShort() {
    return bytes.get() >= maxBytes / SHORT_PART;
  }

  boolean isFull() {
    return bytes.get() >= maxBytes;
  }

  /** Half as much again as the bound: who still takes more has to go at once. */
  boolean isOverrun() {
    return bytes.get() >= maxBytes + maxBytes / 2;
  }

  /** Whether so much is more than one connection's part of the whole. */
  boolean isMoreThanShare(long heldBytes) {
    return heldBytes > shareBytes;
  }

  long bytes() {
    return bytes.get();
  }
}
