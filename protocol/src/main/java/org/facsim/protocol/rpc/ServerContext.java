/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.XdrException;

/** What the connections of one server share. */
record ServerContext(
    RpcServerOptions options, ProgramTable programs, InFlight inFlight, RateLimitedLog log) {
  /**
   * What to answer when a program throws; anything but malformed arguments is a defect and logged.
   */
  int failureStatus(RpcCall failed, Throwable cause) {
    if (cause instanceof XdrException) {
      return RpcMessage.GARBAGE_ARGS;
    }
    log.warn(
        "program %s version %d procedure %d for %s failed"
            .formatted(
                Integer.toUnsignedString(failed.program()),
                failed.version(),
                failed.procedure(),
                failed.client()),
        cause);
    return RpcMessage.SYSTEM_ERR;
  }

  /** Answers a call of a program or version that {@link #programs} does not find. */
  void refuseUnknown(ByteBuf out, int xid, int program) {
    if (programs.knows(program)) {
      ReplyHeader.programMismatch(
          out, xid, programs.lowestVersion(program), programs.highestVersion(program));
    } else {
      ReplyHeader.accepted(out, xid, RpcMessage.PROG_UNAVAIL);
    }
  }
}
