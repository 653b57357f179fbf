/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Counts the direct memory that the connections of a server hold between two turns: the buffers of
 * calls that have arrived in part, and those of replies that the peers have not taken. Whole
 * buffers are counted, not only the bytes in use.
 *
 * <p>Up to a quarter of the bound, it does not matter how much of a buffer is in use. Above that,
 * memory is <em>short</em>: what a connection has to keep is copied out of its large buffer, and
 * turns are small. At the bound, memory is <em>full</em>: connections that hold more than their
 * share wait, and {@link ServerConnections} closes those of them on which nothing moves. A
 * connection below its share is always served, so connections that hold much cannot stop those that
 * hold little.
 *
 * <p>The bound may be exceeded by the share of each connection, and by one small turn of it.
 * Thread-safe.
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
   * @param full runs whenever memory is taken beyond the bound; must not block
   */
  WireMemory(long maxBytes, int connections, Consumer<WireMemory> full) {
    this.maxBytes = maxBytes;
    this.shareBytes = Math.max(1, maxBytes / connections);
    this.full = full;
  }

  /** Counts more memory, or less if negative. */
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

  /**
   * Whether one and a half times the bound is held: a connection that takes still more is closed at
   * once.
   */
  boolean isOverrun() {
    return bytes.get() >= maxBytes + maxBytes / 2;
  }

  /** Whether this much is more than one connection's share of the bound. */
  boolean isMoreThanShare(long heldBytes) {
    return heldBytes > shareBytes;
  }

  long bytes() {
    return bytes.get();
  }
}
