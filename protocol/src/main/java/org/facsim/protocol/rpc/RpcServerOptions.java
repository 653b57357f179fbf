/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

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
 *     of all connections together; a connection that brings the unfinished calls of all of them
 *     above it is closed
 * @param idleTimeout a connection without a byte in either direction and without a call under way
 *     is closed after so long; zero never closes. The default outlasts the five minutes after which
 *     Linux closes its own, and the heartbeat of ESXi by far
 * @param peerTimeout a peer is given up that is gone, that stops in the middle of a call or that
 *     does not take its replies, for so long; zero waits for ever
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
    Duration peerTimeout,
    Optional<RpcEventLoops> loops) {

  /** 1 MiB of data and what may stand around it. */
  public static final int DEFAULT_MAX_RECORD_BYTES = (1 << 20) + (64 << 10);

  /** As the servers of Linux do. */
  public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofMinutes(6);

  /** The default of {@link #peerTimeout}. */
  public static final Duration DEFAULT_PEER_TIMEOUT = Duration.ofMinutes(2);

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
    notNegative(idleTimeout, "idleTimeout");
    notNegative(peerTimeout, "peerTimeout");
  }

  private static void positive(long value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value);
    }
  }

  private static void notNegative(Duration value, String name) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + ": " + value);
    }
  }

  /** The defaults. */
  public static RpcServerOptions listeningOn(InetSocketAddress listen) {
    return new Draft(listen).options();
  }

  public RpcServerOptions withTransport(RpcTransport newTransport) {
    return with(draft -> draft.transport = newTransport);
  }

  public RpcServerOptions withEventLoops(int newEventLoops) {
    return with(draft -> draft.eventLoops = newEventLoops);
  }

  /** With other bounds of a record. */
  public RpcServerOptions withRecordLimits(int newMaxRecordBytes, int newMaxFragments) {
    return with(
        draft -> {
          draft.maxRecordBytes = newMaxRecordBytes;
          draft.maxFragments = newMaxFragments;
        });
  }

  public RpcServerOptions withMaxConnections(int newMaxConnections) {
    return with(draft -> draft.maxConnections = newMaxConnections);
  }

  /** With other bounds of what one connection has in flight. */
  public RpcServerOptions withConnectionLimits(int newRequests, long newBytes) {
    return with(
        draft -> {
          draft.maxConnectionRequests = newRequests;
          draft.maxConnectionBytes = newBytes;
        });
  }

  /** With other bounds of what all connections together have in flight. */
  public RpcServerOptions withTotalLimits(int newRequests, long newBytes) {
    return with(
        draft -> {
          draft.maxTotalRequests = newRequests;
          draft.maxTotalBytes = newBytes;
        });
  }

  public RpcServerOptions withIdleTimeout(Duration newIdleTimeout) {
    return with(draft -> draft.idleTimeout = newIdleTimeout);
  }

  public RpcServerOptions withPeerTimeout(Duration newPeerTimeout) {
    return with(draft -> draft.peerTimeout = newPeerTimeout);
  }

  /** With threads shared with clients or another server. */
  public RpcServerOptions withLoops(RpcEventLoops newLoops) {
    return with(draft -> draft.loops = Optional.of(newLoops));
  }

  private RpcServerOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(listen);
    draft.transport = transport;
    draft.eventLoops = eventLoops;
    draft.maxRecordBytes = maxRecordBytes;
    draft.maxFragments = maxFragments;
    draft.maxConnections = maxConnections;
    draft.maxConnectionRequests = maxConnectionRequests;
    draft.maxConnectionBytes = maxConnectionBytes;
    draft.maxTotalRequests = maxTotalRequests;
    draft.maxTotalBytes = maxTotalBytes;
    draft.idleTimeout = idleTimeout;
    draft.peerTimeout = peerTimeout;
    draft.loops = loops;
    change.accept(draft);
    return draft.options();
  }

  /** Options on their way; begins with the defaults. */
  private static final class Draft {
    private final InetSocketAddress listen;
    private RpcTransport transport = RpcTransport.AUTOMATIC;
    private int eventLoops = RpcEventLoops.defaultCount();
    private int maxRecordBytes = DEFAULT_MAX_RECORD_BYTES;
    private int maxFragments = 1024;
    private int maxConnections = 4096;
    private int maxConnectionRequests = 1024;
    private long maxConnectionBytes = 64L << 20;
    private int maxTotalRequests = 16384;
    private long maxTotalBytes = 256L << 20;
    private Duration idleTimeout = DEFAULT_IDLE_TIMEOUT;
    private Duration peerTimeout = DEFAULT_PEER_TIMEOUT;
    private Optional<RpcEventLoops> loops = Optional.empty();

    Draft(InetSocketAddress listen) {
      this.listen = listen;
    }

    RpcServerOptions options() {
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
          peerTimeout,
          loops);
    }
  }
}
