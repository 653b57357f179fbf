/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/** Why a call has no results. */
public enum RpcFailure {
  /** PROG_UNAVAIL: the server does not know the program. */
  PROGRAM_UNAVAILABLE,
  /** PROG_MISMATCH: the server serves other versions of the program. */
  PROGRAM_MISMATCH,
  /** PROC_UNAVAIL: the program does not know the procedure. */
  PROCEDURE_UNAVAILABLE,
  /** GARBAGE_ARGS: the server could not decode the arguments. */
  GARBAGE_ARGUMENTS,
  /** SYSTEM_ERR: the server failed. */
  SYSTEM_ERROR,
  /** RPC_MISMATCH: the server speaks another version of ONC RPC. */
  RPC_MISMATCH,
  /** AUTH_ERROR: the server refuses the credential. */
  AUTH_ERROR,
  /** The reply is not a valid encoding of what was expected. */
  MALFORMED_REPLY,
  /** No reply came in time; the call may have been executed. */
  TIMEOUT,
  /** The connection ended first; the call may have been executed. */
  CONNECTION_LOST,
  /** The connection could not be made. */
  CONNECT_FAILED,
  /** Too many calls wait already; this one was not sent. */
  TOO_MANY_CALLS
}
