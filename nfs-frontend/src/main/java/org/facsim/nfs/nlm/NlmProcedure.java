/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import io.netty.buffer.ByteBuf;
import org.facsim.array.ArrayException;
import org.facsim.protocol.nlm.NlmReply;
import org.facsim.protocol.nlm.NlmStatus;

/** One procedure of NLM that has an answer, sent as a reply or as a message. */
interface NlmProcedure<A> {
  /** Reads the arguments; if it throws an {@code XdrException}, the answer is GARBAGE_ARGS. */
  A decode(ByteBuf in);

  /**
   * Executes the procedure. If it throws, nothing has changed.
   *
   * @throws ArrayException for a failure, which {@link #failure} turns into an answer
   */
  NlmReply perform(NlmCall call, A args);

  /** The answer to a call that failed. */
  NlmReply failure(A args, NlmStatus status);
}
