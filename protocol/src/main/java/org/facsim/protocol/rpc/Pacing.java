/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;

/**
 * Keeps bulk data from being paced. Some hosts choose BBR for all their connections, made for long
 * ways with losses: it sends by a timer, at the rate it last measured. Between neighbours, which is
 * where storage is used, that costs more than half of the throughput of large reads. So a
 * connection that would be paced asks for a congestion control that sends as acknowledgements come
 * in: CUBIC, or Reno where the host does not let everybody have that. Any other choice stands.
 */
final class Pacing {
  /** See tcp(7) and linux/tcp.h; the name is filled up with zeros. */
  private static final RawUnixChannelOption TCP_CONGESTION =
      new RawUnixChannelOption("TCP_CONGESTION", 6, 13, 16);

  private static final String PACED = "bbr";
  private static final String[] UNPACED = {"cubic", "reno"};

  private Pacing() {}

  /** Chooses for a new connection; does nothing but with the epoll transport. */
  static void avoid(Channel channel) {
    avoid(channel, PACED);
  }

  static void avoid(Channel channel, String paced) {
    if (!(channel instanceof EpollSocketChannel) || !congestion(channel).startsWith(paced)) {
      return;
    }
    for (String name : UNPACED) {
      if (choose(channel, name)) {
        return;
      }
    }
  }

  /** The name of what a connection has now; empty if it cannot be told. */
  static String congestion(Channel channel) {
    try {
      ByteBuffer name = channel.config().getOption(TCP_CONGESTION);
      return name == null ? "" : US_ASCII.decode(name).toString().replaceAll("\0.*", "");
    } catch (ChannelException e) {
      return "";
    }
  }

  /** False if the host does not have it or does not allow it. */
  static boolean choose(Channel channel, String name) {
    ByteBuffer padded = ByteBuffer.allocate(TCP_CONGESTION.length());
    padded.put(name.getBytes(US_ASCII)).rewind();
    try {
      return channel.config().setOption(TCP_CONGESTION, padded);
    } catch (ChannelException e) {
      return false;
    }
  }
}
