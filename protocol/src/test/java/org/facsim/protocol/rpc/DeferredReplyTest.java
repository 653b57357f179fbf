/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.protocol.xdr.XdrException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeferredReplyTest {
  private final EchoServer server = new EchoServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private EchoProgram.Deferred next() {
    await().until(() -> !server.program.deferred.isEmpty());
    EchoProgram.Deferred call = server.program.deferred.poll();
    call.arguments().release();
    return call;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void answersFromOtherThreadsInAnyOrderReachTheirCalls(long seed) throws Exception {
    int calls = 500;
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try (RpcClient client = server.client(RpcClientOptions.defaults().withCallLimits(600, 600))) {
      List<CompletableFuture<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < calls; i++) {
        int number = i;
        int procedure = i % 5 == 0 ? EchoProgram.ECHO : EchoProgram.DEFER;
        answers.add(
            client.call(
                EchoProgram.NUMBER, 2, procedure, out -> out.writeInt(number), ByteBuf::readInt));
      }
      await().until(() -> server.program.deferred.size() == calls * 4 / 5);
      List<EchoProgram.Deferred> waiting = new ArrayList<>(server.program.deferred);
      server.program.deferred.clear();
      Collections.shuffle(waiting, new Random(seed));
      for (EchoProgram.Deferred call : waiting) {
        int number = call.arguments().getInt(0);
        call.arguments().release();
        threads.execute(() -> call.reply().complete(out -> out.writeInt(number)));
      }
      for (int i = 0; i < calls; i++) {
        assertThat(answers.get(i).get(10, TimeUnit.SECONDS)).as("seed %s", seed).isEqualTo(i);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void encodersRunOnTheLoopAndTheCallKeepsItsHeader() throws Exception {
    try (RawConnection connection = server.connect()) {
      connection.send(RawConnection.call(11, EchoProgram.DEFER, out -> {}));
      connection.send(RawConnection.call(12, EchoProgram.DEFER, out -> {}));
      EchoProgram.Deferred first = next();
      EchoProgram.Deferred second = next();
      Set<String> threads = Collections.synchronizedSet(new HashSet<>());

      second.reply().complete(out -> threads.add(Thread.currentThread().getName()));
      first.reply().complete(out -> threads.add(Thread.currentThread().getName()));

      assertThat(connection.readRecord().readInt()).isEqualTo(12);
      assertThat(connection.readRecord().readInt()).isEqualTo(11);
      assertThat(threads).singleElement().asString().startsWith("rpc-server");
      assertThat(first.call().xid()).isEqualTo(11);
      assertThat(first.call().client().getPort()).isEqualTo(connection.localPort());
      assertThat(first.call().credential()).isEqualTo(new Credential.None());
    }
  }

  @Test
  void failuresBecomeTheirRungOfTheLadder() throws Exception {
    try (RawConnection connection = server.connect()) {
      for (int xid = 0; xid < 3; xid++) {
        connection.send(RawConnection.call(xid, EchoProgram.DEFER, out -> {}));
      }
      next().reply().fail(new IllegalStateException("failed on purpose"));
      next().reply().fail(new XdrException("malformed on purpose"));
      next()
          .reply()
          .complete(
              out -> {
                out.writeInt(4);
                throw new IllegalStateException("failed on purpose");
              });

      for (int status : new int[] {5, 4, 5}) {
        ByteBuf reply = connection.readRecord();
        assertThat(reply.readableBytes()).isEqualTo(24);
        assertThat(reply.getInt(20)).isEqualTo(status);
      }
    }
  }

  @Test
  void aSecondAnswerIsRefused() throws Exception {
    try (RawConnection connection = server.connect()) {
      connection.send(RawConnection.call(1, EchoProgram.DEFER, out -> {}));
      EchoProgram.Deferred call = next();
      call.reply().complete(out -> {});

      assertThatThrownBy(() -> call.reply().complete(out -> {}))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> call.reply().fail(new IllegalStateException()))
          .isInstanceOf(IllegalStateException.class);
      assertThat(connection.readRecord().readInt()).isEqualTo(1);
    }
  }

  @Test
  void answersToAConnectionThatIsGoneVanishWithoutBeingEncoded() throws Exception {
    AtomicInteger encoded = new AtomicInteger();
    AtomicInteger discarded = new AtomicInteger();
    RpcCall.ReplyEncoder results =
        new RpcCall.ReplyEncoder() {
          @Override
          public void encode(ByteBuf out) {
            encoded.incrementAndGet();
          }

          @Override
          public void discard() {
            discarded.incrementAndGet();
          }
        };
    EchoProgram.Deferred early;
    EchoProgram.Deferred late;
    try (RawConnection connection = server.connect()) {
      connection.send(RawConnection.call(1, EchoProgram.DEFER, out -> {}));
      connection.send(RawConnection.call(2, EchoProgram.DEFER, out -> {}));
      early = next();
      late = next();
      connection.disconnect();
    }
    await().until(() -> server.server.connectionCount() == 0);
    early.reply().complete(results);
    server.server.close();
    late.reply().complete(results);

    assertThat(encoded).hasValue(0);
    assertThat(discarded).hasValue(2);
  }
}
