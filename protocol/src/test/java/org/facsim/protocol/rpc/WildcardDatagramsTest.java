/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.Arrays;
import java.util.List;
import org.facsim.protocol.net.IpAddresses;
import org.facsim.protocol.testing.FreePorts;
import org.facsim.protocol.xdr.Xdr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A datagram server that listens everywhere answers from the address that was asked. */
class WildcardDatagramsTest {
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int ACCEPTED_BYTES = 24;
  private static final int PROGRAM = 0x2000_4712;

  private RpcDatagramServer server;

  /** Answers by which address it was called. */
  private static final class WhoAmI implements RpcProgram {
    @Override
    public int number() {
      return PROGRAM;
    }

    @Override
    public int lowestVersion() {
      return 1;
    }

    @Override
    public int highestVersion() {
      return 1;
    }

    @Override
    public void call(RpcCall call) {
      Xdr.writeString(call.reply(), call.server().getAddress().getHostAddress());
    }
  }

  private static InetAddress address(String literal) {
    return IpAddresses.parse(literal).orElseThrow();
  }

  private void start(RpcTransport transport, String listen) {
    server = listen(transport, listen, 0);
  }

  private static RpcDatagramServer listen(RpcTransport transport, String address, int port) {
    return RpcDatagramServer.start(
        RpcServerOptions.listeningOn(new InetSocketAddress(address(address), port))
            .withTransport(transport),
        List.of(new WhoAmI()));
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  /** By a connected socket, which takes an answer from nowhere else. */
  private String ask(InetAddress asked) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(asked, server.address().getPort());
      byte[] call = RawConnection.call(7, 0, out -> {});
      byte[] datagram = Arrays.copyOfRange(call, 4, call.length);
      java.nio.ByteBuffer.wrap(datagram).putInt(12, PROGRAM).putInt(16, 1);
      socket.send(new DatagramPacket(datagram, datagram.length));
      DatagramPacket answer = new DatagramPacket(new byte[1024], 1024);
      socket.receive(answer);
      int length = java.nio.ByteBuffer.wrap(answer.getData()).getInt(ACCEPTED_BYTES);
      return new String(answer.getData(), ACCEPTED_BYTES + 4, length, UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"NIO", "EPOLL"})
  void everyAddressOfAnInterfaceIsAnsweredFrom(RpcTransport transport) throws Exception {
    start(transport, "0.0.0.0");
    for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
      for (InetAddress address : each.inetAddresses().toList()) {
        assertThat(IpAddresses.parseWithZone(ask(address))).contains(address);
      }
    }
  }

  @Test
  void addressesThatNoInterfaceListsAreAnsweredFromToo() throws Exception {
    assumeTrue(Epoll.isAvailable(), "only Linux tells where a datagram was sent to");
    start(RpcTransport.EPOLL, "0.0.0.0");
    for (String address : new String[] {"127.0.0.9", "127.1.2.3", "127.0.0.9"}) {
      assertThat(ask(address(address))).isEqualTo(address);
    }
  }

  @Test
  void moreOfThemThanAreKeptAreAllAnswered() throws Exception {
    assumeTrue(Epoll.isAvailable(), "only Linux tells where a datagram was sent to");
    start(RpcTransport.EPOLL, "0.0.0.0");
    for (int i = 0; i < 100; i++) {
      assertThat(ask(address("127.7.0." + i))).isEqualTo("127.7.0." + i);
    }
    assertThat(ask(address("127.7.0.0"))).isEqualTo("127.7.0.0");
  }

  @Test
  void thePortStaysExclusiveAndIsFreeAfterwards() throws Exception {
    server = FreePorts.attempt(number -> listen(RpcTransport.AUTOMATIC, "0.0.0.0", number));
    int port = server.address().getPort();
    for (String taken : new String[] {"0.0.0.0", "127.0.0.1"}) {
      assertThatThrownBy(
              () ->
                  RpcDatagramServer.start(
                      RpcServerOptions.listeningOn(new InetSocketAddress(address(taken), port)),
                      List.of(new WhoAmI())))
          .isInstanceOf(UncheckedIOException.class)
          .hasCauseInstanceOf(BindException.class);
      try (DatagramSocket shameless = new DatagramSocket(null)) {
        shameless.setReuseAddress(true);
        assertThatThrownBy(() -> shameless.bind(new InetSocketAddress(address(taken), port)))
            .isInstanceOf(BindException.class);
      }
    }
    server.close();
    try (DatagramSocket next = new DatagramSocket(port)) {
      assertThat(next.isBound()).isTrue();
    }
  }
}
