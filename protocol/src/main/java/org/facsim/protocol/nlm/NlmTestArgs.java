/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nlm;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/** {@code nlm4_testargs}: the arguments of TEST and of GRANTED. */
public record NlmTestArgs(NetObject cookie, boolean exclusive, NlmLock lock) {
  public static NlmTestArgs decode(ByteBuf in) {
    return new NlmTestArgs(NetObject.decode(in), Xdr.readBoolean(in), NlmLock.decode(in));
  }

  public void encode(ByteBuf out) {
    cookie.encode(out);
    Xdr.writeBoolean(out, exclusive);
    lock.encode(out);
  }
}
