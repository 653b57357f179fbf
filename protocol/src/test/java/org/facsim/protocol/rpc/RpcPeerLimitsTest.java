/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What peers cost that do not answer, do not read, or go; each call ends, once. */
class RpcPeerLimitsTest {
  /** The message type of a call (RFC 5531 section 9). */
  private static final int CALL = 0;

  private static RpcException failure(CompletableFuture<?> answer) throws Exception {
    try {
      answer.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(RpcException.class);
      return (RpcException) e.getCause();
    }
    throw new AssertionError("the call succeeded");
  }

  /** On a slow machine, a call that waited may be sent just before it runs out of time, too. */
  private static void assertServes(RawConnection raw) throws Exception {
    raw.send(RawConnection.call(9, EchoProgram.NULL, out -> {}));
    ByteBuf record = raw.readRecord();
    for (int waited = 0; waited < 3 && record.getInt(Integer.BYTES) == CALL; waited++) {
      record = raw.readRecord();
    }
    assertThat(record.readInt()).isEqualTo(9);
  }

  @Test
  void aPeerThatNeverAnswersCostsABoundedNumberOfCallsThatRunOutOfTime() throws Exception {
    try (PeerServer server = new PeerServer(options -> options.withCallbackLimits(2, 3, 100));
        RawConnection raw = new RawConnection(server.server.address())) {
      RpcPeer peer = server.peerOf(raw);
      RpcCaller back = PeerServer.calling(peer, Duration.ofSeconds(2));
      List<CompletableFuture<Integer>> calls = new ArrayList<>();
      calls.add(server.sink(back, 30_000));
      calls.add(server.sink(back, 30_000));
      int xid = raw.readRecord().readInt();
      raw.readRecord();
      for (int i = 0; i < 3; i++) {
        calls.add(server.sink(back, 30_000));
      }
      assertThat(failure(server.sink(back, 30_000)).failure()).isEqualTo(RpcFailure.TOO_MANY_CALLS);
      assertThat(server.server.callbacksUnderWay()).isEqualTo(5);
      for (CompletableFuture<Integer> call : calls) {
        assertThat(failure(call).failure()).isEqualTo(RpcFailure.TIMEOUT);
      }
      await().until(() -> server.server.callbacksUnderWay() == 0);

      raw.send(RpcPeerTest.reply(xid, 1)); // too late
      assertServes(raw);
      assertThat(server.server.strayReplies()).isOne();
      CompletableFuture<Integer> next = PeerServer.call(back, EchoProgram.ECHO, 5);
      raw.send(RpcPeerTest.reply(raw.readRecord().readInt(), 5));
      assertThat(next.get(10, TimeUnit.SECONDS)).isEqualTo(5);
      assertThat(peer.isOpen()).isTrue();
    }
  }

  @Test
  void theShorterTimeoutRunsOutFirst() throws Exception {
    try (PeerServer server = new PeerServer(options -> options.withCallbackLimits(1, 9, 100));
        RawConnection raw = new RawConnection(server.server.address())) {
      RpcPeer peer = server.peerOf(raw);
      CompletableFuture<Integer> patient =
          PeerServer.call(PeerServer.calling(peer, PeerServer.PATIENCE), EchoProgram.ECHO, 1);
      int xid = raw.readRecord().readInt();
      CompletableFuture<Integer> waiting =
          PeerServer.call(PeerServer.calling(peer, PeerServer.SHORT), EchoProgram.ECHO, 2);
      assertThat(failure(waiting))
          .hasMessageContaining("procedure 1 not answered within 200 ms")
          .extracting(RpcException::failure)
          .isEqualTo(RpcFailure.TIMEOUT);
      assertThat(patient).isNotDone();
      raw.send(RpcPeerTest.reply(xid, 1));
      assertThat(patient.get(10, TimeUnit.SECONDS)).isOne();
    }
  }

