/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.retransmission;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RawConnection;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcDatagramServer;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.facsim.protocol.testing.FreePorts;
import org.facsim.protocol.xdr.Xdr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DuplicateRequestCacheTest {
  private static final int COUNT = 1;
  private static final int COUNT_LATER = 2;
  private static final int GARBAGE = 3;
  private static final int LOSE = 4;
  private static final int COUNT_UNGUARDED = 5;

  /** Answers how often it was executed, so that a second execution shows. */
  private static final class Counter implements RpcProgram {
    final AtomicInteger executions = new AtomicInteger();
    volatile long era;
    final BlockingQueue<RpcCall.DeferredReply> deferred = new LinkedBlockingQueue<>();

    @Override
    public int number() {
      return RawConnection.PROGRAM;
    }

    @Override
    public int lowestVersion() {
      return 2;
    }

    @Override
    public int highestVersion() {
      return 2;
    }

    @Override
    public void call(RpcCall call) {
      int count = executions.incrementAndGet();
      switch (call.procedure()) {
        case COUNT, COUNT_UNGUARDED -> call.reply().writeInt(count);
        case COUNT_LATER -> {
          call.tookEffect(era);
          deferred.add(call.defer());
        }
        case GARBAGE -> Xdr.readLength(call.arguments(), 0);
        case LOSE -> call.drop();
        default -> call.procedureUnavailable();
      }
    }
  }

  private final AtomicLong nowNanos = new AtomicLong(1);
  private final Counter counter = new Counter();
  private final DuplicateRequestCache cache =
      new DuplicateRequestCache(
          counter, Set.of(COUNT, COUNT_LATER, GARBAGE, LOSE), 64 << 10, nowNanos::get);
  private final RpcServer server =
      RpcServer.start(
          RpcServerOptions.listeningOn(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
          List.of(cache));

  @AfterEach
  void close() {
    server.close();
  }

  private static byte[] call(int xid, int procedure, int argument) {
    return RawConnection.call(xid, procedure, out -> out.writeInt(argument));
  }

  private static byte[] call(int xid, int procedure, Credential.Sys caller) {
    return RawConnection.call(xid, procedure, caller, out -> out.writeInt(1));
  }

  private static Credential.Sys sys(int stamp, String machineName, int uid, int gid) {
    return new Credential.Sys(stamp, machineName, uid, gid, List.of());
  }

  /** A client whose port can be used again at once when it is closed. */
  private final class Client implements AutoCloseable {
    private final Socket socket = new Socket();
    private final DataInputStream in;

    Client(int localPort) throws IOException {
      this(InetAddress.getLoopbackAddress(), localPort);
    }

    Client(InetAddress localAddress, int localPort) throws IOException {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(localAddress, localPort));
      socket.setSoLinger(true, 0);
      socket.setSoTimeout(10_000);
      socket.connect(server.address());
      in = new DataInputStream(socket.getInputStream());
    }

    int port() {
      return socket.getLocalPort();
    }

    void send(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
    }

    String read() throws IOException {
      byte[] record = new byte[in.readInt() & Integer.MAX_VALUE];
      in.readFully(record);
      return HexFormat.of().formatHex(record);
    }

    String exchange(byte[] bytes) throws IOException {
      send(bytes);
      return read();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void aRetransmittedCallIsExecutedOnceAndAnsweredAlike() throws Exception {
    try (Client client = new Client(0)) {
      String first = client.exchange(call(7, COUNT, 1));
      assertThat(client.exchange(call(7, COUNT, 1))).isEqualTo(first).endsWith("00000001");
      assertThat(counter.executions).hasValue(1);
    }
  }

  @Test
  void aClientThatReconnectsGetsTheAnswerItLostFromItsPortOrAnother() throws Exception {
    int port;
    String first;
    try (Client client = FreePorts.attempt(Client::new)) {
      port = client.port();
      first = client.exchange(call(7, COUNT, 1));
    }
    try (Client again = new Client(port);
        Client elsewhere = new Client(0)) {
      assertThat(elsewhere.port()).isNotEqualTo(port);
      assertThat(again.exchange(call(7, COUNT, 1))).isEqualTo(first);
      assertThat(elsewhere.exchange(call(7, COUNT, 1))).isEqualTo(first);
    }
    assertThat(counter.executions).hasValue(1);
  }

  @Test
  void equalCallsOverTwoConnectionsThatAreBothAliveAreTwoCalls() throws Exception {
    try (Client one = new Client(0);
        Client other = new Client(0)) {
      assertThat(one.exchange(call(7, COUNT, 1))).endsWith("00000001");
      assertThat(other.exchange(call(7, COUNT, 1))).endsWith("00000002");
      assertThat(other.exchange(call(7, COUNT, 1))).as("its own again").endsWith("00000002");
      assertThat(one.exchange(call(7, COUNT, 1))).as("its own again").endsWith("00000001");
      assertThat(cache.origins()).isEqualTo(2);
    }
    while (cache.origins() > 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void equalCallsThatRunOverTwoConnectionsAreAnsweredEachByItsOwn() throws Exception {
    try (Client one = new Client(0);
        Client other = new Client(0)) {
      one.send(call(7, COUNT_LATER, 1));
      RpcCall.DeferredReply first = counter.deferred.poll(10, TimeUnit.SECONDS);
      other.send(call(7, COUNT_LATER, 1));
      RpcCall.DeferredReply second = counter.deferred.poll(10, TimeUnit.SECONDS);
      other.send(call(7, COUNT_LATER, 1)); // sent again, and waits for the second
      other.exchange(call(9, COUNT_UNGUARDED, 1));
      assertThat(cache.running()).isEqualTo(2);
      first.complete(out -> out.writeInt(0x11));
      assertThat(one.read()).endsWith("00000011");
      second.complete(out -> out.writeInt(0x22));
      assertThat(other.read()).endsWith("00000022");
      assertThat(other.read()).endsWith("00000022");
      assertThat(cache.running()).isZero();
      assertThat(counter.executions).hasValue(3);
    }
  }

  /** The end may be in the operating system's hands when the repeated call is already in ours. */
  @Test
  void aClientThatHasShutDownItsSideIsGoneEvenIfItsConnectionIsStillOpen() throws Exception {
    try (Client client = new Client(0);
        Client again = new Client(0)) {
      client.send(call(7, COUNT_LATER, 1)); // unanswered, so the server keeps the connection
      RpcCall.DeferredReply running = counter.deferred.poll(10, TimeUnit.SECONDS);
      client.socket.shutdownOutput();
      again.send(call(7, COUNT_LATER, 1));
      again.exchange(call(9, COUNT_UNGUARDED, 1));
      running.complete(out -> out.writeInt(0x77));
      assertThat(again.read()).endsWith("00000077");
      assertThat(counter.executions).hasValue(2);
    }
  }

  @Test
  void overUdpOnlyTheSocketThatAskedMayAskAgain() throws Exception {
    byte[] record = call(7, COUNT, 1);
    byte[] datagram = Arrays.copyOfRange(record, 4, record.length);
    try (RpcDatagramServer udp =
            RpcDatagramServer.start(
                RpcServerOptions.listeningOn(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                List.of(cache));
        DatagramSocket one = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        DatagramSocket other = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Client stream = new Client(0)) {
      assertThat(exchange(udp, one, datagram)).endsWith("00000001");
      assertThat(exchange(udp, one, datagram)).endsWith("00000001");
      assertThat(exchange(udp, other, datagram)).endsWith("00000002");
      assertThat(exchange(udp, other, datagram)).endsWith("00000002");
      assertThat(stream.exchange(record)).endsWith("00000003");
    }
  }

  private static String exchange(RpcDatagramServer server, DatagramSocket from, byte[] datagram)
      throws IOException {
    from.setSoTimeout(10_000);
    from.send(new DatagramPacket(datagram, datagram.length, server.address()));
    DatagramPacket answer = new DatagramPacket(new byte[512], 512);
    from.receive(answer);
    return HexFormat.of().formatHex(answer.getData(), 0, answer.getLength());
  }

  @Test
  void anotherAddressMachineOrUserIsAnotherClient() throws Exception {
    byte[] alpha = call(7, COUNT, sys(1, "alpha", 500, 100));
    try (Client client = new Client(0);
        Client stranger = new Client(InetAddress.getByName("127.0.0.2"), 0)) {
      String first = client.exchange(alpha);
      assertThat(stranger.exchange(alpha)).endsWith("00000002");
      assertThat(client.exchange(call(7, COUNT, sys(1, "beta", 500, 100)))).endsWith("00000003");
      assertThat(client.exchange(call(7, COUNT, sys(1, "alpha", 501, 100)))).endsWith("00000004");
      assertThat(client.exchange(call(7, COUNT, sys(1, "alpha", 500, 101)))).endsWith("00000005");
      assertThat(client.exchange(call(7, COUNT, 1))).as("AUTH_NONE").endsWith("00000006");
      assertThat(client.exchange(call(7, COUNT, sys(99, "alpha", 500, 100))))
          .as("another stamp is the same client")
          .isEqualTo(first);
    }
  }

  @Test
  void aDuplicateOfARunningCallIsAnsweredOverItsOwnConnection() throws Exception {
    RpcCall.DeferredReply running;
    try (Client lost = new Client(0)) {
      lost.send(call(7, COUNT_LATER, 1));
      running = counter.deferred.poll(10, TimeUnit.SECONDS);
    }
    try (Client again = new Client(0)) {
      again.send(call(7, COUNT_LATER, 1));
      again.exchange(call(9, COUNT_UNGUARDED, 1)); // it has arrived
      running.complete(out -> out.writeInt(0x77));
      assertThat(again.read()).endsWith("00000077");
    }
    assertThat(counter.executions).hasValue(2);
  }

  @Test
  void anotherXidProcedureOrArgumentIsAnotherCall() throws Exception {
    try (Client client = new Client(0)) {
      client.exchange(call(7, COUNT, 1));
      assertThat(client.exchange(call(8, COUNT, 1))).endsWith("00000002");
      assertThat(client.exchange(call(7, COUNT, 2))).endsWith("00000003");
      assertThat(client.exchange(call(7, COUNT_UNGUARDED, 1))).endsWith("00000004");
      assertThat(client.exchange(call(7, COUNT_UNGUARDED, 1))).endsWith("00000005");
    }
  }

  @Test
  void duplicatesOfARunningCallWaitForItsAnswer() throws Exception {
    try (Client client = new Client(0)) {
      client.send(call(7, COUNT_LATER, 1));
      client.send(call(7, COUNT_LATER, 1));
      client.send(call(7, COUNT_LATER, 1));
      RpcCall.DeferredReply running = counter.deferred.poll(10, TimeUnit.SECONDS);
      client.exchange(call(9, COUNT_UNGUARDED, 1)); // all three have arrived
      assertThat(cache.running()).isEqualTo(1);
      running.complete(out -> out.writeInt(0x77));
      for (int i = 0; i < 3; i++) {
        assertThat(client.read()).startsWith("00000007").endsWith("00000077");
      }
      assertThat(client.exchange(call(7, COUNT_LATER, 1))).endsWith("00000077");
      assertThat(counter.executions).hasValue(2);
      assertThat(cache.running()).isZero();
    }
  }

  @Test
  void anAnswerIsKeptEvenIfItsConnectionIsGone() throws Exception {
    int port;
    RpcCall.DeferredReply running;
    try (Client client = FreePorts.attempt(Client::new)) {
      port = client.port();
      client.send(call(7, COUNT_LATER, 1));
      running = counter.deferred.poll(10, TimeUnit.SECONDS);
    }
    while (server.connectionCount() > 0) {
      Thread.onSpinWait();
    }
    running.complete(out -> out.writeInt(0x77));
    try (Client again = new Client(port)) {
      assertThat(again.exchange(call(7, COUNT_LATER, 1))).endsWith("00000077");
    }
    assertThat(counter.executions).hasValue(1);
  }

  @Test
  void aCallThatFailedIsForgottenAndItsDuplicatesFailWithIt() throws Exception {
    try (Client client = new Client(0)) {
      client.send(call(7, COUNT_LATER, 1));
      client.send(call(7, COUNT_LATER, 1));
      RpcCall.DeferredReply running = counter.deferred.poll(10, TimeUnit.SECONDS);
      client.exchange(call(9, COUNT_UNGUARDED, 1));
      running.fail(new IllegalStateException("on purpose"));
      String systemError = "00000005";
      assertThat(client.read()).endsWith(systemError);
      assertThat(client.read()).endsWith(systemError);
      client.send(call(7, COUNT_LATER, 1));
      counter.deferred.poll(10, TimeUnit.SECONDS).complete(out -> out.writeInt(1));
      assertThat(client.read()).endsWith("00000001");
    }
  }

  @Test
  void garbageAndDroppedCallsAreExecutedAnew() throws Exception {
    try (Client client = new Client(0)) {
      assertThat(client.exchange(call(7, GARBAGE, 1))).endsWith("00000004");
      assertThat(client.exchange(call(7, GARBAGE, 1))).endsWith("00000004");
      client.send(call(8, LOSE, 1));
      client.send(call(8, LOSE, 1));
      assertThat(client.exchange(call(9, COUNT, 1))).endsWith("00000005");
      assertThat(cache.running()).isZero();
    }
  }

  @Test
  void whatIsForgottenIsExecutedAnewAndACallThatRanMeanwhileIsNotRemembered() throws Exception {
    try (Client client = new Client(0)) {
      assertThat(client.exchange(call(7, COUNT, 1))).endsWith("00000001");
      client.send(call(8, COUNT_LATER, 1));
      RpcCall.DeferredReply running = counter.deferred.poll(10, TimeUnit.SECONDS);

      cache.forgetAll();

      assertThat(cache.heldBytes()).isZero();
      assertThat(client.exchange(call(7, COUNT, 1))).endsWith("00000003");
      running.complete(out -> out.writeInt(0x77));
      assertThat(client.read()).as("its own client is answered").endsWith("00000077");
      client.send(call(8, COUNT_LATER, 1));
      counter.deferred.poll(10, TimeUnit.SECONDS).complete(out -> out.writeInt(0x78));
      assertThat(client.read()).endsWith("00000078");
      assertThat(client.exchange(call(7, COUNT, 1))).as("remembered again").endsWith("00000003");
      assertThat(client.exchange(call(8, COUNT_LATER, 1))).endsWith("00000078");
      assertThat(cache.running()).isZero();
    }
  }

  /** What it did is not undone, so it must not be done again. */
  @Test
  void aCallThatRanMeanwhileAndTookEffectAfterwardsIsRemembered() throws Exception {
    try (Client client = new Client(0)) {
      client.send(call(10, COUNT_LATER, 1));
      RpcCall.DeferredReply before = counter.deferred.poll(10, TimeUnit.SECONDS);
      counter.era = 1;
      client.send(call(11, COUNT_LATER, 1));
      RpcCall.DeferredReply after = counter.deferred.poll(10, TimeUnit.SECONDS);

      cache.forgetAll(1);

      before.complete(out -> out.writeInt(0x10));
      assertThat(client.read()).endsWith("00000010");
      after.complete(out -> out.writeInt(0x11));
      assertThat(client.read()).endsWith("00000011");
      assertThat(client.exchange(call(11, COUNT_LATER, 1))).endsWith("00000011");
      client.send(call(10, COUNT_LATER, 1));
      counter.deferred.poll(10, TimeUnit.SECONDS).complete(out -> out.writeInt(0x78));
      assertThat(client.read()).as("undone, so executed anew").endsWith("00000078");
      cache.forgetAll(2);
      assertThat(cache.heldBytes()).isZero();
    }
  }

  @Test
  void aDuplicateThatWaitsWhenAllIsForgottenIsAnsweredWithTheFirst() throws Exception {
    try (Client client = new Client(0)) {
      client.send(call(7, COUNT_LATER, 1));
      client.send(call(7, COUNT_LATER, 1));
      RpcCall.DeferredReply running = counter.deferred.poll(10, TimeUnit.SECONDS);
      client.exchange(call(9, COUNT_UNGUARDED, 1)); // both have arrived
      cache.forgetAll();
      running.complete(out -> out.writeInt(0x77));
      assertThat(client.read()).endsWith("00000077");
      assertThat(client.read()).endsWith("00000077");
    }
  }

  @Test
  void anOldAnswerIsNotBelieved() throws Exception {
    try (Client client = new Client(0)) {
      assertThat(client.exchange(call(7, COUNT, 1))).endsWith("00000001");
      nowNanos.addAndGet(TimeUnit.SECONDS.toNanos(119));
      assertThat(client.exchange(call(7, COUNT, 1))).endsWith("00000001");
      nowNanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
      assertThat(client.exchange(call(7, COUNT, 1))).endsWith("00000002");
      assertThat(client.exchange(call(7, COUNT, 1))).endsWith("00000002");
    }
  }

  @Test
  void theOldestAnswersLeaveWhenTheBytesAreUsedUp() throws Exception {
    try (Client client = new Client(0)) {
      for (int xid = 1; xid <= 2000; xid++) {
        client.exchange(call(xid, COUNT, 1));
        assertThat(cache.heldBytes()).isLessThanOrEqualTo(64 << 10);
      }
      assertThat(cache.heldBytes()).isGreaterThan(32 << 10);
      assertThat(client.exchange(call(2000, COUNT, 1))).endsWith("000007d0");
      assertThat(client.exchange(call(1, COUNT, 1))).endsWith("000007d1");
    }
  }

  @Test
  void resultsAreEncodedWithoutAConnection() {
    assertThat(DuplicateRequestCache.bytesOf(out -> out.writeLong(5)))
        .isEqualTo(ByteBufUtil.getBytes(Unpooled.copyLong(5)));
  }
}
