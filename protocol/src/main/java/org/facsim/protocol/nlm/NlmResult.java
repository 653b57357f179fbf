/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nlm;

import io.netty.buffer.ByteBuf;

/** {@code nlm4_res}: the result of LOCK, CANCEL, UNLOCK or GRANTED. */
public record NlmResult(NetObject cookie, NlmStatus status) implements NlmReply {
  public static NlmResult decode(ByteBuf in) {
    return new NlmResult(NetObject.decode(in), NlmStatus.decode(in));
  }

  @Override
  public void encode(ByteBuf out) {
    cookie.encode(out);
    status.encode(out);
  }
}
