/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import io.netty.buffer.ByteBuf;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.xdr.Xdr;

/**
 * The bounds of one channel of a session: {@code channel_attrs4}, RFC 8881 section 18.36. All sizes
 * are bytes, of a whole RPC message without the record mark.
 */
record ChannelAttributes(
    int maxRequestBytes, int maxReplyBytes, int maxCachedReplyBytes, int operations, int slots) {
  private static final int MAX_RDMA = 1;

  /** The least with which SEQUENCE and one small operation can be sent and answered. */
  private static final int MIN_REQUEST_BYTES = 128;

  private static final int MIN_REPLY_BYTES = 128;

  static ChannelAttributes read(ByteBuf in) {
    Xdr.readUnsignedInt(in); // the padding of headers, which no transport here has
    int request = bounded(in);
    int reply = bounded(in);
    int cached = bounded(in);
    int operations = bounded(in);
    int slots = bounded(in);
    if (Xdr.readLength(in, MAX_RDMA) == 1) {
      Xdr.readUnsignedInt(in);
    }
    return new ChannelAttributes(request, reply, cached, operations, slots);
  }

  private static int bounded(ByteBuf in) {
    return (int) Math.min(Xdr.readUnsignedInt(in), Integer.MAX_VALUE);
  }

  void write(ByteBuf out) {
    out.writeInt(0);
    out.writeInt(maxRequestBytes);
    out.writeInt(maxReplyBytes);
    out.writeInt(maxCachedReplyBytes);
    out.writeInt(operations);
    out.writeInt(slots);
    out.writeInt(0);
  }

  /**
   * What both ends can do.
   *
   * @throws Nfs4Exception TOOSMALL if this leaves no use of the channel; INVAL without slots
   */
  ChannelAttributes atMost(ChannelAttributes limits, int minOperations) {
    if (maxRequestBytes < MIN_REQUEST_BYTES
        || maxReplyBytes < MIN_REPLY_BYTES
        || operations < minOperations) {
      throw new Nfs4Exception(Nfs4Status.TOOSMALL);
    }
    if (slots == 0) {
      throw new Nfs4Exception(Nfs4Status.INVAL);
    }
    return new ChannelAttributes(
        Math.min(maxRequestBytes, limits.maxRequestBytes),
        Math.min(maxReplyBytes, limits.maxReplyBytes),
        Math.min(maxCachedReplyBytes, limits.maxCachedReplyBytes),
        Math.min(operations, limits.operations),
        Math.min(slots, limits.slots));
  }
}
