/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what all connections of a server together have in flight: calls whose answers were put
 * off, their bytes, and reply bytes that the network has not taken. At a bound, connections stop
 * reading and wait here until something is given back. Connections that hold less than their share
 * go on, so that none waits for what others hold. The bounds may be exceeded by these shares, and
 * by one turn of each connection, because a connection checks before a call and counts after it.
 */
final class InFlight {
  private final int maxRequests;
  private final long maxBytes;
  private final int shareRequests;
  private final long shareBytes;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

  /**
   * @param connections among which both bounds are shared
   */
  InFlight(int maxRequests, long maxBytes, int connections) {
    this.maxRequests = maxRequests;
    this.maxBytes = maxBytes;
    this.shareRequests = Math.max(1, maxRequests / connections);
    this.shareBytes = Math.max(1, maxBytes / connections);
  }

  boolean hasRoom() {
    return requests.get() < maxRequests && bytes.get() < maxBytes;
  }

  /** Whether a connection that holds this much may begin another call. */
  boolean admits(int heldRequests, long heldBytes) {
    return hasRoom() || (heldRequests < shareRequests && heldBytes < shareBytes);
  }

  void take(int requestCount, long byteCount) {
    requests.addAndGet(requestCount);
    bytes.addAndGet(byteCount);
  }

  void giveBack(int requestCount, long byteCount) {
    requests.addAndGet(-requestCount);
    bytes.addAndGet(-byteCount);
    wakeIfRoom();
  }

  /** Runs {@code resume} once there is room, on the thread that made it; it must not block. */
  void awaitRoom(Runnable resume) {
    waiting.add(resume);
    wakeIfRoom();
  }

  private void wakeIfRoom() {
    while (!waiting.isEmpty() && hasRoom()) {
      Runnable resume = waiting.poll();
      if (resume != null) {
        resume.run();
      }
    }
  }

  int requests() {
    return requests.get();
  }

  long bytes() {
    return bytes.get();
  }
}
