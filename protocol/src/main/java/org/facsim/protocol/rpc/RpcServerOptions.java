/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How an {@link RpcServer} listens and what it bounds. Start from {@link #listeningOn}. Immutable:
 * each {@code with…} makes another one, and throws IllegalArgumentException for a value that makes
 * no sense.
 */
public final class RpcServerOptions implements Cloneable {
  /** 1 MiB of data and what may stand around it. */
  public static final int DEFAULT_MAX_RECORD_BYTES = (1 << 20) + (64 << 10);

  /** The default of {@link #maxMemoryBytes}. */
  public static final long DEFAULT_MAX_MEMORY_BYTES = 64L << 20;

  /** As the servers of Linux do. */
  public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofMinutes(6);

  /** The default of {@link #peerTimeout}. */
  public static final Duration DEFAULT_PEER_TIMEOUT = Duration.ofMinutes(2);

  // Written by with() alone, before anybody else sees the copy.
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
  private long maxMemoryBytes = DEFAULT_MAX_MEMORY_BYTES;
  private Duration idleTimeout = DEFAULT_IDLE_TIMEOUT;
  private Duration peerTimeout = DEFAULT_PEER_TIMEOUT;
  private Optional<RpcEventLoops> loops = Optional.empty();
  private Optional<CallStatistics> statistics = Optional.empty();
  private CallTap tap = CallTap.NONE;

  private RpcServerOptions(InetSocketAddress listen) {
    this.listen = Objects.requireNonNull(listen, "listen");
  }

  /**
   * The defaults.
   *
   * @param listen address and port; port 0 takes a free one
   */
  public static RpcServerOptions listeningOn(InetSocketAddress listen) {
    return new RpcServerOptions(listen);
  }

  private RpcServerOptions with(Consumer<RpcServerOptions> change) {
    RpcServerOptions copy;
    try {
      copy = (RpcServerOptions) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
    change.accept(copy);
    return copy;
  }

  private static <N extends Number> N positive(N value, String name) {
    if (value.longValue() < 1) {
      throw new IllegalArgumentException(name + ": " + value);
    }
    return value;
  }

  private static Duration notNegative(Duration value, String name) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + ": " + value);
    }
    return value;
  }

  public InetSocketAddress listen() {
    return listen;
  }

  /** Which system interface; of the server's own threads. */
  public RpcTransport transport() {
    return transport;
  }

  public RpcServerOptions withTransport(RpcTransport value) {
    Objects.requireNonNull(value, "transport");
    return with(copy -> copy.transport = value);
  }

  /** Threads that serve connections, 1 or more; unless {@link #loops} are given. */
  public int eventLoops() {
    return eventLoops;
  }

  public RpcServerOptions withEventLoops(int count) {
    return with(copy -> copy.eventLoops = positive(count, "eventLoops"));
  }

  /** Bound of one call, all fragments together; a longer one ends its connection. */
  public int maxRecordBytes() {
    return maxRecordBytes;
  }

  /** Bound of the fragments of one call. */
  public int maxFragments() {
    return maxFragments;
  }

  /** With other bounds of a record. */
  public RpcServerOptions withRecordLimits(int bytes, int fragments) {
    return with(
        copy -> {
          copy.maxRecordBytes = positive(bytes, "maxRecordBytes");
          copy.maxFragments = positive(fragments, "maxFragments");
        });
  }

  /**
   * Bound of open connections. For one more, an idle one of the address that has most is closed,
   * the newest first, which may be the new one.
   */
  public int maxConnections() {
    return maxConnections;
  }

  public RpcServerOptions withMaxConnections(int count) {
    return with(copy -> copy.maxConnections = positive(count, "maxConnections"));
  }

  /** Bound of put-off calls of one connection: at it, its reading stops. */
  public int maxConnectionRequests() {
    return maxConnectionRequests;
  }

  /** Bound of the argument bytes of put-off calls of one connection. */
  public long maxConnectionBytes() {
    return maxConnectionBytes;
  }

  /** With other bounds of what one connection has in flight. */
  public RpcServerOptions withConnectionLimits(int requests, long bytes) {
    return with(
        copy -> {
          copy.maxConnectionRequests = positive(requests, "maxConnectionRequests");
          copy.maxConnectionBytes = positive(bytes, "maxConnectionBytes");
        });
  }

  /** Bound of put-off calls of all connections together. */
  public int maxTotalRequests() {
    return maxTotalRequests;
  }

  /**
   * Bound of the argument bytes of put-off calls, and of the unsent reply bytes, of all connections
   * together.
   */
  public long maxTotalBytes() {
    return maxTotalBytes;
  }

  /** With other bounds of what all connections together have in flight. */
  public RpcServerOptions withTotalLimits(int requests, long bytes) {
    return with(
        copy -> {
          copy.maxTotalRequests = positive(requests, "maxTotalRequests");
          copy.maxTotalBytes = positive(bytes, "maxTotalBytes");
        });
  }

  /**
   * Bound of the direct memory that all connections together hold between two turns, for calls that
   * have arrived in part and for replies that were not taken. At it, connections that hold more
   * than an equal part of it stop being served, and those of them that do not move are closed; see
   * {@link WireMemory}. What the turns themselves need, some ten MiB per event loop, comes on top.
   */
  public long maxMemoryBytes() {
    return maxMemoryBytes;
  }

  public RpcServerOptions withMaxMemoryBytes(long bytes) {
    return with(copy -> copy.maxMemoryBytes = positive(bytes, "maxMemoryBytes"));
  }

  /**
   * A connection without a byte in either direction and without a call under way is closed after so
   * long; zero never closes. The default outlasts the five minutes after which Linux closes its
   * own, and the heartbeat of ESXi by far.
   */
  public Duration idleTimeout() {
    return idleTimeout;
  }

  public RpcServerOptions withIdleTimeout(Duration time) {
    return with(copy -> copy.idleTimeout = notNegative(time, "idleTimeout"));
  }

  /**
   * A peer is given up that is gone, that stops in the middle of a call or that does not take its
   * replies, for so long; zero waits for ever.
   */
  public Duration peerTimeout() {
    return peerTimeout;
  }

  public RpcServerOptions withPeerTimeout(Duration time) {
    return with(copy -> copy.peerTimeout = notNegative(time, "peerTimeout"));
  }

  /**
   * Threads to share, which stay the caller's; empty starts {@link #eventLoops} of the server's own
   * on {@link #transport}.
   */
  public Optional<RpcEventLoops> loops() {
    return loops;
  }

  /** With threads shared with clients or another server. */
  public RpcServerOptions withLoops(RpcEventLoops shared) {
    Optional<RpcEventLoops> value = Optional.of(shared);
    return with(copy -> copy.loops = value);
  }

  /** What hears of every call; {@link CallTap#NONE} unless told. */
  public CallTap tap() {
    return tap;
  }

  public RpcServerOptions withTap(CallTap value) {
    Objects.requireNonNull(value, "tap");
    return with(copy -> copy.tap = value);
  }

  /** Where calls are counted; empty counts them in statistics of the server's own. */
  public Optional<CallStatistics> statistics() {
    return statistics;
  }

  /** Counting together with other servers. */
  public RpcServerOptions withStatistics(CallStatistics shared) {
    Optional<CallStatistics> value = Optional.of(shared);
    return with(copy -> copy.statistics = value);
  }
}
