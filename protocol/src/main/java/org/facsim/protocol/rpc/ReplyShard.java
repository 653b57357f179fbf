/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.HashMap;
import java.util.Map;

/**
 * A part of the duplicate request cache: the calls that run, and the answers of those that ended.
 */
final class ReplyShard {
  /** Calls that are equal but not the same are chained: {@link RememberedReply#next}. */
  private final Map<DuplicateRequestCache.Key, RememberedReply> running = new HashMap<>();

  private final CallOrigins origins;
  private final ReplyRing finished;
  private int runningCount;

  /** The era that began when everything was last forgotten. */
  private long era = RememberedReply.NO_EFFECT + 1;

  /**
   * @param maxBytes bound of the memory for finished answers
   */
  ReplyShard(int maxBytes, CallOrigins origins) {
    this.origins = origins;
    finished = new ReplyRing(maxBytes);
  }

  /**
   * Enters a call before it runs.
   *
   * @return the same call if it was entered earlier and is not older than {@code oldestNanos}, or
   *     null if {@code mine} was entered
   */
  synchronized RememberedReply enter(RememberedReply mine, long oldestNanos) {
    byte[] results = finished.find(mine.key(), oldestNanos, mine.origin(), origins);
    if (results != null) {
      return RememberedReply.finished(mine, results);
    }
    RememberedReply first = running.put(mine.key(), mine);
    for (RememberedReply at = first; at != null; at = at.next) {
      if (at.enteredNanos() - oldestNanos >= 0
          && origins.mayBeRepeated(at.origin().id(), mine.origin())) {
        running.put(mine.key(), first);
        return at;
      }
    }
    mine.next = first;
    runningCount++;
    return null;
  }

  /**
   * Keeps the results of a call that ran. If the call was forgotten meanwhile, its results are kept
   * only if it took effect afterwards.
   */
  synchronized void finished(RememberedReply reply, byte[] results, long effectEra) {
    if (remove(reply) || effectEra == era) {
      finished.add(reply.key(), reply.origin().id(), reply.enteredNanos(), results);
    }
  }

  /** Forgets the calls that ended and those that still run. */
  synchronized void forgetAll(long newEra) {
    era = newEra;
    running.clear();
    runningCount = 0;
    finished.clear();
  }

  synchronized void forget(RememberedReply reply) {
    var unused = remove(reply);
  }

  /** Removes a running call; returns whether it was there. */
  private boolean remove(RememberedReply reply) {
    RememberedReply first = running.remove(reply.key());
    if (first == reply) {
      if (reply.next != null) {
        running.put(reply.key(), reply.next);
      }
      runningCount--;
      return true;
    }
    if (first != null) {
      running.put(reply.key(), first);
    }
    for (RememberedReply at = first; at != null; at = at.next) {
      if (at.next == reply) {
        at.next = reply.next;
        runningCount--;
        return true;
      }
    }
    return false;
  }

  synchronized long heldBytes() {
    return finished.usedBytes();
  }

  synchronized int running() {
    return runningCount;
  }
}
