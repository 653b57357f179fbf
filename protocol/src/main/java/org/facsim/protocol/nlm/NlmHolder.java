/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nlm;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code nlm4_holder}: a lock that conflicts with another.
 *
 * @param ownerHandle the holder's name for the owner
 * @param offsetBytes first byte, unsigned
 * @param lengthBytes unsigned; 0 for everything up to the end
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
