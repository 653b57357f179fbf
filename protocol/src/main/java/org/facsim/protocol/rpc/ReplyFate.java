/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/** What a {@link TappedCall} says is to become of an answer that is about to leave. */
public enum ReplyFate {
  SEND,

  /** Lost, as in the network; the connection stays. */
  NO_ANSWER,

  /** Lost, and the connection is closed behind earlier answers. */
  CLOSE,

  /** Lost, and the connection is reset. */
  RESET,

  /** Sent after {@link TappedCall#replyNanos}; later answers may overtake it. */
  DELAY,

  /** Sent two times. */
  TWICE,

  /**
   * Sent behind {@link TappedCall#answersBefore} later answers, or after {@link
   * TappedCall#replyNanos}.
   */
  BEHIND
}
