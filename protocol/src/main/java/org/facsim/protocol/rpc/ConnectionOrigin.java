/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** A connection as the origin of calls, by its two ends, and the way back. Thread-safe. */
final class ConnectionOrigin implements CallOrigin, RpcPeer {
  private static final AtomicLong LATEST_ID = new AtomicLong();

  private final long id = LATEST_ID.incrementAndGet();
  private final Channel channel;
  private final InetSocketAddress client;
  private final InetSocketAddress local;
  private final OutgoingCalls calls;
  private volatile CallOrigins latestNotedIn;

  /**
   * Never 0. Only the connection's loop changes it; whoever asks elsewhere may get an older one.
   */
  private int turn = 1;

  private volatile ConnectionSecurity security = ConnectionSecurity.NONE;

  /**
   * Of a connected channel.
   *
   * @param calls those to the other end
   */
  ConnectionOrigin(Channel channel, OutgoingCalls calls) {
    this.channel = channel;
    this.calls = calls;
    client = (InetSocketAddress) channel.remoteAddress();
    local = (InetSocketAddress) channel.localAddress();
  }

  /** The handshake of TLS is done. */
  void secured(ConnectionSecurity how) {
    security = how;
  }

  @Override
  public ConnectionSecurity security() {
    return security;
  }

  InetSocketAddress client() {
    return client;
  }

  /** This end's address, which the client called. */
  InetSocketAddress local() {
    return local;
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public int turn() {
    return turn;
  }

  /** Calls that are begun from now on come later than those before. */
  void nextTurn() {
    int next = turn + 1;
    turn = next == 0 ? 1 : next;
  }

  @Override
  public boolean isGone(CallOrigin later) {
    return (later instanceof ConnectionOrigin other && hasSameEndsAs(other))
        || DeadPeers.isGone(channel);
  }

  /**
   * Whether a newer connection has the same ends. TCP allows one connection between two ends, so
   * the older one no longer exists.
   */
  private boolean hasSameEndsAs(ConnectionOrigin newer) {
    return newer.id > id && newer.client.equals(client) && newer.local.equals(local);
  }

  @Override
  public void whenEnded(Runnable task) {
    var unused = channel.closeFuture().addListener(closed -> task.run());
  }

  @Override
  public Optional<RpcPeer> peer() {
    return Optional.of(this);
  }

  @Override
  public InetSocketAddress address() {
    return client;
  }

  @Override
  public boolean isOpen() {
    return calls.isOpen() && channel.isActive();
  }

  @Override
  public RpcCaller calling(Credential credential, Duration timeout) {
    return new PeerCaller(calls, credential, timeout);
  }

  @Override
  public boolean isNotedIn(CallOrigins origins) {
    return latestNotedIn == origins;
  }

  @Override
  public void notedIn(CallOrigins origins) {
    latestNotedIn = origins;
  }
}
