/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringSocketChannel;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;

/**
 * Lets TCP find out that the machine at the other end is gone, or that it takes nothing: a quiet
 * connection is probed from half the time on, and one whose bytes stay unacknowledged or untaken
 * for the whole time ends (TCP_USER_TIMEOUT, which the native transports of Linux have).
 */
final class DeadPeers {
  private static final int PROBES = 4;

  private DeadPeers() {}

  /**
   * Sets it up.
   *
   * @param timeout until a dead peer is noticed, to the second; zero never probes
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