  /** Calls of all connections are bounded, too; who has less than its share goes on. */
  @Test
  void peersThatDoNotAnswerTakeNoCallsFromOthers() throws Exception {
    try (PeerServer server =
            new PeerServer(options -> options.withMaxConnections(4).withCallbackLimits(8, 8, 4));
        RawConnection silent = new RawConnection(server.server.address());
        RawConnection good = new RawConnection(server.server.address())) {
      RpcCaller toSilent = PeerServer.calling(server.peerOf(silent), PeerServer.PATIENCE);
      RpcCaller toGood = PeerServer.calling(server.peerOf(good), PeerServer.PATIENCE);
      List<CompletableFuture<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        calls.add(PeerServer.call(toSilent, EchoProgram.ECHO, i));
      }
      assertThat(failure(PeerServer.call(toSilent, EchoProgram.ECHO, 4)))
          .hasMessageContaining("all connections together have 4 calls under way");
      CompletableFuture<Integer> answer = PeerServer.call(toGood, EchoProgram.ECHO, 7);
      good.send(RpcPeerTest.reply(good.readRecord().readInt(), 7));
      assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(7);
      silent.disconnect();
      for (CompletableFuture<Integer> call : calls) {
        assertThat(failure(call).failure()).isEqualTo(RpcFailure.CONNECTION_LOST);
      }
      assertThat(server.server.callbacksUnderWay()).isZero();
    }
  }

  /** Calls sent and calls that wait, all with bulk data that somebody has to release. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void allCallsUnderWayFailOnceWhenTheConnectionEnds(boolean abruptly) throws Exception {
    try (PeerServer server = new PeerServer(options -> options.withCallbackLimits(4, 20, 100));
        RawConnection raw = new RawConnection(server.server.address())) {
      RpcPeer peer = server.peerOf(raw);
      RpcCaller back = PeerServer.calling(peer, PeerServer.PATIENCE);
      AtomicInteger failures = new AtomicInteger();
      AtomicInteger ends = new AtomicInteger();
      peer.whenEnded(ends::incrementAndGet);
      List<CompletableFuture<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        CompletableFuture<Integer> call = server.sink(back, 30_000);
        var unused = call.whenComplete((result, failure) -> failures.incrementAndGet());
        calls.add(call);
      }
      raw.readRecord();
      if (abruptly) {
        raw.disconnect();
      } else {
        raw.endCalls();
      }
      for (CompletableFuture<Integer> call : calls) {
        assertThat(failure(call))
            .hasMessageStartingWith("CONNECTION_LOST: ")
            .hasMessageContaining(abruptly ? "" : "the peer has shut down the side it answers on");
      }
      await().until(() -> ends.get() == 1);
      assertThat(peer.isOpen()).isFalse();
      assertThat(failure(server.sink(back, 30_000)).failure())
          .isEqualTo(RpcFailure.CONNECTION_LOST);
      assertThat(failures.get()).isEqualTo(12);
      assertThat(server.server.callbacksUnderWay()).isZero();
      peer.whenEnded(ends::incrementAndGet);
      await().until(() -> ends.get() == 2);
    }
  }

  @Test
  void callsUnderWayEndWithTheServer() throws Exception {
    PeerServer server = new PeerServer();
    try (RawConnection raw = new RawConnection(server.server.address())) {
      RpcCaller back = PeerServer.calling(server.peerOf(raw), PeerServer.PATIENCE);
      CompletableFuture<Integer> call = PeerServer.call(back, EchoProgram.ECHO, 1);
      server.server.close();
      assertThat(failure(call)).hasMessageContaining("CONNECTION_LOST");
      assertThat(failure(PeerServer.call(back, EchoProgram.ECHO, 1)))
          .hasMessageContaining("CONNECTION_LOST");
    } finally {
      server.close();
    }
  }

  /** What is sent to it is counted as its replies are, and what is not sent runs out of time. */
  @Test
  void aPeerThatDoesNotReadItsCallsIsOneThatDoesNotReadItsReplies() throws Exception {
    try (PeerServer server =
            new PeerServer(
                options ->
                    options
                        .withCallbackLimits(500, 500, 5000)
                        .withTransport(RpcTransport.NIO) // the kernel would end it otherwise
                        .withMaxMemoryBytes(4 << 20)
                        .withPeerTimeout(Duration.ofSeconds(3)));
        RawConnection raw = new RawConnection(server.server.address(), 4 << 10)) {
      RpcPeer peer = server.peerOf(raw);
      RpcCaller impatient = PeerServer.calling(peer, PeerServer.SHORT);
      RpcCaller patient = PeerServer.calling(peer, PeerServer.PATIENCE);
      List<CompletableFuture<byte[]>> calls = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        calls.add(PeerServer.echo(patient, new byte[60_000]));
      }
      await().until(() -> server.server.heldBytes() > 0);
      assertThat(server.server.heldBytes()).isLessThan(8L << 20);
      assertThat(failure(PeerServer.call(impatient, EchoProgram.ECHO, 1)).failure())
          .isEqualTo(RpcFailure.TIMEOUT);
      for (CompletableFuture<byte[]> call : calls) {
        assertThat(failure(call)).hasMessage("CONNECTION_LOST: it does not take its replies");
      }
      assertThat(server.log.lines)
          .singleElement()
          .asString()
          .endsWith("it does not take its replies");
      await().until(() -> server.server.heldBytes() == 0);
      assertThat(server.server.callbacksUnderWay()).isZero();
    }
  }

  /** A client reads always, but not for a server that only ever calls it. */
  @Test
  void aServerThatTakesNoAnswersIsGivenUp() throws Exception {
    try (PeerServer data = new PeerServer();
        ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        RpcClient client =
            RpcClient.connect(
                    (InetSocketAddress) listener.getLocalSocketAddress(),
                    RpcClientOptions.defaults().withPrograms(List.of(new EchoProgram(data.source))))
                .get(10, TimeUnit.SECONDS);
        Socket server = listener.accept()) {
      CompletableFuture<Integer> call = PeerServer.call(client, EchoProgram.ECHO, 1);
      ByteArrayOutputStream calls = new ByteArrayOutputStream();
      for (int i = 0; i < 100; i++) {
        calls.writeBytes(RawConnection.call(i, EchoProgram.SOURCE, out -> out.writeInt(15_000)));
      }
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 1000; i++) {
                  server.getOutputStream().write(calls.toByteArray());
                }
              })
          .isInstanceOf(java.io.IOException.class);
      assertThat(failure(call))
          .hasMessage("CONNECTION_LOST: its server makes calls and does not wait for the answers");
    }
  }
}
