/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.facsim.protocol.xdr.XdrException;
import org.slf4j.Logger;

/** What the connections of one server share; or what one client has that serves, too. */
record ServerContext(
    RpcServerOptions options,
    ProgramTable programs,
    InFlight inFlight,
    InFlight callbacks,
    InFlight kept,
    WireMemory memory,
    ServerConnections connections,
    CallStatistics statistics,
    LongAdder strayReplies,
    RateLimitedLog log,
    boolean readsAlways) {
  /**
   * Makes the context of a server that starts.
   *
   * @throws IllegalArgumentException if two programs offer the same version of the same number
   */
  static ServerContext of(RpcServerOptions options, List<RpcProgram> programs, Logger log) {
    return of(options, programs, log, false);
  }

  /**
   * Of a client whose server may call it. It reads always: if both ends stopped reading until the
   * other one reads, neither would go on.
   */
  static ServerContext ofClient(RpcClientOptions options, Logger log) {
    RpcServerOptions serving =
        RpcServerOptions.listeningOn(new InetSocketAddress(0)) // nobody listens
            .withRecordLimits(options.maxRecordBytes(), ClientConnection.MAX_FRAGMENTS)
            .withMaxConnections(1)
            .withCallbackLimits(options.maxInFlight(), options.maxWaiting(), Integer.MAX_VALUE)
            .withIdleTimeout(Duration.ZERO)
            .withPeerTimeout(Duration.ZERO);
    return of(serving, options.programs(), log, true);
  }

  private static ServerContext of(
      RpcServerOptions options, List<RpcProgram> programs, Logger log, boolean readsAlways) {
    ServerConnections connections = new ServerConnections(options.maxConnections());
    return new ServerContext(
        options,
        new ProgramTable(programs),
        new InFlight(options.maxTotalRequests(), options.maxTotalBytes(), options.maxConnections()),
        new InFlight(
            options.maxTotalCallbacks(), options.maxTotalBytes(), options.maxConnections()),
        new InFlight(KeptBack.MAX_TOTAL_ITEMS, KeptBack.MAX_TOTAL_BYTES, options.maxConnections()),
        new WireMemory(options.maxMemoryBytes(), options.maxConnections(), connections::relieve),
        connections,
        options.statistics().orElseGet(CallStatistics::new),
        new LongAdder(),
        new RateLimitedLog(log, System::nanoTime),
        readsAlways);
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
