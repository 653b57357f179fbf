/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nsm;

import io.netty.buffer.ByteBuf;
import java.util.HexFormat;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code mon}.
 *
 * @param privateHex the {@value Nsm#PRIVATE_BYTES} bytes to give back, in hexadecimal digits
 */
public record NsmMonitorArgs(NsmMonitorId id, String privateHex) {
  public NsmMonitorArgs {
    if (privateHex.length() != 2 * Nsm.PRIVATE_BYTES) {
      throw new IllegalArgumentException("priv " + privateHex);
    }
  }

  public static NsmMonitorArgs decode(ByteBuf in) {
    return new NsmMonitorArgs(
        NsmMonitorId.decode(in),
        HexFormat.of().formatHex(Xdr.readFixedOpaque(in, Nsm.PRIVATE_BYTES)));
  }

  public void encode(ByteBuf out) {
    id.encode(out);
    Xdr.writeFixedOpaque(out, HexFormat.of().parseHex(privateHex));
  }
}
