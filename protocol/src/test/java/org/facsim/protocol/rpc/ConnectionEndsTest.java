/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections end: by their peers, by silence, and by what no peer should send. */
class ConnectionEndsTest {
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final Duration LONG = Duration.ofMinutes(5);

  private static void answer(EchoServer server) {
    EchoProgram.Deferred call = server.program.deferred.poll();
    call.reply().complete(out -> out.writeInt(7));
    call.arguments().release();
  }

  private static void assertServes(EchoServer server) throws Exception {
    try (RawConnection other = server.connect()) {
      other.send(RawConnection.call(9, EchoProgram.NULL, out -> {}));
      assertThat(other.readRecord().readInt()).isEqualTo(9);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = RpcTransport.class,
      names = {"AUTOMATIC", "NIO"})
  void whoShutsDownTheSendingSideStillGetsRepliesThatWerePutOff(RpcTransport transport)
      throws Exception {
    try (EchoServer server = new EchoServer(options -> options.withTransport(transport));
        RawConnection connection = server.connect()) {
      connection.send(RawConnection.call(1, EchoProgram.DEFER, out -> {}));
      connection.send(RawConnection.call(2, EchoProgram.DEFER, out -> {}));
      connection.send(RawConnection.call(3, EchoProgram.NULL, out -> {}));
      connection.endCalls();
      assertThat(connection.readRecord().readInt()).isEqualTo(3);
      await().until(() -> server.program.deferred.size() == 2);
      answer(server);
      assertThat(connection.readRecord().readInt()).isEqualTo(1);
      answer(server);
      assertThat(connection.readRecord().readInt()).isEqualTo(2);
      assertThat(connection.isClosedByPeer()).isTrue();
      await().until(() -> server.server.connectionCount() == 0);
    }
  }

  @Test
  void callsThatWaitUnreadWhenThePeerShutsDownAreAnsweredToo() throws Exception {
    try (EchoServer server = new EchoServer(options -> options.withConnectionLimits(1, 1 << 20));
        RawConnection connection = server.connect()) {
      for (int xid = 0; xid < 5; xid++) {
        connection.send(RawConnection.call(xid, EchoProgram.DEFER, out -> {}));
      }
      connection.endCalls();
      for (int xid = 0; xid < 5; xid++) {
        await().until(() -> !server.program.deferred.isEmpty());
        answer(server);
        assertThat(connection.readRecord().readInt()).isEqualTo(xid);
      }
      assertThat(connection.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void whoShutsDownWithNothingUnderWayIsLetGoAtOnce() throws Exception {
    try (EchoServer server = new EchoServer();
        RawConnection connection = server.connect()) {
      connection.send(RawConnection.call(1, EchoProgram.NULL, out -> {}));
      connection.readRecord();
      connection.endCalls();
      assertThat(connection.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void aCallUnderWayKeepsItsConnectionHoweverLongItTakes() throws Exception {
    try (EchoServer server =
            new EchoServer(options -> options.withIdleTimeout(SHORT).withPeerTimeout(SHORT));
        RawConnection connection = server.connect()) {
      connection.send(RawConnection.call(1, EchoProgram.DEFER, out -> {}));
      await().until(() -> !server.program.deferred.isEmpty());
      Thread.sleep(3 * SHORT.toMillis());
      answer(server);
      assertThat(connection.readRecord().readInt()).isEqualTo(1);
      assertThat(connection.isClosedByPeer()).as("idle now").isTrue();
      assertThat(server.log.lines).isEmpty();
    }
  }

  @Test
  void whoStopsInTheMiddleOfACallIsGivenUpWithOneLine() throws Exception {
    try (EchoServer server =
            new EchoServer(options -> options.withIdleTimeout(LONG).withPeerTimeout(SHORT));
        RawConnection connection = server.connect();
        RawConnection idle = server.connect()) {
      byte[] call = RawConnection.call(1, EchoProgram.ECHO, out -> out.writeZero(1000));
      connection.send(Arrays.copyOf(call, 500));
      assertThat(connection.isClosedByPeer()).isTrue();
      assertThat(server.log.lines)
          .singleElement()
          .asString()
          .endsWith("it stopped in the middle of a call");
      idle.send(RawConnection.call(2, EchoProgram.NULL, out -> {}));
      assertThat(idle.readRecord().readInt()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = RpcTransport.class,
      names = {"AUTOMATIC", "NIO"})
  void whoDoesNotTakeRepliesIsGivenUp(RpcTransport transport) throws Exception {
    try (EchoServer server =
            new EchoServer(
                options ->
                    options
                        .withTransport(transport)
                        .withIdleTimeout(LONG)
                        .withPeerTimeout(Duration.ofSeconds(1)));
        RawConnection connection = server.connect()) {
      askForMuch(connection);
      await().atMost(Duration.ofSeconds(20)).until(() -> server.server.connectionCount() == 0);
      assertServes(server);
      assertThat(server.log.lines.size()).isLessThanOrEqualTo(1);
    }
  }

  private static void askForMuch(RawConnection connection) throws IOException {
    for (int xid = 0; xid < 60; xid++) {
      connection.send(RawConnection.call(xid, EchoProgram.SOURCE, out -> out.writeInt(1 << 20)));
    }
  }

  @Test
  void whoHoldsTheMemoryThatOthersWaitForIsGivenUpSooner() throws Exception {
    try (EchoServer server =
            new EchoServer(
                options ->
                    options
                        .withTotalLimits(100, 3 << 20)
                        .withIdleTimeout(Duration.ofSeconds(2))
                        .withPeerTimeout(LONG));
        RawConnection first = server.connect();
        RawConnection second = server.connect()) {
      askForMuch(first);
      askForMuch(second);
      assertServes(server);
      await().until(() -> !server.log.lines.isEmpty());
      assertThat(server.log.lines.get(0))
          .endsWith("it does not take its replies, and others wait for the memory");
    }
  }

  /**
   * The mark of 2 GiB; a record that is no call; one that is neither call nor reply; fragments
   * only.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ffffffff 00000001",
        "80000004 00000001",
        "80000028 00000001 00000002 00000002 20004711 00000002 00000000 00000000 00000000"
            + " 00000000 00000000",
        "7fffffff 00000001"
      })
  void aMalformedRecordEndsItsConnectionWithOneLineAndHurtsNobodyElse(String bytes)
      throws Exception {
    try (EchoServer server = new EchoServer();
        RawConnection bystander = server.connect();
        RawConnection connection = server.connect()) {
      connection.send(RawConnection.call(1, EchoProgram.NULL, out -> {}));
      connection.send(RawConnection.hex(bytes));
      connection.send(RawConnection.hex(bytes));
      assertThat(connection.readRecord().readInt()).isEqualTo(1);
      assertThat(connection.isClosedByPeer()).isTrue();
      assertThat(server.log.lines)
          .singleElement()
          .asString()
          .startsWith("closing the connection of /127.0.0.1:" + connection.localPort());
      bystander.send(RawConnection.call(2, EchoProgram.NULL, out -> {}));
      assertThat(bystander.readRecord().readInt()).isEqualTo(2);
    }
  }

  @Test
  void unfinishedCallsOfAllConnectionsTogetherAreBounded() throws Exception {
    List<RawConnection> connections = new ArrayList<>();
    try (EchoServer server = new EchoServer(options -> options.withMaxMemoryBytes(3 << 20))) {
      byte[] call = RawConnection.call(1, EchoProgram.ECHO, out -> out.writeZero(1 << 20));
      for (int i = 0; i < 20; i++) {
        RawConnection connection = server.connect();
        connections.add(connection);
        sendUnlessClosed(connection, Arrays.copyOf(call, 400_000));
      }
      // of 400,000 bytes each, the bound has room for 7, and half as many more are too many
      await().until(() -> server.server.connectionCount() <= 12);
      await().until(() -> server.server.heldBytes() < 5 << 20);
      assertThat(server.log.lines)
          .isNotEmpty()
          .allSatisfy(
              line ->
                  assertThat(line)
                      .containsAnyOf(
                          "unfinished calls of all connections",
                          "it stopped in the middle of a call, and others wait for the memory"));
      assertServes(server);
      for (RawConnection connection : connections) {
        connection.disconnect();
      }
      await().until(() -> server.server.connectionCount() == 0);
      assertServes(server);
    }
  }

  private static void sendUnlessClosed(RawConnection connection, byte[] bytes) {
    try {
      connection.send(bytes);
    } catch (IOException e) {
      // closed in the middle of it
    }
  }

  @Test
  void callsThatAreBarelyBegunHoldBarelyAnyMemory() throws Exception {
    List<RawConnection> connections = new ArrayList<>();
    try (EchoServer server = new EchoServer(options -> options.withMaxMemoryBytes(3 << 20))) {
      byte[] call = RawConnection.call(1, EchoProgram.ECHO, out -> out.writeZero(1 << 20));
      for (int i = 0; i < 100; i++) {
        RawConnection connection = server.connect();
        connections.add(connection);
        connection.send(Arrays.copyOf(call, 500));
      }
      await().until(() -> server.server.connectionCount() == 100);
      assertServes(server);
      assertThat(server.server.heldBytes()).isLessThan(3 << 20);
      assertThat(server.log.lines).isEmpty();
      RawConnection last = connections.get(99);
      last.send(Arrays.copyOfRange(call, 500, call.length));
      assertThat(last.readRecord().readableBytes()).isEqualTo(24 + (1 << 20));
      for (RawConnection connection : connections) {
        connection.disconnect();
      }
      await().until(() -> server.server.heldBytes() == 0);
    }
  }

  @Test
  void tcpLooksForPeersThatAreGone() {
    Assumptions.assumeTrue(Epoll.isAvailable(), "no epoll here");
    EpollSocketChannel channel = new EpollSocketChannel();
    try {
      DeadPeers.detect(channel, Duration.ofMinutes(2));
      assertThat(channel.config().getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
      assertThat(channel.config().getOption(EpollChannelOption.TCP_KEEPIDLE)).isEqualTo(60);
      assertThat(channel.config().getOption(EpollChannelOption.TCP_KEEPINTVL)).isEqualTo(15);
      assertThat(channel.config().getOption(EpollChannelOption.TCP_KEEPCNT)).isEqualTo(4);
      assertThat(channel.config().getOption(EpollChannelOption.TCP_USER_TIMEOUT))
          .isEqualTo(120_000);
    } finally {
      var unused = channel.unsafe();
      unused.closeForcibly();
    }
  }

  @Test
  void theDefaultsSuitTheHeartbeatOfEsxiAndTheIdleTimeOfLinux() {
    RpcServerOptions options = EchoServer.options();
    assertThat(options.idleTimeout()).isGreaterThan(Duration.ofMinutes(5));
    assertThat(options.peerTimeout()).isGreaterThan(Duration.ofSeconds(12 * 3));
  }
}
