/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nlm;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code nlm4_shareres}.
 *
 * @param sequence no longer used; 0
 */
public record NlmShareResult(NetObject cookie, NlmStatus status, int sequence) implements NlmReply {
  public static NlmShareResult decode(ByteBuf in) {
    return new NlmShareResult(NetObject.decode(in), NlmStatus.decode(in), Xdr.readInt(in));
  }

  @Override
  public void encode(ByteBuf out) {
    cookie.encode(out);
    status.encode(out);
    out.writeInt(sequence);
  }
}
