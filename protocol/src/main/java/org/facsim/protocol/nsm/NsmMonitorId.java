/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nsm;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/** {@code mon_id}: which host is monitored, and for which program. */
public record NsmMonitorId(String monitoredName, NsmCallback program) {
  public static NsmMonitorId decode(ByteBuf in) {
    return new NsmMonitorId(Xdr.readString(in, Nsm.MAX_NAME_BYTES), NsmCallback.decode(in));
  }

  public void encode(ByteBuf out) {
    Xdr.writeString(out, monitoredName);
    program.encode(out);
  }
}
