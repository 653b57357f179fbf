/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;

/**
 * How RPC can refuse a call that its program could serve, RFC 5531 section 9. The names are those
 * of the RFC.
 */
public enum RpcRefusal {
  PROC_UNAVAIL(RpcMessage.PROC_UNAVAIL, null),
  GARBAGE_ARGS(RpcMessage.GARBAGE_ARGS, null),
  SYSTEM_ERR(RpcMessage.SYSTEM_ERR, null),
  AUTH_BADCRED(0, AuthStatus.BAD_CREDENTIAL),
  AUTH_REJECTEDCRED(0, AuthStatus.REJECTED_CREDENTIAL),
  AUTH_BADVERF(0, AuthStatus.BAD_VERIFIER),
  AUTH_REJECTEDVERF(0, AuthStatus.REJECTED_VERIFIER),
  AUTH_TOOWEAK(0, AuthStatus.TOO_WEAK);

  private static final int AUTH_BASE = 1000;

  private final int acceptStatus;
  private final AuthStatus why;

  RpcRefusal(int acceptStatus, AuthStatus why) {
    this.acceptStatus = acceptStatus;
    this.why = why;
  }

  /**
   * A number that no other refusal has: the accept status, or behind a thousand the {@code
   * auth_stat}.
   */
  public int code() {
    return why == null ? acceptStatus : AUTH_BASE + why.code();
  }

  /**
   * The one of a {@link #code}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static RpcRefusal of(int code) {
    for (RpcRefusal refusal : values()) {
      if (refusal.code() == code) {
        return refusal;
      }
    }
    throw new IllegalArgumentException("refusal " + code);
  }

  /** Appends the whole answer. */
  void write(ByteBuf out, int xid) {
    if (why == null) {
      ReplyHeader.accepted(out, xid, acceptStatus);
    } else {
      ReplyHeader.authError(out, xid, why);
    }
  }
}
