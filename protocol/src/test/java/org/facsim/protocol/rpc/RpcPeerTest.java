/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.facsim.protocol.xdr.Xdr;
import org.junit.jupiter.api.Test;

/** One connection that serves and calls, in both directions. */
class RpcPeerTest {
  private static final int WINDOW = 48;
  private static final int CALLS = 1500;

  /** Keeps a window of calls under way until all have been made. */
  private static void keepCalling(int count, IntFunction<CompletableFuture<Void>> one)
      throws Exception {
    Deque<CompletableFuture<Void>> underWay = new ArrayDeque<>();
    for (int i = 0; i < count; i++) {
      if (underWay.size() == WINDOW) {
        underWay.remove().get(30, TimeUnit.SECONDS);
      }
      underWay.add(one.apply(i));
    }
    for (CompletableFuture<Void> each : underWay) {
      each.get(30, TimeUnit.SECONDS);
    }
  }

  private static byte[] data(long seed, int maxBytes) {
    Random random = new Random(seed);
    byte[] data = new byte[random.nextInt(maxBytes / 4) * 4];
    random.nextBytes(data);
    return data;
  }

  private static CompletableFuture<Void> checkedEcho(RpcCaller caller, long seed) {
    byte[] sent = data(seed, seed % 64 == 0 ? 200_000 : 600);
    return PeerServer.echo(caller, sent)
        .thenAccept(echoed -> assertThat(echoed).as("seed " + seed).isEqualTo(sent));
  }

  private static CompletableFuture<Void> checkedRound(RpcCaller caller, long seed) {
    byte[] sent = data(seed, 400);
    return caller
        .call(
            PeerServer.NUMBER,
            1,
            PeerServer.ROUND,
            out -> out.writeBytes(sent),
            io.netty.buffer.ByteBufUtil::getBytes)
        .thenAccept(echoed -> assertThat(echoed).as("seed " + seed).isEqualTo(sent));
  }

  /**
   * Calls, callbacks, and calls that wait for a callback of their own, all at once: more of them
   * than the sockets take, so each end is held up by what the other one has not read.
   */
  @Test
  void bothEndsCallEachOtherAtOnceOverOneConnection() throws Exception {
    try (PeerServer server =
            new PeerServer(options -> options.withCallbackLimits(24, 1000, 10_000));
        RpcClient client = server.client(new EchoProgram(server.source))) {
      RpcCaller back = PeerServer.calling(server.peerOf(client), PeerServer.PATIENCE);
      Thread forth = Thread.currentThread();
      CompletableFuture<Void> backDone = new CompletableFuture<>();
      Thread callbacks =
          new Thread(
              () -> {
                try {
                  keepCalling(CALLS, i -> checkedEcho(back, i));
                  backDone.complete(null);
                } catch (Throwable e) {
                  backDone.completeExceptionally(e);
                  forth.interrupt();
                }
              });
      callbacks.start();
      keepCalling(
          CALLS, i -> i % 3 == 0 ? checkedRound(client, i) : checkedEcho(client, CALLS + (long) i));
      backDone.get(30, TimeUnit.SECONDS);
      assertThat(server.server.strayReplies()).isZero();
      assertThat(client.strayReplies()).isZero();
      await().until(() -> server.server.callbacksUnderWay() == 0);
      assertThat(server.log.lines).isEmpty();
    }
  }

