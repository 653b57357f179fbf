/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.HashMap;
import java.util.Map;

/**
 * A part of the duplicate request cache: the calls that run, and the answers of those that ended.
 */
final class ReplyShard {
  private final Map<DuplicateRequestCache.Key, RememberedReply> running = new HashMap<>();
  private final ReplyRing finished;

  /**
   * @param maxBytes bound of the memory for finished answers
   */
  ReplyShard(int maxBytes) {
    finished = new ReplyRing(maxBytes);
  }

  /**
   * Enters a call before it runs.
   *
   * @return the call that was entered earlier and is not older than {@code oldestNanos}, or null if
   *     {@code mine} was entered
   */
  synchronized RememberedReply enter(RememberedReply mine, long oldestNanos) {
    byte[] results = finished.find(mine.key(), oldestNanos);
    if (results != null) {
      return RememberedReply.finished(mine, results);
    }
    RememberedReply earlier = running.putIfAbsent(mine.key(), mine);
    if (earlier == null || earlier.enteredNanos() - oldestNanos >= 0) {
      return earlier;
    }
    running.put(mine.key(), mine);
    return null;
  }

  /** Keeps the results of a call that ran. */
  synchronized void finished(RememberedReply reply, byte[] results) {
    running.remove(reply.key(), reply);
    finished.add(reply.key(), reply.enteredNanos(), results);
  }

  synchronized void forget(RememberedReply reply) {
    running.remove(reply.key(), reply);
  }

  synchronized long heldBytes() {
    return finished.usedBytes();
  }

  synchronized int running() {
    return running.size();
  }
}
