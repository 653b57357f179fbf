/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.ArrayList;
import java.util.List;

/** One call that the duplicate request cache knows: running, with its duplicates, or finished. */
final class RememberedReply {
  /** The era of a call that does not say that it took effect. */
  static final long NO_EFFECT = Long.MIN_VALUE;

  /** More duplicates of a running call than this are dropped. */
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

  /** An equal call of another origin that runs, too; guarded by the shard. */
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

  /** Of a call that ran before {@code again}, the same call. */
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
      duplicate.drop(); // too many, or just forgotten: the client will ask again
    } else {
      duplicate.reply().writeBytes(found);
    }
  }

  /**
   * The first call has its results.
   *
   * @param era in which it took effect, or {@link #NO_EFFECT}
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

  /** The first call has none: whoever waits for them is told that the server failed. */
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
