/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/** The numbers of RFC 5531 section 9 that both ends share. */
final class RpcMessage {
  static final int RPC_VERSION = 2;

  static final int CALL = 0;
  static final int REPLY = 1;

  static final int MSG_ACCEPTED = 0;
  static final int MSG_DENIED = 1;

  static final int SUCCESS = 0;
  static final int PROG_UNAVAIL = 1;
  static final int PROG_MISMATCH = 2;
  static final int PROC_UNAVAIL = 3;
  static final int GARBAGE_ARGS = 4;
  static final int SYSTEM_ERR = 5;

  static final int RPC_MISMATCH = 0;
  static final int AUTH_ERROR = 1;

  static final int AUTH_NONE = 0;
  static final int AUTH_SYS = 1;
  static final int AUTH_SHORT = 2;
  static final int RPCSEC_GSS = 6;
  static final int AUTH_TLS = 7;

  /** The longest body of a credential or verifier, RFC 5531 section 8.2. */
  static final int MAX_AUTH_BYTES = 400;

  static final int MAX_MACHINE_NAME_BYTES = 255;
  static final int MAX_GROUPS = 16;

  /** xid, message type, RPC version, program, version, procedure. */
  static final int CALL_FIXED_BYTES = 24;

  /** xid, message type, reply status. */
  static final int REPLY_FIXED_BYTES = 12;

  private RpcMessage() {}
}
