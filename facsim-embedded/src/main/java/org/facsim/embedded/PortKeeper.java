/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the ports of an array that is away, so that no other process takes them. A kept stream port
 * refuses connections, because its socket is bound and does not listen; a kept datagram port
 * swallows what comes.
 */
final class PortKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PortKeeper.class);

  private final List<NetworkChannel> kept = new ArrayList<>();

  private PortKeeper() {}

  /** Keeps what can be kept: on some systems an address stays taken for a while. */
  static PortKeeper keep(List<InetSocketAddress> streams, List<InetSocketAddress> datagrams) {
    PortKeeper keeper = new PortKeeper();
    for (InetSocketAddress address : streams) {
      keeper.keep(address, SocketChannel::open);
    }
    for (InetSocketAddress address : datagrams) {
      keeper.keep(address, DatagramChannel::open);
    }
    return keeper;
  }

  private interface Opening {
    NetworkChannel open() throws IOException;
  }

  /**
   * Keeps an address from everybody, if it is free of earlier connections. Otherwise whoever also
   * reuses addresses can still take it.
   */
  private void keep(InetSocketAddress address, Opening opening) {
    if (!keep(address, opening, false) && !keep(address, opening, true)) {
      LOG.debug("{} is not kept", address);
    }
  }

  private boolean keep(InetSocketAddress address, Opening opening, boolean reuse) {
    NetworkChannel channel = null;
    try {
      channel = opening.open();
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, reuse);
      channel.bind(address);
      kept.add(channel);
      return true;
    } catch (IOException e) {
      LOG.debug("{} cannot be bound (reuse {})", address, reuse, e);
      close(channel);
      return false;
    }
  }

  private static void close(NetworkChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      LOG.debug("a kept port cannot be given back", e);
    }
  }

  /** Gives the ports back. */
  @Override
  public void close() {
    kept.forEach(PortKeeper::close);
    kept.clear();
  }
}
