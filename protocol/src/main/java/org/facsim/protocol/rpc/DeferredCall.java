/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/** A call whose answer was put off. Any thread may answer it, once. */
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

  /**
   * Fails the call if it is unanswered: the program threw after it put the answer off, and will
   * probably not answer.
   */
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

  /** Encodes the answer, on the connection's loop. */
  void encode() {
    if (failure != null) {
      call.encodeFailure(failure);
    } else {
      call.encode(results);
    }
  }

  /** Discards the answer, because the client is gone. */
  void discard() {
    if (results != null) {
      results.discard();
    }
    call.tap().callEnds();
  }

  int recordBytes() {
    return call.recordBytes();
  }
}
