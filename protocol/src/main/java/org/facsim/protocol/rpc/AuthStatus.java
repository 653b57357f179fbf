/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/** Why a call is refused before it reaches a program, RFC 5531 section 9: {@code auth_stat}. */
public enum AuthStatus {
  BAD_CREDENTIAL(1),
  REJECTED_CREDENTIAL(2),
  BAD_VERIFIER(3),
  REJECTED_VERIFIER(4),
  TOO_WEAK(5),
  /** {@code RPCSEC_GSS_CREDPROBLEM}: no such context, or not its credential (RFC 2203). */
  GSS_CREDENTIAL_PROBLEM(13),
  /** {@code RPCSEC_GSS_CTXPROBLEM}: the client must make a new context. */
  GSS_CONTEXT_PROBLEM(14);

  private final int code;

  AuthStatus(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
