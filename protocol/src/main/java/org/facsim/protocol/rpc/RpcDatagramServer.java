/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves ONC RPC programs (RFC 5531) over UDP: one call per datagram, one datagram per answer, both
 * of at most {@value #MAX_DATAGRAM_BYTES} bytes. Made for programs with small answers: portmap,
 * MOUNT, NSM.
 *
 * <p>A datagram that is not a call is dropped without an answer, so that nobody can make two
 * servers answer each other. A longer datagram arrives truncated and is judged by what is left of
 * it. An answer that does not fit becomes SYSTEM_ERR; the caller can use TCP.
 *
 * <p>Of the {@link RpcServerOptions}, only those apply that do not concern connections or records.
 * Beyond the bound of calls whose answers are put off, further calls are dropped, as by a network
 * under load; the caller retransmits.
 *
 * <p>An answer leaves from the address to which the question was sent, also from a server that
 * listens on a wildcard address: see {@code DatagramSockets}, which also names the exceptions.
 */
public final class RpcDatagramServer implements AutoCloseable {
  /**
   * The longest call and answer: UDPMSGSIZE of the ONC RPC library; no implementation has a smaller
   * bound.
   */
  public static final int MAX_DATAGRAM_BYTES = 8800;

  private static final Logger LOG = LoggerFactory.getLogger(RpcDatagramServer.class);
  private static final long CLOSE_TIMEOUT_MILLIS = 5_000;

  private final RpcEventLoops loops;
  private final boolean ownsLoops;
  private final DatagramSockets sockets;

  private RpcDatagramServer(RpcEventLoops loops, boolean ownsLoops, DatagramSockets sockets) {
    this.loops = loops;
    this.ownsLoops = ownsLoops;
    this.sockets = sockets;
  }

  /**
   * Listens and serves.
   *
   * @throws UncheckedIOException if the address cannot be listened on; for a taken port its cause
   *     is a {@link BindException}
   * @throws IllegalArgumentException if two programs offer the same version of the same number
   */
  public static RpcDatagramServer start(RpcServerOptions options, List<RpcProgram> programs) {
    ServerContext context = ServerContext.of(options, programs, LOG);
    boolean ownsLoops = options.loops().isEmpty();
    RpcEventLoops loops =
        options
            .loops()
            .orElseGet(() -> RpcEventLoops.start(options.transport(), 1, "rpc-udp-server"));
    try {
      return new RpcDatagramServer(loops, ownsLoops, DatagramSockets.open(context, loops));
    } catch (UncheckedIOException e) {
      if (ownsLoops) {
        loops.close();
      }
      throw e;
    }
  }

  /** The address on which the server listens, with the actual port if port 0 was requested. */
  public InetSocketAddress address() {
    return sockets.address();
  }

  /** Stops listening. Later answers are dropped. Closing again does nothing. */
  @Override
  public void close() {
    CompletableFuture<Void> closed = sockets.close();
    if (!loops.inEventLoop()) {
      closed.completeOnTimeout(null, CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS).join();
    }
    if (ownsLoops) {
      loops.close();
    }
  }
}
