/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.facsim.protocol.xdr.XdrException;
import org.slf4j.Logger;

/** What the connections of one server share. */
record ServerContext(
    RpcServerOptions options,
    ProgramTable programs,
    InFlight inFlight,
    WireMemory memory,
    ServerConnections connections,
    CallStatistics statistics,
    RateLimitedLog log) {
  /**
   * Makes the context of a server that starts.
   *
   * @throws IllegalArgumentException if two programs offer the same version of the same number
   */
  static ServerContext of(RpcServerOptions options, List<RpcProgram> programs, Logger log) {
    ServerConnections connections = new ServerConnections(options.maxConnections());
    return new ServerContext(
        options,
        new ProgramTable(programs),
        new InFlight(options.maxTotalRequests(), options.maxTotalBytes(), options.maxConnections()),
        new WireMemory(options.maxMemoryBytes(), options.maxConnections(), connections::relieve),
        connections,
        options.statistics().orElseGet(CallStatistics::new),
        new RateLimitedLog(log, System::nanoTime));
  }

  /**
   * The status of the answer when a program throws. Anything except malformed arguments is a defect
   * and is logged, and an {@link Error} is fatal.
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
    FatalErrors.report(cause);
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
