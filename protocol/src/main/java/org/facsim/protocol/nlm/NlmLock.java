/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nlm;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code nlm4_lock}: a range of a file, and its lock owner.
 *
 * @param callerName the name that the NLM host gives itself, at most {@link Nlm#MAX_NAME_BYTES}
 *     bytes
 * @param handle the file's NFSv3 handle
 * @param ownerHandle identifies, with {@code svid}, an owner of that NLM host
 * @param svid mostly a process id; signed
 * @param offsetBytes first byte, unsigned
 * @param lengthBytes unsigned; 0 for everything up to the end
 */
public record NlmLock(
    String callerName,
    Nfs3Handle handle,
    NetObject ownerHandle,
    int svid,
    long offsetBytes,
    long lengthBytes) {
  public static NlmLock decode(ByteBuf in) {
    return new NlmLock(
        Xdr.readString(in, Nlm.MAX_NAME_BYTES),
        Nfs3Handle.decode(in),
        NetObject.decode(in),
        Xdr.readInt(in),
        Xdr.readLong(in),
        Xdr.readLong(in));
  }

  public void encode(ByteBuf out) {
    Xdr.writeString(out, callerName);
    handle.encode(out);
    ownerHandle.encode(out);
    out.writeInt(svid).writeLong(offsetBytes).writeLong(lengthBytes);
  }
}
