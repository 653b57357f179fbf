/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.function.Supplier;

/** One call that a {@link CallTap} wants to hear more of; on the event loop of its connection. */
public interface TappedCall {
  /** What programs find with {@link RpcCall#attachment}. */
  Object attachment();

  /** What is to become of the call; asked once, when it has arrived. */
  CallFate fate();

  /**
   * An answer is complete and about to leave, outside every cache of answers.
   *
   * @param status the first word of results that begin with a status; 0 of other results; {@link
   *     #REFUSED} if the answer is no results
   * @param replyBytes of the record, without its mark
   * @param reply makes a copy of these bytes; to be asked during this call only
   * @return what is to become of the answer
   */
  CallFate answered(long status, int replyBytes, Supplier<byte[]> reply);

  /**
   * Nothing more will happen to the call; told once, on any thread if its connection has ended
   * meanwhile.
   */
  void ended();

  /** The status of an answer that is no results: no status has more than 32 bits. */
  long REFUSED = 1L << 32;
}
