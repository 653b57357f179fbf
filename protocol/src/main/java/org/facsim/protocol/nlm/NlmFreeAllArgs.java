/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nlm;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code nlm4_notify}: the arguments of FREE_ALL.
 *
 * @param name the client's
 * @param state of the client's NSM
 */
public record NlmFreeAllArgs(String name, int state) {
  public static NlmFreeAllArgs decode(ByteBuf in) {
    return new NlmFreeAllArgs(Xdr.readString(in, Nlm.MAX_NAME_BYTES), Xdr.readInt(in));
  }

  public void encode(ByteBuf out) {
    Xdr.writeString(out, name);
    out.writeInt(state);
  }
}
