/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;

/**
 * Keeps TCP from pacing bulk data. Some systems use BBR for all their connections. BBR is made for
 * long paths with losses: it sends by a timer, at the rate it measured last. On short paths, where
 * storage is used, that costs more than half of the throughput of large reads. A connection that
 * would be paced therefore asks for a congestion control that sends when acknowledgements arrive:
 * CUBIC, or Reno if the operating system does not allow CUBIC to every process. Any other choice is
 * left as it is.
 */
final class Pacing {
  /** See tcp(7) and linux/tcp.h; the name is filled up with zeros. */
  private static final RawUnixChannelOption TCP_CONGESTION =
      new RawUnixChannelOption("TCP_CONGESTION", 6, 13, 16);

  private static final String PACED = "bbr";
  private static final String[] UNPACED = {"cubic", "reno"};

  private Pacing() {}

  /** Chooses the congestion control of a new connection, with the epoll transport only. */
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

  /** The name of a connection's present congestion control; empty if it is unknown. */
  static String congestion(Channel channel) {
    try {
      ByteBuffer name = channel.config().getOption(TCP_CONGESTION);
      return name == null ? "" : US_ASCII.decode(name).toString().replaceAll("\0.*", "");
    } catch (ChannelException e) {
      return "";
    }
  }

  /**
   * Sets a congestion control; false if the operating system does not have it or does not allow it.
   */
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
