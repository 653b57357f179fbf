/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import java.time.Duration;
import java.util.Objects;

/**
 * What is to become of an answer that is about to leave: the verdict of {@link
 * CallInterceptor#answered}. The call has been performed, and a memory of answers has it.
 *
 * <p>Over UDP, {@link Kind#CLOSE} and {@link Kind#RESET} are {@link Kind#NO_ANSWER}; {@link
 * Kind#BEHIND} counts the later answers of the array's socket to the same client. Over HTTP, {@link
 * Kind#TWICE} sends the answer once and {@link Kind#BEHIND} waits for its time limit, because a
 * connection has one request at a time.
 *
 * <p>What is held is bounded as with {@link ArrivalVerdict}.
 */
public final class ReplyVerdict implements Verdict {
  /** What a verdict does. */
  public enum Kind {
    /** The answer is sent. */
    SEND,

    /** Executed, but the reply is lost; the connection stays open. */
    NO_ANSWER,

    /**
     * The answer is lost, and the connection is closed after the answers to earlier calls are sent:
     * the peer reads them, then the end of the stream (FIN).
     */
    CLOSE,

    /**
     * The answer is lost, and the connection is reset at once (RST); earlier answers that the peer
     * has not received yet are lost, too.
     */
    RESET,

    /** The answer is sent after a time; later answers of the connection may overtake it. */
    DELAY,

    /** The same record is sent twice. */
    TWICE,

    /** The answer is sent behind later answers of its connection, or after a time. */
    BEHIND
  }

  /** The most answers that one answer can be put behind. */
  public static final int MAX_BEHIND = 1024;

  /** The answer is sent. */
  public static final ReplyVerdict SEND = new ReplyVerdict(Kind.SEND, "", 0, 0);

  private final Kind kind;
  private final String label;
  private final long nanos;
  private final int answers;

  private ReplyVerdict(Kind kind, String label, long nanos, int answers) {
    this.kind = kind;
    this.label = Objects.requireNonNull(label, "label");
    this.nanos = nanos;
    this.answers = answers;
  }

  /** {@link Kind#NO_ANSWER}. */
  public static ReplyVerdict noAnswer(String label) {
    return new ReplyVerdict(Kind.NO_ANSWER, label, 0, 0);
  }

  /** {@link Kind#CLOSE}. */
  public static ReplyVerdict close(String label) {
    return new ReplyVerdict(Kind.CLOSE, label, 0, 0);
  }

  /** {@link Kind#RESET}. */
  public static ReplyVerdict reset(String label) {
    return new ReplyVerdict(Kind.RESET, label, 0, 0);
  }

  /**
   * {@link Kind#DELAY}.
   *
   * @param time more than 0, at most {@link Times#MAX}
   */
  public static ReplyVerdict delay(String label, Duration time) {
    return new ReplyVerdict(Kind.DELAY, label, Times.nanos(time), 0);
  }

  /** {@link Kind#TWICE}. */
  public static ReplyVerdict twice(String label) {
    return new ReplyVerdict(Kind.TWICE, label, 0, 0);
  }

  /**
   * {@link Kind#BEHIND}.
   *
   * @param answers behind how many later answers of the connection, 1 to {@value #MAX_BEHIND}
   * @param limit after which the answer is sent even if fewer have left; at most {@link Times#MAX}
   */
  public static ReplyVerdict behind(String label, int answers, Duration limit) {
    if (answers < 1 || answers > MAX_BEHIND) {
      throw new IllegalArgumentException("behind " + answers + " answers; from 1 to " + MAX_BEHIND);
    }
    return new ReplyVerdict(Kind.BEHIND, label, Times.nanos(limit), answers);
  }

  public Kind kind() {
    return kind;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public boolean passes() {
    return kind == Kind.SEND;
  }

  /** The time of a delay, or the limit of {@link Kind#BEHIND}; otherwise 0. */
  public long nanos() {
    return nanos;
  }

  /** Behind how many later answers; 0 unless {@link Kind#BEHIND}. */
  public int answers() {
    return answers;
  }

  @Override
  public String toString() {
    return label.isEmpty() ? kind.toString() : kind + " (" + label + ")";
  }
}
