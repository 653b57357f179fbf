/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nsm;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code stat_chge}: the arguments of NOTIFY.
 *
 * @param hostName of the host that restarted
 * @param state its new state number
 */
public record NsmStateChange(String hostName, int state) {
  public static NsmStateChange decode(ByteBuf in) {
    return new NsmStateChange(Xdr.readString(in, Nsm.MAX_NAME_BYTES), Xdr.readInt(in));
  }

  public void encode(ByteBuf out) {
    Xdr.writeString(out, hostName);
    out.writeInt(state);
  }
}
