/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/** A call whose answer was put off: answered once, from any thread. */
final class DeferredCall implements RpcCall.DeferredReply {
  private final ServerConnection connection;
  private final ServerCall call;
  private final AtomicBoolean answered = new AtomicBoolean();
  private RpcCall.ReplyEncoder results;
  private Throwable failure;

  DeferredCall(ServerConnection connection, ServerCall call) {
    this.connection = connection;
    this.call = call;
  }

  @Override
  public void complete(RpcCall.ReplyEncoder newResults) {
    Objects.requireNonNull(newResults, "results");
    answerOnce();
    results = newResults;
    connection.answered(this);
  }

  @Override
  public void fail(Throwable cause) {
    Objects.requireNonNull(cause, "cause");
    answerOnce();
    failure = cause;
    connection.answered(this);
  }

  /** The program threw after putting the call off: it will hardly answer any more. */
  void failIfUnanswered(Throwable cause) {
    if (answered.compareAndSet(false, true)) {
      failure = cause;
      connection.answered(this);
    }
  }

  private void answerOnce() {
    if (!answered.compareAndSet(false, true)) {
      throw new IllegalStateException("call " + call.xid() + " was answered before");
    }
  }

  /** On the connection's loop. */
  void encode() {
    if (failure != null) {
      call.encodeFailure(failure);
    } else {
      call.encode(results);
    }
  }

  /** There is nobody left to answer. */
  void discard() {
    if (results != null) {
      results.discard();
    }
    call.endTapped();
  }

  int recordBytes() {
    return call.recordBytes();
  }
}
