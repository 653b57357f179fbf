/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nlm;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code nlm4_lockargs}.
 *
 * @param block whether to wait if the lock is not free
 * @param reclaim whether the lock was held before the server restarted
 * @param state of the client's NSM, which tells one life of the client from the next
 */
public record NlmLockArgs(
    NetObject cookie, boolean block, boolean exclusive, NlmLock lock, boolean reclaim, int state) {
  public static NlmLockArgs decode(ByteBuf in) {
    return new NlmLockArgs(
        NetObject.decode(in),
        Xdr.readBoolean(in),
        Xdr.readBoolean(in),
        NlmLock.decode(in),
        Xdr.readBoolean(in),
        Xdr.readInt(in));
  }

  public void encode(ByteBuf out) {
    cookie.encode(out);
    Xdr.writeBoolean(out, block);
    Xdr.writeBoolean(out, exclusive);
    lock.encode(out);
    Xdr.writeBoolean(out, reclaim);
    out.writeInt(state);
  }
}
