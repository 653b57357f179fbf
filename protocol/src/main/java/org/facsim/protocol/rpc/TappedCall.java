/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;

/**
 * One call that a {@link CallTap} wants to hear more of; on the event loop of its connection. One
 * object for each call, so that nothing else need be made for it.
 */
public interface TappedCall {
  /** The status of an answer that is no results: no status has more than 32 bits. */
  long REFUSED = 1L << 32;

  /** What programs find with {@link RpcCall#attachment}. */
  Object attachment();

  /** What is to become of the call; asked once, when it has arrived. */
  CallFate fate();

  /** For how long; see {@link CallFate}. */
  long waitNanos();

  /**
   * Runs a task when the call, or the reading behind it, is to go on; see {@link CallFate}.
   *
   * @param task to be run once, on any thread; at once if there is nothing to wait for
   * @return ends the waiting
   */
  Runnable whenOpen(Runnable task);

  /**
   * What the bytes of a {@link CallFate#LIMIT} pass: takes a number of bytes and returns how many
   * nanoseconds from now they are through.
   *
   * @param latest what was returned last for the same connection, or null; a limit of each
   *     connection for itself is found in it again
   */
  LongUnaryOperator limit(LongUnaryOperator latest);

  /**
   * What to do with a call whose program failed.
   *
   * @return null if it failed for another reason than what this call decided
   */
  Overruling overruling(Throwable failure);

  /**
   * The answer is put off: the call goes on after the record that it came in is gone, and perhaps
   * on other threads. Told before anything of it happens there.
   */
  void putOff();

  /** The answer is that of an earlier call, which this one repeats. */
  void answersFromMemory();

  /**
   * An answer is complete and about to leave, outside every cache of answers.
   *
   * @param status the first word of results that begin with a status; 0 of other results; {@link
   *     #REFUSED} if the answer is no results
   * @param replyBytes of the record, without its mark
   * @param reply makes a copy of these bytes; to be asked during this call only
   * @return what is to become of the answer
   */
  ReplyFate answered(long status, int replyBytes, Supplier<byte[]> reply);

  /** For how long; see {@link ReplyFate}. */
  long replyNanos();

  /** Behind how many others; see {@link ReplyFate}. */
  int answersBefore();

  /**
   * Nothing more will happen to the call; told once, on any thread if its connection has ended
   * meanwhile.
   */
  void ended();
}
