/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nlm;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code nlm4_holder}: a lock that stands against another.
 *
 * @param ownerHandle as its holder calls itself
 * @param offsetBytes first byte, unsigned
 * @param lengthBytes unsigned; 0 for everything behind
 */
public record NlmHolder(
    boolean exclusive, int svid, NetObject ownerHandle, long offsetBytes, long lengthBytes) {
  public static NlmHolder decode(ByteBuf in) {
    return new NlmHolder(
        Xdr.readBoolean(in),
        Xdr.readInt(in),
        NetObject.decode(in),
        Xdr.readLong(in),
        Xdr.readLong(in));
  }

  public void encode(ByteBuf out) {
    Xdr.writeBoolean(out, exclusive);
    out.writeInt(svid);
    ownerHandle.encode(out);
    out.writeLong(offsetBytes).writeLong(lengthBytes);
  }
}
