/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/** A part of the duplicate request cache: answers by call, the finished ones bounded in bytes. */
final class ReplyShard {
  private final long maxBytes;
  private final Map<DuplicateRequestCache.Key, RememberedReply> replies = new HashMap<>();
  private final ArrayDeque<RememberedReply> finished = new ArrayDeque<>();
  private long heldBytes;

  ReplyShard(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Enters a call before it runs.
   *
   * @return the call that was entered earlier and is not older than {@code oldestNanos}, or null if
   *     {@code mine} was entered
   */
  synchronized RememberedReply enter(RememberedReply mine, long oldestNanos) {
    RememberedReply earlier = replies.putIfAbsent(mine.key(), mine);
    if (earlier == null || earlier.enteredNanos() - oldestNanos >= 0) {
      return earlier;
    }
    replies.put(mine.key(), mine);
    return null;
  }

  /** Takes a finished answer into account and lets the oldest go. */
  synchronized void finished(RememberedReply reply) {
    finished.add(reply);
    heldBytes += reply.heldBytes();
    while (heldBytes > maxBytes) {
      RememberedReply oldest = finished.remove();
      heldBytes -= oldest.heldBytes();
      replies.remove(oldest.key(), oldest);
    }
  }

  synchronized void forget(RememberedReply reply) {
    replies.remove(reply.key(), reply);
  }

  synchronized long heldBytes() {
    return heldBytes;
  }

  synchronized int running() {
    return (int) replies.values().stream().filter(RememberedReply::isRunning).count();
  }
}
