/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/** The replies of RFC 5531 section 9, up to where results follow. */
final class ReplyHeader {
  /** The number of bytes that {@link #accepted} writes. */
  static final int ACCEPTED_BYTES = 24;

  private ReplyHeader() {}

  /**
   * Writes MSG_ACCEPTED with a status that has no data, or with SUCCESS, which results must follow.
   */
  static void accepted(ByteBuf out, int xid, int acceptStatus) {
    out.ensureWritable(ACCEPTED_BYTES);
    out.writeLong(Xdr.twoInts(xid, RpcMessage.REPLY));
    out.writeLong(Xdr.twoInts(RpcMessage.MSG_ACCEPTED, RpcMessage.AUTH_NONE));
    out.writeLong(Xdr.twoInts(0, acceptStatus));
  }

  /**
   * The same with a verifier of RPCSEC_GSS.
   *
   * @return how many bytes were written
   */
  static int accepted(ByteBuf out, int xid, int acceptStatus, byte[] gssVerifier) {
    int start = out.writerIndex();
    out.writeLong(Xdr.twoInts(xid, RpcMessage.REPLY));
    out.writeLong(Xdr.twoInts(RpcMessage.MSG_ACCEPTED, RpcMessage.RPCSEC_GSS));
    Xdr.writeOpaque(out, gssVerifier);
    out.writeInt(acceptStatus);
    return out.writerIndex() - start;
  }

  /** Writes the answer to a NULL call that asks for TLS: RFC 9289 section 4.1. */
  static void startTls(ByteBuf out, int xid) {
    out.writeLong(Xdr.twoInts(xid, RpcMessage.REPLY));
    out.writeLong(Xdr.twoInts(RpcMessage.MSG_ACCEPTED, RpcMessage.AUTH_NONE));
    Xdr.writeString(out, "STARTTLS");
    out.writeInt(RpcMessage.SUCCESS);
  }

  static void programMismatch(ByteBuf out, int xid, int lowestVersion, int highestVersion) {
    accepted(out, xid, RpcMessage.PROG_MISMATCH);
    out.writeInt(lowestVersion);
    out.writeInt(highestVersion);
  }

  static void rpcMismatch(ByteBuf out, int xid) {
    denied(out, xid, RpcMessage.RPC_MISMATCH);
    out.writeInt(RpcMessage.RPC_VERSION);
    out.writeInt(RpcMessage.RPC_VERSION);
  }

  static void authError(ByteBuf out, int xid, AuthStatus why) {
    denied(out, xid, RpcMessage.AUTH_ERROR);
    out.writeInt(why.code());
  }

  private static void denied(ByteBuf out, int xid, int rejectStatus) {
    out.writeInt(xid);
    out.writeInt(RpcMessage.REPLY);
    out.writeInt(RpcMessage.MSG_DENIED);
    out.writeInt(rejectStatus);
  }
}
