/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * Looks at the head of a reply that has arrived in part, RFC 5531 section 9. It reads nothing: when
 * the reply is complete, {@link ReplyDecoder} reads and judges it.
 */
final class ReplyHead {
  /** The results cannot be found yet. */
  static final int INCOMPLETE = -1;

  /** It is no reply with results. */
  static final int OTHER = -2;

  private static final int TYPE = 4;
  private static final int REPLY_STATUS = 8;
  private static final int VERIFIER_LENGTH = 16;
  private static final int VERIFIER_BODY = 20;

  private ReplyHead() {}

  /**
   * How many bytes are in front of the results.
   *
   * @param index where the record begins
   * @param arrivedBytes how much of it is there
   * @return {@link #INCOMPLETE}, {@link #OTHER} or the number
   */
  static int resultsAt(ByteBuf in, int index, int arrivedBytes) {
    if (arrivedBytes < VERIFIER_BODY) {
      return INCOMPLETE;
    }
    int verifierBytes = in.getInt(index + VERIFIER_LENGTH);
    if (in.getInt(index + TYPE) != RpcMessage.REPLY
        || in.getInt(index + REPLY_STATUS) != RpcMessage.MSG_ACCEPTED
        || verifierBytes < 0
        || verifierBytes > RpcMessage.MAX_AUTH_BYTES) {
      return OTHER;
    }
    int statusAt = VERIFIER_BODY + verifierBytes + Xdr.paddingBytes(verifierBytes);
    if (arrivedBytes < statusAt + Integer.BYTES) {
      return INCOMPLETE;
    }
    return in.getInt(index + statusAt) == RpcMessage.SUCCESS ? statusAt + Integer.BYTES : OTHER;
  }

  static int xid(ByteBuf in, int index) {
    return in.getInt(index);
  }
}
