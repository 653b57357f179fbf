/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How an {@link RpcServer} listens and what it bounds. Start from {@link #listeningOn}.
 *
 * @param listen address and port; port 0 takes a free one
 * @param transport which system interface
 * @param eventLoops threads that serve connections, 1 or more
 * @param maxRecordBytes bound of one call, all fragments together; a longer one ends its connection
 * @param maxFragments bound of the fragments of one call
 * @param maxConnections bound of open connections; one more is closed at once
 * @param maxConnectionRequests bound of put-off calls of one connection: at it, its reading stops
 * @param maxConnectionBytes bound of the argument bytes of put-off calls of one connection
 * @param maxTotalRequests bound of put-off calls of all connections together
 * @param maxTotalBytes bound of the argument bytes of put-off calls, and of the unsent reply bytes,
 *     of all connections together
 * @param idleTimeout a connection without a byte in either direction for so long is closed; zero
 *     never closes
 * @param loops threads to share, which stay the caller's; empty starts {@code eventLoops} of the
 *     server's own on {@code transport}
 */
public record RpcServerOptions(
    InetSocketAddress listen,
    RpcTransport transport,
    int eventLoops,
    int maxRecordBytes,
    int maxFragments,
    int maxConnections,
    int maxConnectionRequests,
    long maxConnectionBytes,
    int maxTotalRequests,
    long maxTotalBytes,
    Duration idleTimeout,
    Optional<RpcEventLoops> loops) {

  /** 1 MiB of data and what may stand around it. */
  public static final int DEFAULT_MAX_RECORD_BYTES = (1 << 20) + (64 << 10);

  public RpcServerOptions {
    Objects.requireNonNull(listen, "listen");
    Objects.requireNonNull(transport, "transport");
    Objects.requireNonNull(loops, "loops");
    positive(eventLoops, "eventLoops");
    positive(maxRecordBytes, "maxRecordBytes");
    positive(maxFragments, "maxFragments");
    positive(maxConnections, "maxConnections");
    positive(maxConnectionRequests, "maxConnectionRequests");
    positive(maxConnectionBytes, "maxConnectionBytes");
    positive(maxTotalRequests, "maxTotalRequests");
    positive(maxTotalBytes, "maxTotalBytes");
    if (idleTimeout.isNegative()) {
      throw new IllegalArgumentException("idleTimeout: " + idleTimeout);
    }
  }

  private static void positive(long value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value);
    }
  }

  /** The defaults. */
  public static RpcServerOptions listeningOn(InetSocketAddress listen) {
    return new RpcServerOptions(
        listen,
        RpcTransport.AUTOMATIC,
        RpcEventLoops.defaultCount(),
        DEFAULT_MAX_RECORD_BYTES,
        1024,
        4096,
        1024,
        64L << 20,
        16384,
        256L << 20,
        Duration.ZERO,
        Optional.empty());
  }

  public RpcServerOptions withTransport(RpcTransport newTransport) {
    return new RpcServerOptions(
        listen,
        newTransport,
        eventLoops,
        maxRecordBytes,
        maxFragments,
        maxConnections,
        maxConnectionRequests,
        maxConnectionBytes,
        maxTotalRequests,
        maxTotalBytes,
        idleTimeout,
        loops);
  }

  public RpcServerOptions withEventLoops(int newEventLoops) {
    return new RpcServerOptions(
        listen,
        transport,
        newEventLoops,
        maxRecordBytes,
        maxFragments,
        maxConnections,
        maxConnectionRequests,
        maxConnectionBytes,
        maxTotalRequests,
        maxTotalBytes,
        idleTimeout,
        loops);
  }

  /** With other bounds of a record. */
  public RpcServerOptions withRecordLimits(int newMaxRecordBytes, int newMaxFragments) {
    return new RpcServerOptions(
        listen,
        transport,
        eventLoops,
        newMaxRecordBytes,
        newMaxFragments,
        maxConnections,
        maxConnectionRequests,
        maxConnectionBytes,
        maxTotalRequests,
        maxTotalBytes,
        idleTimeout,
        loops);
  }

  public RpcServerOptions withMaxConnections(int newMaxConnections) {
    return new RpcServerOptions(
        listen,
        transport,
        eventLoops,
        maxRecordBytes,
        maxFragments,
        newMaxConnections,
        maxConnectionRequests,
        maxConnectionBytes,
        maxTotalRequests,
        maxTotalBytes,
        idleTimeout,
        loops);
  }

  /** With other bounds of what one connection has in flight. */
  public RpcServerOptions withConnectionLimits(int newRequests, long newBytes) {
    return new RpcServerOptions(
        listen,
        transport,
        eventLoops,
        maxRecordBytes,
        maxFragments,
        maxConnections,
        newRequests,
        newBytes,
        maxTotalRequests,
        maxTotalBytes,
        idleTimeout,
        loops);
  }

  /** With other bounds of what all connections together have in flight. */
  public RpcServerOptions withTotalLimits(int newRequests, long newBytes) {
    return new RpcServerOptions(
        listen,
        transport,
        eventLoops,
        maxRecordBytes,
        maxFragments,
        maxConnections,
        maxConnectionRequests,
        maxConnectionBytes,
        newRequests,
        newBytes,
        idleTimeout,
        loops);
  }

  public RpcServerOptions withIdleTimeout(Duration newIdleTimeout) {
    return new RpcServerOptions(
        listen,
        transport,
        eventLoops,
        maxRecordBytes,
        maxFragments,
        maxConnections,
        maxConnectionRequests,
        maxConnectionBytes,
        maxTotalRequests,
        maxTotalBytes,
        newIdleTimeout,
        loops);
  }

  /** With threads shared with clients or another server. */
  public RpcServerOptions withLoops(RpcEventLoops newLoops) {
    return new RpcServerOptions(
        listen,
        transport,
        eventLoops,
        maxRecordBytes,
        maxFragments,
        maxConnections,
        maxConnectionRequests,
        maxConnectionBytes,
        maxTotalRequests,
        maxTotalBytes,
        idleTimeout,
        Optional.of(newLoops));
  }
}
