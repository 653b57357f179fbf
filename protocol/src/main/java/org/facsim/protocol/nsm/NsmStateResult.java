/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nsm;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/**
 * {@code sm_stat_res}.
 *
 * @param monitored whether the host is, or can be, monitored
 * @param state the state number of the answering monitor: odd while it is up
 */
public record NsmStateResult(boolean monitored, int state) {
  private static final int SUCCEEDED = 0;
  private static final int FAILED = 1;

  public static NsmStateResult decode(ByteBuf in) {
    int result = Xdr.readInt(in);
    if (result != SUCCEEDED && result != FAILED) {
      throw new XdrException("sm res of value " + result);
    }
    return new NsmStateResult(result == SUCCEEDED, Xdr.readInt(in));
  }

  public void encode(ByteBuf out) {
    out.writeInt(monitored ? SUCCEEDED : FAILED).writeInt(state);
  }
}
