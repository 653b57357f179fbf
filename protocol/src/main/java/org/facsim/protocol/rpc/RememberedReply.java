/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.ArrayList;
import java.util.List;

/** One call that the duplicate request cache knows: running, with its duplicates, or finished. */
final class RememberedReply {
  /** The era of a call that did not report that it took effect. */
  static final long NO_EFFECT = Long.MIN_VALUE;

  /** The most waiting duplicates of a running call; further ones are dropped. */
  private static final int MAX_WAITING = 8;

  private enum State {
    RUNNING,
    FINISHED,
    FORGOTTEN
  }

  private final ReplyShard shard;
  private final DuplicateRequestCache.Key key;
  private final CallOrigin origin;
  private final long enteredNanos;

  /** An equal call of another origin that also runs now; guarded by the shard. */
  RememberedReply next;

  // Guarded by this.
  private State state = State.RUNNING;
  private byte[] results;
  private List<RpcCall.DeferredReply> waiting = List.of();

  RememberedReply(
      ReplyShard shard, DuplicateRequestCache.Key key, CallOrigin origin, long enteredNanos) {
    this.shard = shard;
    this.key = key;
    this.origin = origin;
    this.enteredNanos = enteredNanos;
  }

  /** The reply of a finished call, which is the same call as {@code again}. */
  static RememberedReply finished(RememberedReply again, byte[] results) {
    RememberedReply earlier =
        new RememberedReply(again.shard, again.key, again.origin, again.enteredNanos);
    earlier.state = State.FINISHED;
    earlier.results = results;
    return earlier;
  }

  DuplicateRequestCache.Key key() {
    return key;
  }

  /** Where it came from. */
  CallOrigin origin() {
    return origin;
  }

  long enteredNanos() {
    return enteredNanos;
  }

  /** Answers a duplicate: now, or when the first call is answered. */
  void answer(RpcCall duplicate) {
    byte[] found;
    synchronized (this) {
      if (state == State.RUNNING && waiting.size() < MAX_WAITING) {
        if (waiting.isEmpty()) {
          waiting = new ArrayList<>();
        }
        waiting.add(duplicate.defer());
        return;
      }
      found = results;
    }
    if (found == null) {
      duplicate.drop(); // too many wait, or the call was just forgotten: the client will retransmit
    } else {
      duplicate.reply().writeBytes(found);
    }
  }

  /**
   * The first call has its results.
   *
   * @param era the era in which it took effect, or {@link #NO_EFFECT}
   */
  void finish(byte[] newResults, long era) {
    List<RpcCall.DeferredReply> toAnswer;
    synchronized (this) {
      state = State.FINISHED;
      results = newResults;
      toAnswer = waiting;
      waiting = List.of();
    }
    shard.finished(this, newResults, era);
    toAnswer.forEach(reply -> reply.complete(out -> out.writeBytes(newResults)));
  }

  /** The first call has no results: waiting duplicates are answered that the server failed. */
  void forget() {
    shard.forget(this);
    List<RpcCall.DeferredReply> toAnswer;
    synchronized (this) {
      state = State.FORGOTTEN;
      toAnswer = waiting;
      waiting = List.of();
    }
    IllegalStateException cause =
        toAnswer.isEmpty() ? null : new IllegalStateException("the first call has no results");
    toAnswer.forEach(reply -> reply.fail(cause));
  }
}
