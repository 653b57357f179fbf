/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;

/** A connection as the origin of calls, identified by its two ends. Thread-safe. */
final class ConnectionOrigin implements CallOrigin {
  private static final AtomicLong LATEST_ID = new AtomicLong();

  private final long id = LATEST_ID.incrementAndGet();
  private final Channel channel;
  private final InetSocketAddress client;
  private final InetSocketAddress local;
  private volatile CallOrigins latestNotedIn;

  /** The origin of a connected channel. */
  ConnectionOrigin(Channel channel) {
    this.channel = channel;
    client = (InetSocketAddress) channel.remoteAddress();
    local = (InetSocketAddress) channel.localAddress();
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
  public boolean isNotedIn(CallOrigins origins) {
    return latestNotedIn == origins;
  }

  @Override
  public void notedIn(CallOrigins origins) {
    latestNotedIn = origins;
  }
}
