/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import java.util.HashMap;
import java.util.Map;

/**
 * What each client has in a table of calls, and whose oldest call must go when a bound is reached.
 * Not thread-safe: the table guards it.
 */
final class ClientShares<C extends RememberedCall<C, A>, A> {
  /** Calls in the order of their coming. */
  static final class Line<C extends RememberedCall<C, A>, A> {
    C oldest;
    C newest;

    void add(C call) {
      call.older = newest;
      if (newest == null) {
        oldest = call;
      } else {
        newest.newer = call;
      }
      newest = call;
    }

    void remove(C call) {
      if (call.older == null) {
        oldest = call.newer;
      } else {
        call.older.newer = call.newer;
      }
      if (call.newer == null) {
        newest = call.older;
      } else {
        call.newer.older = call.older;
      }
      call.older = null;
      call.newer = null;
    }
  }

  /** What one client has. */
  static final class Share<C extends RememberedCall<C, A>, A> {
    final Object client;
    final Line<C, A> running = new Line<>();
    final Line<C, A> ended = new Line<>();
    long bytes;
    int calls;

    Share(Object client) {
      this.client = client;
    }

    Line<C, A> lineOf(C call) {
      return call.hasEnded ? ended : running;
    }

    private boolean hasMoreThan(Share<C, A> other) {
      return calls == other.calls ? bytes > other.bytes : calls > other.calls;
    }
  }

  private final AtMostOnce.Limits limits;

  /** Those that have something. */
  private final Map<Object, Share<C, A>> byClient = new HashMap<>();

  /** That of the last call: many calls in a row are one client's. May have nothing. */
  private Share<C, A> latest;

  ClientShares(AtMostOnce.Limits limits) {
    this.limits = limits;
  }

  /** What a call's client has; nothing yet if it is new. */
  Share<C, A> of(C call) {
    Object client = call.client();
    if (latest == null || !latest.client.equals(client)) {
      Share<C, A> share = byClient.get(client);
      latest = share == null ? new Share<>(client) : share;
    }
    return latest;
  }

  void add(C call, Share<C, A> share) {
    share.lineOf(call).add(call);
    share.bytes += call.bytes;
    if (share.calls++ == 0) {
      byClient.put(share.client, share);
    }
    call.share = share;
  }

  void remove(C call) {
    Share<C, A> share = call.share;
    share.lineOf(call).remove(call);
    share.calls--;
    share.bytes -= call.bytes;
    call.share = null;
    if (share.calls == 0) {
      byClient.remove(share.client);
    }
  }

  void clear() {
    latest = null;
    byClient.clear();
  }

  /**
   * The answer that is forgotten first: the asking client's own oldest if it has its equal part or
   * more, otherwise the oldest of the client that has most. Only a client that has less than its
   * equal part makes this walk over all clients.
   *
   * @return null if there is no answer
   */
  C oldestAnswer(Share<C, A> asking) {
    if (asking.ended.oldest != null) {
      long clients = byClient.size();
      if (asking.calls * clients >= limits.calls() || asking.bytes * clients >= limits.bytes()) {
        return asking.ended.oldest;
      }
    }
    Share<C, A> most = null;
    for (Share<C, A> share : byClient.values()) {
      if (share.ended.oldest != null && (most == null || share.hasMoreThan(most))) {
        most = share;
      }
    }
    return most == null ? null : most.ended.oldest;
  }

  /** The oldest running call of the client that has most; null if none runs. */
  C oldestRunning() {
    Share<C, A> most = null;
    for (Share<C, A> share : byClient.values()) {
      if (share.running.oldest != null && (most == null || share.hasMoreThan(most))) {
        most = share;
      }
    }
    return most == null ? null : most.running.oldest;
  }
}