  @Test
  void repliesFindTheirCallsInWhateverOrderTheyCome() throws Exception {
    try (PeerServer server = new PeerServer()) {
      EchoProgram late = new EchoProgram(server.source);
      try (RpcClient client = server.client(late)) {
        RpcCaller back = PeerServer.calling(server.peerOf(client), PeerServer.PATIENCE);
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
          answers.add(PeerServer.call(back, EchoProgram.DEFER, i));
        }
        await().until(() -> late.deferred.size() == 40);
        List<EchoProgram.Deferred> calls = new ArrayList<>(late.deferred);
        Collections.shuffle(calls, new Random(5));
        calls.forEach(EchoProgram.Deferred::echo);
        for (int i = 0; i < 40; i++) {
          assertThat(answers.get(i).get(10, TimeUnit.SECONDS)).isEqualTo(i);
        }
      } finally {
        late.deferred.forEach(call -> call.arguments().release());
      }
    }
  }

  @Test
  void aCallbackCarriesItsOwnCredentialAndBulkDataAndIsRefusedAsACallIs() throws Exception {
    try (PeerServer server = new PeerServer();
        RpcClient client = server.client(new EchoProgram(server.source))) {
      RpcPeer peer = server.peerOf(client);
      assertThat(peer.address()).isEqualTo(client.localAddress());
      Credential root = new Credential.Sys(1, "array", 0, 0, List.of());
      RpcCaller back = peer.calling(root, PeerServer.PATIENCE);
      assertThat(
              back.call(
                      EchoProgram.NUMBER,
                      2,
                      EchoProgram.WHO,
                      out -> {},
                      in -> Xdr.readString(in, 99))
                  .get(10, TimeUnit.SECONDS))
          .startsWith("Sys[stamp=1, machineName=array, uid=0, gid=0");
      for (int bytes : new int[] {0, 5, 70_001, 1 << 20}) {
        assertThat(server.sink(back, bytes).get(10, TimeUnit.SECONDS)).isEqualTo(bytes);
      }
      assertThatThrownBy(() -> PeerServer.call(back, 99, 1).get(10, TimeUnit.SECONDS))
          .hasMessageContaining("PROCEDURE_UNAVAILABLE");
      assertThatThrownBy(() -> PeerServer.call(back, EchoProgram.DENY, 1).get(10, TimeUnit.SECONDS))
          .hasMessageContaining("AUTH_ERROR");
      assertThatThrownBy(
              () -> back.call(4711, 1, 0, out -> {}, in -> null).get(10, TimeUnit.SECONDS))
          .hasMessageContaining("PROGRAM_UNAVAILABLE");
      assertThatThrownBy(() -> peer.calling(root, java.time.Duration.ZERO))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** Both directions use the same xid at the same time, in fragments, a byte at a time. */
  @Test
  void callsAndRepliesAreToldApartByTheirTypeHoweverTheyAreCut() throws Exception {
    try (PeerServer server = new PeerServer();
        RawConnection raw = new RawConnection(server.server.address())) {
      RpcCaller back = PeerServer.calling(server.peerOf(raw), PeerServer.PATIENCE);
      CompletableFuture<Integer> answer = PeerServer.call(back, EchoProgram.ECHO, 1);
      int xid = raw.readRecord().readInt();
      byte[] call = RawConnection.call(xid, EchoProgram.ECHO, out -> out.writeInt(4));
      byte[] inOne = reply(xid, 2);
      ByteBuf cut = Unpooled.buffer().writeInt(10).writeBytes(inOne, 4, 10);
      cut.writeInt(0x8000_0000 | (inOne.length - 14)).writeBytes(inOne, 14, inOne.length - 14);
      ByteBuf all =
          Unpooled.wrappedBuffer(Unpooled.wrappedBuffer(call), cut, Unpooled.wrappedBuffer(call));
      while (all.isReadable()) {
        raw.send(new byte[] {all.readByte()});
      }
      assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(2);
      for (int i = 0; i < 2; i++) {
        ByteBuf answered = raw.readRecord();
        assertThat(answered.readInt()).isEqualTo(xid);
        assertThat(answered.skipBytes(20).readInt()).isEqualTo(4);
      }
    }
  }

  /** A reply with an integer, its mark in front. */
  static byte[] reply(int xid, int result) {
    return RawConnection.record(
        out -> out.writeInt(xid).writeInt(1).writeInt(0).writeLong(0).writeInt(0).writeInt(result));
  }

  /** It is shorter than any call. */
  @Test
  void aDenialOfTwentyBytesIsAReply() throws Exception {
    try (PeerServer server = new PeerServer();
        RawConnection raw = new RawConnection(server.server.address())) {
      RpcCaller back = PeerServer.calling(server.peerOf(raw), PeerServer.PATIENCE);
      CompletableFuture<Integer> answer = PeerServer.call(back, EchoProgram.ECHO, 1);
      int xid = raw.readRecord().readInt();
      raw.send(
          RawConnection.record(
              out -> out.writeInt(xid).writeInt(1).writeInt(1).writeInt(1).writeInt(5)));
      assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
          .hasMessageContaining("AUTH_ERROR")
          .hasMessageContaining("TOO_WEAK");
      raw.send(RawConnection.record(out -> out.writeInt(1).writeInt(1)));
      assertThat(raw.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void aReplyToNoCallIsCountedAndLoggedAndTheConnectionStays() throws Exception {
    try (PeerServer server = new PeerServer();
        RawConnection raw = new RawConnection(server.server.address())) {
      ByteBuf strays = Unpooled.buffer();
      for (int i = 0; i < 500; i++) {
        strays.writeBytes(reply(i, i));
      }
      byte[] bytes = new byte[strays.readableBytes()];
      strays.readBytes(bytes);
      raw.send(bytes);
      raw.send(RawConnection.call(1, EchoProgram.ECHO, out -> out.writeInt(4)));
      assertThat(raw.readRecord().readInt()).isEqualTo(1);
      assertThat(server.server.strayReplies()).isEqualTo(500);
      assertThat(server.log.lines)
          .hasSizeBetween(1, 499)
          .first()
          .asString()
          .startsWith("ignoring a reply of /127.0.0.1:" + raw.localPort())
          .endsWith("to no call under way, xid 0x00000000");
    }
  }

  @Test
  void aClientWithoutProgramsEndsAConnectionOverWhichItIsCalled() throws Exception {
    try (PeerServer server = new PeerServer();
        RpcClient client = server.client()) {
      RpcPeer peer = server.peerOf(client);
      CompletableFuture<Integer> answer =
          PeerServer.call(PeerServer.calling(peer, PeerServer.PATIENCE), EchoProgram.ECHO, 1);
      assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
          .hasMessageContaining("CONNECTION_LOST");
      await().until(() -> !client.isOpen());
    }
  }

  /** A program of the client calls the server over the connection that it was called over. */
  @Test
  void aClientsProgramHasItsServerAsPeer() throws Exception {
    AtomicInteger ended = new AtomicInteger();
    try (PeerServer server = new PeerServer()) {
      RpcPeer ofClient;
      try (RpcClient client =
          server.client(new EchoProgram(server.source), new PeerServer.Keeper(server.peers))) {
        RpcCaller back = PeerServer.calling(server.peerOf(client), PeerServer.PATIENCE);
        checkedRound(back, 3).get(10, TimeUnit.SECONDS);
        back.call(PeerServer.NUMBER, 1, PeerServer.KEEP, out -> {}, in -> null)
            .get(10, TimeUnit.SECONDS);
        ofClient = server.peers.take();
        assertThat(ofClient.address()).isEqualTo(server.server.address());
        checkedEcho(PeerServer.calling(ofClient, PeerServer.PATIENCE), 4).get(10, TimeUnit.SECONDS);
        ofClient.whenEnded(ended::incrementAndGet);
        client.whenEnded(ended::incrementAndGet);
      }
      await().until(() -> ended.get() == 2);
      assertThat(ofClient.isOpen()).isFalse();
    }
  }

  @Test
  void aDatagramHasNoWayBack() throws Exception {
    try (RpcDatagramServer server =
            RpcDatagramServer.start(
                EchoServer.options(), List.of(new PeerServer.Keeper(new LinkedBlockingQueue<>())));
        java.net.DatagramSocket socket = new java.net.DatagramSocket()) {
      byte[] call =
          RawConnection.record(
              out -> {
                RawConnection.callHeader(out, 5, PeerServer.NUMBER, 1, PeerServer.HAS_PEER);
                out.writeLong(0).writeLong(0);
              });
      InetSocketAddress address = server.address();
      socket.setSoTimeout(10_000);
      socket.send(new java.net.DatagramPacket(call, 4, call.length - 4, address));
      java.net.DatagramPacket answer = new java.net.DatagramPacket(new byte[100], 100);
      socket.receive(answer);
      assertThat(ByteBuffer.wrap(answer.getData()).getInt(24)).isZero();
    }
  }
}
