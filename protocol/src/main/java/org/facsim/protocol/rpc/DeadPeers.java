/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.channel.uring.IoUringTcpInfo;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;

/**
 * Lets TCP find out that the peer's machine is gone, or that it accepts no data. TCP probes a
 * connection that has been quiet for half the timeout. It ends a connection whose bytes are not
 * acknowledged or not accepted for the whole timeout (TCP_USER_TIMEOUT, which the native transports
 * of Linux have).
 */
final class DeadPeers {
  private static final int PROBES = 4;

  // What Linux calls the states of a connection, in include/net/tcp_states.h.
  private static final int TCP_ESTABLISHED = 1;

  /** A single retransmission may be caused by a lost packet. */
  private static final int RETRANSMISSIONS_OF_A_CUT = 2;

  private DeadPeers() {}

  /**
   * Whether the peer has ended the connection, or cannot be reached, as far as the operating system
   * knows now. It may know before the event loop has read the end. Without a native transport it
   * cannot be asked, and a peer counts as present as long as its channel is open.
   */
  static boolean isGone(Channel channel) {
    if (!channel.isOpen()) {
      return true;
    }
    try {
      if (channel instanceof EpollSocketChannel socket) {
        EpollTcpInfo info = socket.tcpInfo();
        return isGone(info.state(), info.retransmits());
      } else if (channel instanceof IoUringSocketChannel socket) {
        IoUringTcpInfo info = socket.tcpInfo();
        return isGone(info.state(), info.retransmits());
      }
    } catch (ChannelException e) {
      return !channel.isOpen(); // closed meanwhile
    }
    return channel instanceof SocketChannel socket && socket.isInputShutdown();
  }

  private static boolean isGone(int state, int retransmissions) {
    return state != TCP_ESTABLISHED || retransmissions >= RETRANSMISSIONS_OF_A_CUT;
  }

  /**
   * Sets up a connection.
   *
   * @param timeout the time until a dead peer is noticed, in whole seconds; zero never probes
   */
  static void detect(Channel channel, Duration timeout) {
    if (timeout.isZero()) {
      return;
    }
    int millis = (int) Math.min(Integer.MAX_VALUE, timeout.toMillis());
    int quietSeconds = Math.max(1, millis / 2000);
    int intervalSeconds = Math.max(1, quietSeconds / PROBES);
    ChannelConfig config = channel.config();
    config.setOption(ChannelOption.SO_KEEPALIVE, true);
    if (channel instanceof EpollSocketChannel) {
      config.setOption(EpollChannelOption.TCP_KEEPIDLE, quietSeconds);
      config.setOption(EpollChannelOption.TCP_KEEPINTVL, intervalSeconds);
      config.setOption(EpollChannelOption.TCP_KEEPCNT, PROBES);
      config.setOption(EpollChannelOption.TCP_USER_TIMEOUT, millis);
    } else if (channel instanceof IoUringSocketChannel) {
      config.setOption(IoUringChannelOption.TCP_KEEPIDLE, quietSeconds);
      config.setOption(IoUringChannelOption.TCP_KEEPINTVL, intervalSeconds);
      config.setOption(IoUringChannelOption.TCP_KEEPCNT, PROBES);
      config.setOption(IoUringChannelOption.TCP_USER_TIMEOUT, millis);
    } else if (channel instanceof NioSocketChannel) {
      config.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), quietSeconds);
      config.setOption(
          NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), intervalSeconds);
      config.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), PROBES);
    }
  }
}
