/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nlm;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/** {@code nlm4_cancargs}: names the waiting LOCK by its own arguments. */
public record NlmCancelArgs(NetObject cookie, boolean block, boolean exclusive, NlmLock lock) {
  public static NlmCancelArgs decode(ByteBuf in) {
    return new NlmCancelArgs(
        NetObject.decode(in), Xdr.readBoolean(in), Xdr.readBoolean(in), NlmLock.decode(in));
  }

  public void encode(ByteBuf out) {
    cookie.encode(out);
    Xdr.writeBoolean(out, block);
    Xdr.writeBoolean(out, exclusive);
    lock.encode(out);
  }
}
