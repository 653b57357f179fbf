/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.function.LongUnaryOperator;

/**
 * What hears of one call of a connection, if anything does, and what that makes of the answer. Used
 * for call after call, as the {@link ServerCall} that it belongs to.
 *
 * <p>Not thread-safe: everything happens on the connection's loop, except that a call whose
 * connection has ended may end on any thread.
 */
final class AnswerTap {
  private final ServerConnection connection;
  private final SendBatch batch;

  /** Null if nothing wants to hear of the call. */
  private TappedCall tapped;

  /** What call and answer pass; null if they are not limited. */
  private LongUnaryOperator limit;

  /** Whether the answer is kept back, so that the call has not ended. */
  private boolean isAnswerKept;

  AnswerTap(ServerConnection connection, SendBatch batch) {
    this.connection = connection;
    this.batch = batch;
  }

  /** Another call begins, of which nothing hears yet. */
  void begin() {
    tapped = null;
    limit = null;
    isAnswerKept = false;
  }

  /** Something wants to hear of the call. */
  void set(TappedCall newTapped) {
    tapped = newTapped;
  }

  boolean isThere() {
    return tapped != null;
  }

  TappedCall tapped() {
    return tapped;
  }

  /** Call and answer pass a limit. */
  void limit(LongUnaryOperator newLimit) {
    limit = newLimit;
  }

  /** The answer is put off. */
  void putOff() {
    if (tapped != null) {
      tapped.putOff();
    }
  }

  /** What to do with a call whose program failed; null if nothing hears of it, or says anything. */
  Overruling overruling(Throwable failure) {
    return tapped == null ? null : tapped.overruling(failure);
  }

  /** Nothing more happens to the call, unless its answer is kept back. */
  void callEnds() {
    if (tapped != null && !isAnswerKept) {
      tapped.ended();
    }
  }

  /**
   * The answer is complete in the open record of the batch, which this ends or takes back.
   *
   * @return false if the answer is lost
   */
  boolean answers(long status) {
    ReplyFate fate = tapped.answered(status, batch.openBytes(), batch);
    long limitNanos = limit == null ? 0 : limit.applyAsLong(batch.openBytes());
    switch (fate) {
      case SEND -> endOrKeep(limitNanos);
      case DELAY -> endOrKeep(limitNanos + tapped.replyNanos());
      case BEHIND -> {
        KeptAnswer answer = new KeptAnswer(takeOut(), tapped);
        connection
            .kept()
            .keepBehind(answer, null, tapped.answersBefore(), limitNanos + tapped.replyNanos());
      }
      case TWICE -> {
        byte[] record = batch.get();
        endOrKeep(limitNanos);
        if (limitNanos > 0) {
          connection.kept().keepFor(new KeptAnswer(record, null), limitNanos);
        } else {
          batch.append(record);
          connection.answerLeft();
        }
      }
      case NO_ANSWER -> batch.takeBack();
      case CLOSE -> {
        batch.takeBack();
        connection.end().closeCleanly();
      }
      case RESET -> {
        batch.takeBack();
        connection.end().reset();
      }
    }
    return fate != ReplyFate.NO_ANSWER && fate != ReplyFate.CLOSE && fate != ReplyFate.RESET;
  }

  private void endOrKeep(long nanos) {
    if (nanos > 0) {
      connection.kept().keepFor(new KeptAnswer(takeOut(), tapped), nanos);
    } else {
      batch.end();
      connection.answerLeft();
    }
  }

  /** Takes the answer out of the batch, because it leaves later. */
  private byte[] takeOut() {
    byte[] record = batch.get();
    batch.takeBack();
    isAnswerKept = true;
    return record;
  }

  /** An answer that leaves later. */
  private final class KeptAnswer extends KeptBack.Item {
    private final byte[] record;
    private final TappedCall call;

    /**
     * @param call told when the answer has left or is dropped; null for nobody
     */
    KeptAnswer(byte[] record, TappedCall call) {
      super(record.length);
      this.record = record;
      this.call = call;
    }

    @Override
    void goOn() {
      connection.guarded(() -> batch.append(record));
      drop();
      connection.answerLeft();
      connection.keptWentOn();
    }

    @Override
    void drop() {
      if (call != null) {
        call.ended();
      }
    }
  }
}
