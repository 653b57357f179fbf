/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The settings and bounds of an {@link RpcServer}. Start from {@link #listeningOn}. Immutable: each
 * {@code with…} makes another one, and throws IllegalArgumentException for a value that makes no
 * sense.
 */
public final class RpcServerOptions implements Cloneable {
  /** 1 MiB of data and the headers around it. */
  public static final int DEFAULT_MAX_RECORD_BYTES = (1 << 20) + (64 << 10);

  /** The default of {@link #maxMemoryBytes}. */
  public static final long DEFAULT_MAX_MEMORY_BYTES = 64L << 20;

  /** The value of Linux servers. */
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
  private int maxCallbacks = 64;
  private int maxWaitingCallbacks = 256;
  private int maxTotalCallbacks = 16384;
  private Duration idleTimeout = DEFAULT_IDLE_TIMEOUT;
  private Duration peerTimeout = DEFAULT_PEER_TIMEOUT;
  private Optional<RpcEventLoops> loops = Optional.empty();
  private Optional<CallStatistics> statistics = Optional.empty();
  private CallTap tap = CallTap.NONE;
  private Optional<CallSecurity> security = Optional.empty();
  private Optional<TlsAcceptor> tls = Optional.empty();

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

  /** The system interface of the server's own threads. */
  public RpcTransport transport() {
    return transport;
  }

  public RpcServerOptions withTransport(RpcTransport value) {
    Objects.requireNonNull(value, "transport");
    return with(copy -> copy.transport = value);
  }

  /** How many threads serve connections, 1 or more; not used if {@link #loops} are given. */
  public int eventLoops() {
    return eventLoops;
  }

  public RpcServerOptions withEventLoops(int count) {
    return with(copy -> copy.eventLoops = positive(count, "eventLoops"));
  }

  /** The longest call, all fragments together; a longer one ends its connection. */
  public int maxRecordBytes() {
    return maxRecordBytes;
  }

  /** The most fragments of one call. */
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
   * The most open connections. If one more comes, the newest idle connection of the address that
   * has the most is closed; this may be the new one.
   */
  public int maxConnections() {
    return maxConnections;
  }

  public RpcServerOptions withMaxConnections(int count) {
    return with(copy -> copy.maxConnections = positive(count, "maxConnections"));
  }

  /** The most calls of one connection whose answers are put off; at this bound, reading stops. */
  public int maxConnectionRequests() {
    return maxConnectionRequests;
  }

  /** The most argument bytes of calls of one connection whose answers are put off. */
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

  /** The most calls of all connections together whose answers are put off. */
  public int maxTotalRequests() {
    return maxTotalRequests;
  }

  /**
   * The most bytes, of all connections together, of arguments of calls whose answers are put off
   * and of unsent replies.
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

  /** Bound of calls sent to one client and not answered; further ones wait. */
  public int maxCallbacks() {
    return maxCallbacks;
  }

  /** Bound of calls to one client that are not sent yet; further ones fail. */
  public int maxWaitingCallbacks() {
    return maxWaitingCallbacks;
  }

  /**
   * Bound of calls to all clients together, sent or not. Beyond it calls fail, unless they go to a
   * client that has less than an equal part of it under way.
   */
  public int maxTotalCallbacks() {
    return maxTotalCallbacks;
  }

  /** With other bounds of the calls that programs make to their clients; see {@link RpcPeer}. */
  public RpcServerOptions withCallbackLimits(int inFlight, int waiting, int total) {
    return with(
        copy -> {
          copy.maxCallbacks = positive(inFlight, "maxCallbacks");
          copy.maxWaitingCallbacks = positive(waiting, "maxWaitingCallbacks");
          copy.maxTotalCallbacks = positive(total, "maxTotalCallbacks");
        });
  }

  /**
   * The most direct memory that all connections together hold between two turns, for calls that
   * have arrived in part and for replies that were not taken. At this bound, connections that hold
   * more than an equal part of it are no longer served, and those of them that do not move are
   * closed; see {@link WireMemory}. The turns themselves need some ten MiB per event loop in
   * addition.
   */
  public long maxMemoryBytes() {
    return maxMemoryBytes;
  }

  public RpcServerOptions withMaxMemoryBytes(long bytes) {
    return with(copy -> copy.maxMemoryBytes = positive(bytes, "maxMemoryBytes"));
  }

  /**
   * A connection without a byte in either direction and without a call under way is closed after
   * this time; zero never closes. The default is longer than the five minutes after which Linux
   * closes its own connections, and much longer than ESXi's heartbeat.
   */
  public Duration idleTimeout() {
    return idleTimeout;
  }

  public RpcServerOptions withIdleTimeout(Duration time) {
    return with(copy -> copy.idleTimeout = notNegative(time, "idleTimeout"));
  }

  /**
   * A connection is closed if its peer is gone, stops in the middle of a call, or does not take its
   * replies, for this time; zero waits for ever.
   */
  public Duration peerTimeout() {
    return peerTimeout;
  }

  public RpcServerOptions withPeerTimeout(Duration time) {
    return with(copy -> copy.peerTimeout = notNegative(time, "peerTimeout"));
  }

  /**
   * Threads to share, which the caller still owns; if empty, the server starts {@link #eventLoops}
   * of its own on {@link #transport}.
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

  /** What checks calls with RPCSEC_GSS; if empty, they are refused. */
  public Optional<CallSecurity> security() {
    return security;
  }

  public RpcServerOptions withSecurity(CallSecurity value) {
    Optional<CallSecurity> present = Optional.of(value);
    return with(copy -> copy.security = present);
  }

  /** With what connections change to TLS if clients ask for it; if empty, they cannot. */
  public Optional<TlsAcceptor> tls() {
    return tls;
  }

  public RpcServerOptions withTls(TlsAcceptor value) {
    Optional<TlsAcceptor> present = Optional.of(value);
    return with(copy -> copy.tls = present);
  }

  /** Where calls are counted; if empty, in statistics of the server's own. */
  public Optional<CallStatistics> statistics() {
    return statistics;
  }

  /** Counting together with other servers. */
  public RpcServerOptions withStatistics(CallStatistics shared) {
    Optional<CallStatistics> value = Optional.of(shared);
    return with(copy -> copy.statistics = value);
  }
}
