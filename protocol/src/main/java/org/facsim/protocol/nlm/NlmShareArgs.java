/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nlm;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/**
 * {@code nlm4_shareargs}: the arguments of SHARE and UNSHARE.
 *
 * @param deny what others may not do: 0 to 3, the sum of {@link #READ} and {@link #WRITE}
 * @param access what the owner does: likewise
 * @param reclaim whether the reservation was held before the server restarted
 */
public record NlmShareArgs(
    NetObject cookie,
    String callerName,
    Nfs3Handle handle,
    NetObject ownerHandle,
    int deny,
    int access,
    boolean reclaim) {
  public static final int READ = 1;
  public static final int WRITE = 2;

  private static final int BOTH = READ | WRITE;

  public static NlmShareArgs decode(ByteBuf in) {
    return new NlmShareArgs(
        NetObject.decode(in),
        Xdr.readString(in, Nlm.MAX_NAME_BYTES),
        Nfs3Handle.decode(in),
        NetObject.decode(in),
        readBits(in),
        readBits(in),
        Xdr.readBoolean(in));
  }

  private static int readBits(ByteBuf in) {
    int bits = Xdr.readInt(in);
    if (bits < 0 || bits > BOTH) {
      throw new XdrException("fsh4 of value " + bits);
    }
    return bits;
  }

  public void encode(ByteBuf out) {
    cookie.encode(out);
    Xdr.writeString(out, callerName);
    handle.encode(out);
    ownerHandle.encode(out);
    out.writeInt(deny).writeInt(access);
    Xdr.writeBoolean(out, reclaim);
  }
}
