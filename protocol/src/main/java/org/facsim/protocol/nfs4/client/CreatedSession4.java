/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs4.client;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * What CREATE_SESSION returned: RFC 8881 section 18.36.
 *
 * @param sequence that of the request
 * @param flags for example whether the connection is the back channel
 * @param fore what the server enforces for calls of the client
 */
public record CreatedSession4(SessionId4 id, int sequence, int flags, ChannelLimits4 fore) {
  /** Reads the results; the back channel's bounds are passed over. */
  public static CreatedSession4 read(ByteBuf in) {
    CreatedSession4 made =
        new CreatedSession4(
            SessionId4.read(in), Xdr.readInt(in), Xdr.readInt(in), ChannelLimits4.read(in));
    ChannelLimits4.read(in);
    return made;
  }
}
