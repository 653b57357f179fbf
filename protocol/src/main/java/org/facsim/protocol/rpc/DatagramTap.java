/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.function.LongUnaryOperator;

/**
 * What hears of one call that came in a datagram, and what that makes of the answer. As {@link
 * AnswerTap} is for a call of a connection; but it is made only for a call that something hears of,
 * there is no connection to end, and an answer for which there is no room is lost.
 *
 * <p>Not thread-safe: everything happens on the socket's loop.
 */
final class DatagramTap {
  private final DatagramCall call;
  private final TappedCall tapped;
  private final KeptBack kept;

  /** What the answer passes; null if it is not limited. */
  private LongUnaryOperator limit;

  /** Whether the answer is kept back, so that the call has not ended. */
  private boolean isAnswerKept;

  DatagramTap(DatagramCall call, TappedCall tapped, KeptBack kept) {
    this.call = call;
    this.tapped = tapped;
    this.kept = kept;
  }

  TappedCall tapped() {
    return tapped;
  }

  /** Call and answer pass a limit. */
  void limit(LongUnaryOperator newLimit) {
    limit = newLimit;
  }

  /** Nothing more happens to the call, unless its answer is kept back. */
  void callEnds() {
    if (!isAnswerKept) {
      tapped.ended();
    }
  }

  /**
   * The answer is complete. Takes over its buffer.
   *
   * @param status as in {@link TappedCall#answered}
   * @return false if the answer is lost
   */
  boolean answers(ByteBuf out, long status) {
    ReplyFate fate = tapped.answered(status, out.readableBytes(), () -> ByteBufUtil.getBytes(out));
    long limitNanos = limit == null ? 0 : limit.applyAsLong(out.readableBytes());
    switch (fate) {
      case SEND -> sendOrKeep(out, limitNanos);
      case DELAY -> sendOrKeep(out, limitNanos + tapped.replyNanos());
      case TWICE -> sendTwice(out, limitNanos);
      case BEHIND -> {
        if (!kept.hasRoom()) {
          out.release();
          return false;
        }
        isAnswerKept = true;
        kept.keepBehind(
            new KeptAnswer(out, true), call.client(), tapped.answersBefore(), tapped.replyNanos());
      }
      case NO_ANSWER, CLOSE, RESET -> {
        out.release();
        return false;
      }
    }
    return true;
  }

  private void sendTwice(ByteBuf out, long nanos) {
    ByteBuf again = out.copy();
    sendOrKeep(out, nanos);
    if (nanos > 0) {
      keep(new KeptAnswer(again, false), nanos);
    } else {
      call.send(again);
    }
  }

  private void sendOrKeep(ByteBuf out, long nanos) {
    if (nanos > 0) {
      isAnswerKept = true;
      keep(new KeptAnswer(out, true), nanos);
    } else {
      call.send(out);
      left();
    }
  }

  /** Keeps an answer for a time; beyond the bound it is lost, as in a network that is full. */
  private void keep(KeptAnswer item, long nanos) {
    if (kept.hasRoom()) {
      kept.keepFor(item, nanos);
    } else {
      item.drop();
    }
  }

  private void left() {
    if (kept.hasBehind()) {
      kept.answerLeft(call.client());
    }
  }

  /** An answer that leaves later. */
  private final class KeptAnswer extends KeptBack.Item {
    private final ByteBuf out;
    private final boolean endsCall;

    KeptAnswer(ByteBuf out, boolean endsCall) {
      super(out.readableBytes());
      this.out = out;
      this.endsCall = endsCall;
    }

    @Override
    void goOn() {
      call.send(out);
      end();
      left();
    }

    @Override
    void drop() {
      out.release();
      end();
    }

    private void end() {
      if (endsCall) {
        tapped.ended();
      }
    }
  }
}
