/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.facsim.protocol.rpc.RawConnection.hex;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.dcache.oncrpc4j.rpc.IoStrategy;
import org.dcache.oncrpc4j.rpc.OncRpcClient;
import org.dcache.oncrpc4j.rpc.RpcAuthTypeUnix;
import org.dcache.oncrpc4j.xdr.XdrOpaque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** UDP: the same ladder as over TCP, and what only datagrams have. */
class RpcDatagramServerTest {
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int MARK_HEX_DIGITS = 8;
  private static final int ACCEPTED_BYTES = 24;
  private static final int UDP = 17;

  private final ByteBuf source = PatternBuffer.ofBytes(EchoProgram.MAX_DATA_BYTES);
  private final EchoProgram program = new EchoProgram(source);
  private RpcDatagramServer server;
  private DatagramSocket socket;

  @BeforeEach
  void start() throws IOException {
    start(EchoServer.options());
  }

  private void start(RpcServerOptions options) throws IOException {
    server = RpcDatagramServer.start(options, List.of(program));
    socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    socket.connect(server.address());
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  @AfterEach
  void stop() {
    socket.close();
    server.close();
    program.deferred.forEach(call -> call.arguments().release());
    source.release();
  }

  private void send(byte[] datagram) throws IOException {
    socket.send(new DatagramPacket(datagram, datagram.length));
  }

  private byte[] receive() throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
    socket.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  private static byte[] call(int xid, int procedure, Consumer<ByteBuf> arguments) {
    byte[] record = RawConnection.call(xid, procedure, arguments);
    return Arrays.copyOfRange(record, 4, record.length);
  }

  private static int xid(byte[] datagram) {
    return Unpooled.wrappedBuffer(datagram).readInt();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("org.facsim.protocol.rpc.ErrorLadderTest#rungs")
  void everyRungHasTheReplyItHasOverTcp(String name, String call, String reply) throws Exception {
    send(hex(withoutMark(call)));
    assertThat(receive()).as(name).isEqualTo(hex(withoutMark(reply)));

    send(call(8, EchoProgram.NULL, out -> {}));
    assertThat(xid(receive())).as("the call after it").isEqualTo(8);
  }

  private static String withoutMark(String record) {
    return record.replaceAll("\\s", "").substring(MARK_HEX_DIGITS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00000007 00000000 00000002 20004711 00000002", // a call cut short
        "00000007 00000001 00000000 00000000 00000000 00000000", // a reply
        "00000007 00000002 00000002 20004711 00000002 00000000", // neither
      })
  void whatIsNoCallGetsNoAnswer(String datagram) throws Exception {
    send(hex(datagram));
    send(call(8, EchoProgram.NULL, out -> {}));
    assertThat(xid(receive())).isEqualTo(8);
  }

  @Test
  void aDroppedCallIsNotAnsweredButTheNextOneIs() throws Exception {
    send(call(1, EchoProgram.DROP, out -> {}));
    send(call(2, EchoProgram.NULL, out -> {}));
    assertThat(xid(receive())).isEqualTo(2);
  }

  @Test
  void theLargestAnswerFitsAndALargerOneIsAFailure() throws Exception {
    // the program asks for room for three bytes of padding, needed or not
    int largest = RpcDatagramServer.MAX_DATAGRAM_BYTES - ACCEPTED_BYTES - 4 - 4;
    send(call(1, EchoProgram.SOURCE, out -> out.writeInt(largest)));
    assertThat(receive()).hasSize(RpcDatagramServer.MAX_DATAGRAM_BYTES - 4);

    send(call(2, EchoProgram.SOURCE, out -> out.writeInt(largest + 4)));
    assertThat(ByteBufUtil.hexDump(receive()))
        .isEqualTo("000000020000000100000000000000000000000000000005");
  }

  @Test
  void aDatagramBeyondTheBoundIsCutOffAndFoundMalformed() throws Exception {
    send(
        call(
            1,
            EchoProgram.SINK,
            out -> out.writeInt(9000).writeZero(RpcDatagramServer.MAX_DATAGRAM_BYTES + 200)));
    assertThat(ByteBufUtil.hexDump(receive()))
        .isEqualTo("000000010000000100000000000000000000000000000004");
  }

  @Test
  void anAnswerPutOffComesLaterAndFromAnyThread() throws Exception {
    send(call(1, EchoProgram.DEFER, out -> out.writeInt(4711)));
    send(call(2, EchoProgram.NULL, out -> {}));
    assertThat(xid(receive())).isEqualTo(2);

    await().until(() -> !program.deferred.isEmpty());
    program.deferred.peek().echo();
    assertThat(ByteBufUtil.hexDump(receive()))
        .isEqualTo("000000010000000100000000000000000000000000000000" + "00001267");
  }

  @Test
  void aFailureAfterPuttingTheAnswerOffIsAnsweredOnce() throws Exception {
    send(call(7, EchoProgram.DEFER_AND_FAIL, out -> {}));
    assertThat(ByteBufUtil.hexDump(receive()))
        .isEqualTo("000000070000000100000000000000000000000000000005");
    socket.setSoTimeout(100);
    assertThatThrownBy(this::receive).isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void beyondTheBoundOfCallsPutOffFurtherOnesAreDropped() throws Exception {
    socket.close();
    server.close();
    start(EchoServer.options().withTotalLimits(2, 1 << 20));
    for (int xid = 1; xid <= 3; xid++) {
      send(call(xid, EchoProgram.DEFER, out -> {}));
    }
    await().until(() -> program.deferred.size() == 2);
    program.deferred.peek().echo();
    assertThat(xid(receive())).isEqualTo(1);
    send(call(4, EchoProgram.NULL, out -> {}));
    assertThat(xid(receive())).isEqualTo(4);
    assertThat(program.deferred).hasSize(2);
  }

  @Test
  void aTakenPortIsABindException() {
    assertThatThrownBy(
            () ->
                RpcDatagramServer.start(
                    RpcServerOptions.listeningOn(server.address()), List.of(program)))
        .isInstanceOf(UncheckedIOException.class)
        .hasCauseInstanceOf(BindException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NIO", "EPOLL"})
  void everyTransportServesDatagrams(RpcTransport transport) throws Exception {
    socket.close();
    server.close();
    start(EchoServer.options().withTransport(transport));
    send(call(5, EchoProgram.NULL, out -> {}));
    assertThat(xid(receive())).isEqualTo(5);
  }

  @Test
  void aForeignClientGetsItsDataBack() throws Exception {
    InetSocketAddress address = server.address();
    try (OncRpcClient client = new OncRpcClient(address, UDP, 0, IoStrategy.SAME_THREAD, "udp")) {
      var call =
          new org.dcache.oncrpc4j.rpc.RpcCall(
              EchoProgram.NUMBER,
              2,
              new RpcAuthTypeUnix(1001, 1002, new int[] {1002}, 0, "their-host"),
              client.connect(5, TimeUnit.SECONDS));
      byte[] data = ByteBufUtil.getBytes(source, 0, 1000);
      XdrOpaque reply = new XdrOpaque();
      call.call(EchoProgram.GATHER, new XdrOpaque(data), reply, 5, TimeUnit.SECONDS);
      assertThat(reply.getOpaque()).isEqualTo(data);
    }
  }

  @Test
  void datagramsAreCountedAsCallsOfAConnectionAreAndTogetherWithThem() throws Exception {
    socket.close();
    server.close();
    CallStatistics statistics = new CallStatistics();
    start(EchoServer.options().withStatistics(statistics));
    for (int procedure :
        new int[] {
          EchoProgram.ECHO,
          EchoProgram.MALFORMED,
          EchoProgram.FAIL,
          EchoProgram.DENY,
          EchoProgram.DROP,
          40
        }) {
      send(call(5, procedure, out -> out.writeInt(13)));
      if (procedure != EchoProgram.DROP) {
        receive();
      }
    }
    send(call(6, EchoProgram.DEFER, out -> out.writeInt(13)));
    await().until(() -> !program.deferred.isEmpty());
    EchoProgram.Deferred later = program.deferred.poll();
    later.reply().complete(out -> out.writeLong(0));
    later.arguments().release();
    receive();
    try (RpcServer stream =
            RpcServer.start(EchoServer.options().withStatistics(statistics), List.of(program));
        RawConnection connection = new RawConnection(stream.address())) {
      connection.send(RawConnection.call(7, EchoProgram.ECHO, out -> out.writeInt(13)));
      connection.readRecord();
    }
    assertThat(statistics.read())
        .map(CallStatisticsTest::countsOf)
        .containsExactly(
            "127.0.0.1 1: 2 calls, 0 refused, 0 lost, 88 in, 60 out",
            "127.0.0.1 5: 1 calls, 0 refused, 0 lost, 44 in, 32 out",
            "127.0.0.1 6: 1 calls, 1 refused, 0 lost, 44 in, 24 out",
            "127.0.0.1 7: 1 calls, 1 refused, 0 lost, 44 in, 24 out",
            "127.0.0.1 8: 1 calls, 1 refused, 0 lost, 44 in, 20 out",
            "127.0.0.1 9: 1 calls, 0 refused, 1 lost, 44 in, 0 out",
            "127.0.0.1 40: 1 calls, 1 refused, 0 lost, 44 in, 24 out");
  }
}
