/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs4.client;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code channel_attrs4}: the bounds of one channel of a session, RFC 8881 section 18.36. Values
 * above 2^31 - 1 are read as that.
 *
 * @param maxRequestBytes of a whole RPC message
 * @param maxReplyBytes likewise
 * @param maxCachedReplyBytes of a reply that the server remembers
 * @param operations the most in one COMPOUND
 * @param slots requests under way
 */
public record ChannelLimits4(
    int maxRequestBytes, int maxReplyBytes, int maxCachedReplyBytes, int operations, int slots) {
  static ChannelLimits4 read(ByteBuf in) {
    Xdr.readInt(in);
    ChannelLimits4 limits =
        new ChannelLimits4(bounded(in), bounded(in), bounded(in), bounded(in), bounded(in));
    if (Xdr.readLength(in, 1) == 1) {
      Xdr.readInt(in);
    }
    return limits;
  }

  private static int bounded(ByteBuf in) {
    return (int) Math.min(Xdr.readUnsignedInt(in), Integer.MAX_VALUE);
  }

  void write(ByteBuf out) {
    out.writeInt(0).writeInt(maxRequestBytes).writeInt(maxReplyBytes).writeInt(maxCachedReplyBytes);
    out.writeInt(operations).writeInt(slots).writeInt(0);
  }
}
