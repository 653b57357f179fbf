/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * Looks at the head of a call that has arrived in part, RFC 5531 section 9. It reads nothing: when
 * the call is complete, {@link CredentialCodec} reads and judges it.
 */
final class CallHead {
  /** The arguments cannot be found yet. */
  static final int INCOMPLETE = -1;

  /** It is no call, or one whose arguments may be protected. */
  static final int OTHER = -2;

  private static final int TYPE = 4;
  private static final int RPC_VERSION = 8;
  private static final int PROGRAM = 12;
  private static final int VERSION = 16;
  private static final int PROCEDURE = 20;

  /** Flavor and length of a credential or verifier. */
  private static final int AUTH_BYTES = 8;

  private CallHead() {}

  /**
   * How many bytes are in front of the arguments.
   *
   * @param index where the record begins
   * @param arrivedBytes how much of it is there
   * @return {@link #INCOMPLETE}, {@link #OTHER} or the number
   */
  static int argumentsAt(ByteBuf in, int index, int arrivedBytes) {
    int verifierAt = behindAuth(in, index, RpcMessage.CALL_FIXED_BYTES, arrivedBytes);
    if (verifierAt < 0) {
      return verifierAt;
    }
    if (in.getInt(index + TYPE) != RpcMessage.CALL
        || in.getInt(index + RPC_VERSION) != RpcMessage.RPC_VERSION) {
      return OTHER;
    }
    int flavor = in.getInt(index + RpcMessage.CALL_FIXED_BYTES);
    if (flavor != RpcMessage.AUTH_NONE && flavor != RpcMessage.AUTH_SYS) {
      return OTHER;
    }
    int argumentsAt = behindAuth(in, index, verifierAt, arrivedBytes);
    return argumentsAt > arrivedBytes ? INCOMPLETE : argumentsAt;
  }

  private static int behindAuth(ByteBuf in, int index, int at, int arrivedBytes) {
    if (arrivedBytes < at + AUTH_BYTES) {
      return INCOMPLETE;
    }
    int bodyBytes = in.getInt(index + at + AUTH_BYTES / 2);
    if (bodyBytes < 0 || bodyBytes > RpcMessage.MAX_AUTH_BYTES) {
      return OTHER;
    }
    return at + AUTH_BYTES + bodyBytes + Xdr.paddingBytes(bodyBytes);
  }

  static int program(ByteBuf in, int index) {
    return in.getInt(index + PROGRAM);
  }

  static int version(ByteBuf in, int index) {
    return in.getInt(index + VERSION);
  }

  static int procedure(ByteBuf in, int index) {
    return in.getInt(index + PROCEDURE);
  }
}
