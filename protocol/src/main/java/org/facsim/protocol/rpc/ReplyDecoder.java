/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/** Reads a reply behind its xid and message type, RFC 5531 section 9. */
final class ReplyDecoder {
  private ReplyDecoder() {}

  /**
   * Reads up to the results.
   *
   * @return null if results follow, otherwise the reason why there are none
   */
  static RpcException refusal(ByteBuf in, PendingCall<?> call) {
    try {
      int replyStatus = Xdr.readInt(in);
      return switch (replyStatus) {
        case RpcMessage.MSG_ACCEPTED -> accepted(in, call);
        case RpcMessage.MSG_DENIED -> denied(in, call);
        default -> malformed(call, "reply status " + replyStatus);
      };
    } catch (XdrException e) {
      return new RpcException(RpcFailure.MALFORMED_REPLY, call.describe(), e);
    }
  }

  private static RpcException accepted(ByteBuf in, PendingCall<?> call) {
    Xdr.readInt(in);
    Xdr.readOpaqueSlice(in, RpcMessage.MAX_AUTH_BYTES);
    int acceptStatus = Xdr.readInt(in);
    return switch (acceptStatus) {
      case RpcMessage.SUCCESS -> null;
      case RpcMessage.PROG_UNAVAIL -> failed(RpcFailure.PROGRAM_UNAVAILABLE, call, "");
      case RpcMessage.PROG_MISMATCH ->
          failed(RpcFailure.PROGRAM_MISMATCH, call, ", the server has " + range(in));
      case RpcMessage.PROC_UNAVAIL -> failed(RpcFailure.PROCEDURE_UNAVAILABLE, call, "");
      case RpcMessage.GARBAGE_ARGS -> failed(RpcFailure.GARBAGE_ARGUMENTS, call, "");
      case RpcMessage.SYSTEM_ERR -> failed(RpcFailure.SYSTEM_ERROR, call, "");
      default -> malformed(call, "accept status " + acceptStatus);
    };
  }

  private static RpcException denied(ByteBuf in, PendingCall<?> call) {
    int rejectStatus = Xdr.readInt(in);
    return switch (rejectStatus) {
      case RpcMessage.RPC_MISMATCH ->
          failed(RpcFailure.RPC_MISMATCH, call, ", the server has " + range(in));
      case RpcMessage.AUTH_ERROR ->
          failed(RpcFailure.AUTH_ERROR, call, ", " + authStatus(Xdr.readInt(in)));
      default -> malformed(call, "reject status " + rejectStatus);
    };
  }

  private static String authStatus(int code) {
    for (AuthStatus status : AuthStatus.values()) {
      if (status.code() == code) {
        return status.name();
      }
    }
    return "auth_stat " + code;
  }

  private static String range(ByteBuf in) {
    return "versions " + Xdr.readUnsignedInt(in) + " to " + Xdr.readUnsignedInt(in);
  }

  private static RpcException malformed(PendingCall<?> call, String what) {
    return failed(RpcFailure.MALFORMED_REPLY, call, ", " + what);
  }

  private static RpcException failed(RpcFailure failure, PendingCall<?> call, String more) {
    return new RpcException(failure, call.describe() + more);
  }
}
