/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Which congestion control a connection ends up with; Reno is on every Linux, for everybody. */
@EnabledOnOs(OS.LINUX)
class PacingTest {
  private ServerSocket listener;
  private RpcEventLoops loops;
  private Channel channel;

  @BeforeEach
  void connect() throws Exception {
    assertThat(Epoll.isAvailable()).isTrue();
    listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    loops = RpcEventLoops.start(RpcTransport.EPOLL, 1, "pacing-test");
    channel =
        new Bootstrap()
            .group(loops.group())
            .channel(loops.clientChannel())
            .handler(new ChannelInboundHandlerAdapter())
            .connect(listener.getLocalSocketAddress())
            .sync()
            .channel();
  }

  @AfterEach
  void disconnect() throws Exception {
    channel.close().sync();
    loops.close();
    listener.close();
  }

  @Test
  void tellsWhatAConnectionHas() {
    assertThat(Pacing.choose(channel, "reno")).isTrue();
    assertThat(Pacing.congestion(channel)).isEqualTo("reno");
  }

  @Test
  void whatTheHostDoesNotHaveIsRefusedAndChangesNothing() {
    assertThat(Pacing.choose(channel, "reno")).isTrue();
    assertThat(Pacing.choose(channel, "no-such-one")).isFalse();
    assertThat(Pacing.congestion(channel)).isEqualTo("reno");
  }

  @Test
  void leavesWhatIsNotPaced() {
    assertThat(Pacing.choose(channel, "reno")).isTrue();
    Pacing.avoid(channel);
    assertThat(Pacing.congestion(channel)).isEqualTo("reno");
  }

  @Test
  void replacesWhatIsPaced() {
    // As if Reno were paced: CUBIC takes its place, if the host has it.
    boolean hasCubic = Pacing.choose(channel, "cubic");
    assertThat(Pacing.choose(channel, "reno")).isTrue();
    Pacing.avoid(channel, "reno");
    assertThat(Pacing.congestion(channel)).isEqualTo(hasCubic ? "cubic" : "reno");
  }

  @Test
  void noConnectionIsLeftPaced() {
    Pacing.choose(channel, "bbr"); // which few hosts have
    Pacing.avoid(channel);
    assertThat(Pacing.congestion(channel)).doesNotStartWith("bbr");
  }

  @Test
  void doesNothingOnOtherTransports() {
    Channel other = new NioSocketChannel();
    Pacing.avoid(other);
    assertThat(Pacing.congestion(other)).isEmpty();
    other.unsafe().closeForcibly();
  }
}
