/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import io.netty.buffer.ByteBuf;
import org.facsim.array.ArrayException;
import org.facsim.protocol.nlm.NlmReply;
import org.facsim.protocol.nlm.NlmStatus;

/** One procedure of NLM that is answered, whether by a reply or by a message. */
interface NlmProcedure<A> {
  /** Reads the arguments; an {@code XdrException} out of it becomes GARBAGE_ARGS. */
  A decode(ByteBuf in);

  /**
   * Does it. Nothing has changed if it throws.
   *
   * @throws ArrayException for what becomes {@link #failure}
   */
  NlmReply perform(NlmCall call, A args);

  /** The answer to what did not happen. */
  NlmReply failure(A args, NlmStatus status);
}
