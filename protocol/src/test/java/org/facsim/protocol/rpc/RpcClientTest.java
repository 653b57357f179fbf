/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.facsim.protocol.testing.FreePorts;
import org.facsim.protocol.xdr.Xdr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RpcClientTest {
  private static final RpcClientOptions IMPATIENT =
      RpcClientOptions.defaults().withTimeouts(Duration.ofSeconds(5), Duration.ofMillis(150));

  private static CompletableFuture<Integer> call(RpcClient client, int procedure, int number) {
    return client.call(
        EchoProgram.NUMBER, 2, procedure, out -> out.writeInt(number), ByteBuf::readInt);
  }

  private static RpcFailure failure(CompletableFuture<?> answer) throws Exception {
    try {
      answer.get(10, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(RpcException.class);
      return ((RpcException) e.getCause()).failure();
    }
    throw new AssertionError("the call succeeded");
  }

  @ParameterizedTest
  @CsvSource({
    // the reply behind its xid
    "PROGRAM_UNAVAILABLE,   00000001 00000000 00000000 00000000 00000001",
    "PROGRAM_MISMATCH,      00000001 00000000 00000000 00000000 00000002 00000002 00000004",
    "PROCEDURE_UNAVAILABLE, 00000001 00000000 00000000 00000000 00000003",
    "GARBAGE_ARGUMENTS,     00000001 00000000 00000000 00000000 00000004",
    "SYSTEM_ERROR,          00000001 00000000 00000000 00000000 00000005",
    "RPC_MISMATCH,          00000001 00000001 00000000 00000002 00000002",
    "AUTH_ERROR,            00000001 00000001 00000001 00000005",
    "AUTH_ERROR,            00000001 00000001 00000001 0000000e",
    "MALFORMED_REPLY,       00000001 00000000 00000000 00000000 00000006",
    "MALFORMED_REPLY,       00000001 00000002",
    "MALFORMED_REPLY,       00000001 00000001 00000002",
    "MALFORMED_REPLY,       00000001 00000000 00000000 00000194",
    "MALFORMED_REPLY,       00000001 00000000 00000000 00000000 00000000 0000",
    "MALFORMED_REPLY,       00000000 00000000 00000002 00000000 00000000 00000000",
    "MALFORMED_REPLY,       0000"
  })
  void everyReplyThatCarriesNoResultsFailsTheCallWithItsReason(RpcFailure reason, String words)
      throws Exception {
    try (CannedServer server = new CannedServer(RawConnection.hex(words));
        RpcClient client = server.client(RpcClientOptions.defaults())) {
      assertThat(failure(client.call(1, 2, 3, out -> {}, Xdr::readInt))).isEqualTo(reason);
    }
  }

  @Test
  void theCallOnTheWireIsWhatTheRfcSays() throws Exception {
    RpcClientOptions options =
        RpcClientOptions.defaults()
            .withCredential(
                new Credential.Sys(0xffff_fffeL, "host1", 0, 0xffff_ffffL, List.of(7L)));
    try (CannedServer server = new CannedServer(null);
        RpcClient client = server.client(options);
        EchoServer data = new EchoServer()) {
      var unused =
          client.call(
              0xdead_beef, 3, 9, out -> out.writeInt(5), data.source.retainedSlice(0, 3), in -> 0);

      byte[] first = ByteBufUtil.getBytes(data.source, 0, 3);
      assertThat(server.request().skipBytes(4))
          .isEqualTo(
              Unpooled.wrappedBuffer(
                  RawConnection.hex(
                      "00000000 00000002 deadbeef 00000003 00000009"
                          + "00000001 00000020 fffffffe 00000005 686f737431000000"
                          + "00000000 ffffffff 00000001 00000007 00000000 00000000"
                          + "00000005 00000003"
                          + HexFormat.of().formatHex(first)
                          + "00")));
    }
  }

  @Test
  void aCallThatIsNotAnsweredRunsOutOfTimeAndTheConnectionGoesOn() throws Exception {
    try (EchoServer server = new EchoServer();
        RpcClient client = server.client(IMPATIENT)) {
      assertThat(failure(call(client, EchoProgram.DROP, 1))).isEqualTo(RpcFailure.TIMEOUT);
      CompletableFuture<Integer> late = call(client, EchoProgram.DEFER, 2);
      assertThat(failure(late)).isEqualTo(RpcFailure.TIMEOUT);

      EchoProgram.Deferred call = server.program.deferred.poll();
      call.reply().complete(out -> out.writeInt(2)); // comes too late
      call.arguments().release();

      assertThat(call(client, EchoProgram.ECHO, 3).get(5, TimeUnit.SECONDS)).isEqualTo(3);
      assertThat(client.isOpen()).isTrue();
    }
  }

  @Test
  void callsThatWaitToBeSentRunOutOfTimeToo() throws Exception {
    try (EchoServer server = new EchoServer();
        RpcClient client = server.client(IMPATIENT.withCallLimits(1, 10))) {
      List<CompletableFuture<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        answers.add(call(client, EchoProgram.DROP, i));
      }
      for (CompletableFuture<Integer> answer : answers) {
        assertThat(failure(answer)).isEqualTo(RpcFailure.TIMEOUT);
      }
    }
  }

  @Test
  void onlySoManyCallsAreSentAndSoManyWait() throws Exception {
    try (EchoServer server = new EchoServer();
        RpcClient client = server.client(RpcClientOptions.defaults().withCallLimits(2, 3))) {
      List<CompletableFuture<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        answers.add(call(client, EchoProgram.DEFER, i));
      }
      await().until(() -> server.program.deferred.size() == 2);
      for (int i = 2; i < 5; i++) {
        answers.add(call(client, EchoProgram.DEFER, i));
      }
      ByteBuf payload = server.source.retainedSlice(0, 100);
      CompletableFuture<Integer> refused =
          client.call(EchoProgram.NUMBER, 2, EchoProgram.SINK, out -> {}, payload, Xdr::readInt);
      assertThat(failure(refused)).isEqualTo(RpcFailure.TOO_MANY_CALLS);

      for (int i = 0; i < 5; i++) {
        await().until(() -> !server.program.deferred.isEmpty());
        assertThat(server.program.deferred).hasSizeLessThanOrEqualTo(2);
        EchoProgram.Deferred call = server.program.deferred.poll();
        int number = call.arguments().getInt(0);
        call.arguments().release();
        call.reply().complete(out -> out.writeInt(number));
        assertThat(answers.get(number).get(5, TimeUnit.SECONDS)).isEqualTo(number);
      }
    }
  }

  @Test
  void losingTheConnectionFailsWhatWaitsAndWhatComesAfter() throws Exception {
    EchoServer server = new EchoServer();
    try (RpcClient client = server.client(RpcClientOptions.defaults().withCallLimits(2, 10))) {
      List<CompletableFuture<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        ByteBuf payload = server.source.retainedSlice(0, 100);
        answers.add(
            client.call(EchoProgram.NUMBER, 2, EchoProgram.DROP, out -> {}, payload, Xdr::readInt));
      }
      server.close();

      for (CompletableFuture<Integer> answer : answers) {
        assertThat(failure(answer)).isEqualTo(RpcFailure.CONNECTION_LOST);
      }
      await().until(() -> !client.isOpen());
      assertThat(failure(call(client, EchoProgram.ECHO, 1))).isEqualTo(RpcFailure.CONNECTION_LOST);
    }
  }

  @Test
  void closingFailsWhatWaitsEvenFromTheLoopItself() throws Exception {
    try (EchoServer server = new EchoServer()) {
      RpcClient client = server.client();
      CompletableFuture<Integer> pending = call(client, EchoProgram.DROP, 1);
      CompletableFuture<Void> closed =
          call(client, EchoProgram.ECHO, 2).thenAccept(answer -> client.close());

      assertThat(failure(pending)).isEqualTo(RpcFailure.CONNECTION_LOST);
      closed.get(5, TimeUnit.SECONDS);
      assertThat(failure(call(client, EchoProgram.ECHO, 3))).isEqualTo(RpcFailure.CONNECTION_LOST);
      client.close();
      assertThat(failure(call(client, EchoProgram.ECHO, 4))).isEqualTo(RpcFailure.CONNECTION_LOST);
    }
  }

  @Test
  void anEncoderThatFailsFailsItsCallOnly() throws Exception {
    try (EchoServer server = new EchoServer();
        RpcClient client = server.client()) {
      CompletableFuture<Integer> failed =
          client.call(
              EchoProgram.NUMBER,
              2,
              EchoProgram.SINK,
              out -> {
                out.writeInt(1);
                throw new UnsupportedOperationException("on purpose");
              },
              server.source.retainedSlice(0, 1 << 20),
              Xdr::readInt);

      assertThatThrownBy(() -> failed.get(5, TimeUnit.SECONDS))
          .hasCauseInstanceOf(UnsupportedOperationException.class);
      assertThat(call(client, EchoProgram.ECHO, 3).get(5, TimeUnit.SECONDS)).isEqualTo(3);
    }
  }

  @Test
  void aDecoderThatFailsFailsItsCallOnly() throws Exception {
    try (EchoServer server = new EchoServer();
        RpcClient client = server.client()) {
      CompletableFuture<Integer> failed =
          client.call(
              EchoProgram.NUMBER,
              2,
              EchoProgram.NULL,
              out -> {},
              in -> {
                throw new UnsupportedOperationException("on purpose");
              });

      assertThatThrownBy(failed::join)
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(UnsupportedOperationException.class);
      assertThat(call(client, EchoProgram.ECHO, 3).get(5, TimeUnit.SECONDS)).isEqualTo(3);
    }
  }

  @Test
  void bytesRetainedForACallThatWasCancelledAreReleased() throws Exception {
    try (EchoServer server = new EchoServer();
        RpcClient client = server.client()) {
      CompletableFuture<ByteBuf> cancelled =
          client.call(
              EchoProgram.NUMBER,
              2,
              EchoProgram.DEFER,
              out -> out.writeInt(1),
              in -> in.readRetainedSlice(4));
      await().until(() -> !server.program.deferred.isEmpty());
      assertThat(cancelled.cancel(false)).isTrue();
      EchoProgram.Deferred call = server.program.deferred.poll();
      call.echo();

      assertThat(call(client, EchoProgram.ECHO, 3).get(5, TimeUnit.SECONDS)).isEqualTo(3);
      assertThatThrownBy(cancelled::join).isInstanceOf(CancellationException.class);
      call.arguments().release();
    }
  }

  @Test
  void aPortWhereNobodyListensFailsToConnect() throws Exception {
    try (Socket taken = FreePorts.withoutListener()) {
      InetSocketAddress nobody = (InetSocketAddress) taken.getLocalSocketAddress();
      assertThat(failure(RpcClient.connect(nobody, RpcClientOptions.defaults())))
          .isEqualTo(RpcFailure.CONNECT_FAILED);
    }
  }

  @Test
  void manyThreadsShareOneClient() throws Exception {
    AtomicBoolean wrong = new AtomicBoolean();
    try (EchoServer server = new EchoServer();
        RpcClient client = server.client()) {
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        int base = t * 1000;
        threads.add(
            new Thread(
                () -> {
                  for (int i = 0; i < 200; i++) {
                    if (call(client, EchoProgram.ECHO, base + i).join() != base + i) {
                      wrong.set(true);
                    }
                  }
                }));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertThat(wrong).isFalse();
  }

  /** Answers the first call with the same bytes behind its xid, or never. */
  private static final class CannedServer implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final CompletableFuture<ByteBuf> request = new CompletableFuture<>();
    private final byte[] reply;

    CannedServer(byte[] reply) throws IOException {
      this.reply = reply;
      Thread thread = new Thread(this::serve, "canned server");
      thread.setDaemon(true);
      thread.start();
    }

    private void serve() {
      try (Socket socket = listener.accept()) {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] call = new byte[in.readInt() & Integer.MAX_VALUE];
        in.readFully(call);
        request.complete(Unpooled.wrappedBuffer(call));
        if (reply != null) {
          socket
              .getOutputStream()
              .write(RawConnection.record(out -> out.writeBytes(call, 0, 4).writeBytes(reply)));
        }
        in.read(); // until the client closes
      } catch (IOException e) {
        request.completeExceptionally(e);
      }
    }

    ByteBuf request() throws Exception {
      return request.get(5, TimeUnit.SECONDS);
    }

    RpcClient client(RpcClientOptions options) throws Exception {
      return RpcClient.connect((InetSocketAddress) listener.getLocalSocketAddress(), options)
          .get(5, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }
}
