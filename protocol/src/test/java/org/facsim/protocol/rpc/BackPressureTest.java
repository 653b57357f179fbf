/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one client does, or does not do, must cost neither memory nor the other clients. */
class BackPressureTest {
  private static final int CALLS = 120;
  private static final long MAX_GROWTH_BYTES = 32L << 20;

  private static long pooledBytes() {
    return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }

  /** 120 replies of 1 MiB that nobody reads: without bounds they would stand in memory. */
  @ParameterizedTest
  @ValueSource(ints = {EchoProgram.SOURCE, EchoProgram.GATHER, EchoProgram.DEFER})
  void aClientThatDoesNotReadHoldsNoMemoryDelaysNobodyAndGetsEverythingInTheEnd(int procedure)
      throws Exception {
    try (EchoServer server = new EchoServer();
        RawConnection slow = server.connect();
        RpcClient other = server.client()) {
      long before = pooledBytes();
      Thread sender = new Thread(() -> sendBulk(server, slow, procedure), "slow client");
      sender.start();
      if (procedure == EchoProgram.DEFER) {
        await().until(() -> server.program.deferred.size() >= 60);
        for (int i = 0; i < 60; i++) {
          echoAndRelease(server.program.deferred.poll());
        }
      }
      for (int i = 0; i < 50; i++) {
        other
            .call(EchoProgram.NUMBER, 2, EchoProgram.NULL, out -> {}, in -> null)
            .get(5, TimeUnit.SECONDS);
        Thread.sleep(4);
      }
      assertThat(pooledBytes() - before).isLessThan(maxGrowth(procedure));

      for (int xid = 0; xid < (procedure == EchoProgram.DEFER ? 60 : CALLS); xid++) {
        ByteBuf reply = slow.readRecord();
        assertThat(reply.readInt()).isEqualTo(xid);
        reply.skipBytes(24);
        assertThat(reply).isEqualTo(server.source.slice(0, reply.readableBytes()));
        assertThat(reply.readableBytes()).isEqualTo(1 << 20);
      }
      slow.disconnect();
      sender.join();
      server.program.deferred.forEach(BackPressureTest::echoAndRelease);
      server.program.deferred.clear();
    }
  }

  /** Calls put off hold their arguments, so there the bound of a connection counts. */
  private static long maxGrowth(int procedure) {
    return procedure == EchoProgram.DEFER
        ? 64 * 5L / 4 * (1 << 20) + MAX_GROWTH_BYTES
        : MAX_GROWTH_BYTES;
  }

  private static void echoAndRelease(EchoProgram.Deferred call) {
    ByteBuf data = call.arguments();
    call.reply()
        .complete(
            new RpcCall.ReplyEncoder() {
              @Override
              public void encode(ByteBuf out) {
                out.writeBytes(data, 0, 4 + (1 << 20));
                data.release();
              }

              @Override
              public void discard() {
                data.release();
              }
            });
  }

  private static void sendBulk(EchoServer server, RawConnection slow, int procedure) {
    try {
      for (int xid = 0; xid < CALLS; xid++) {
        slow.send(
            RawConnection.call(
                xid,
                procedure,
                out -> {
                  out.writeInt(1 << 20);
                  if (procedure != EchoProgram.SOURCE) {
                    out.writeBytes(server.source, 0, 1 << 20);
                  }
                }));
      }
    } catch (java.io.IOException e) {
      // the test is over
    }
  }

  @Test
  void callsBeyondTheBoundOfAConnectionWaitUnreadUntilOthersAreAnswered() throws Exception {
    try (EchoServer server = new EchoServer(options -> options.withConnectionLimits(4, 1 << 20));
        RawConnection connection = server.connect()) {
      for (int xid = 0; xid < 10; xid++) {
        connection.send(RawConnection.call(xid, EchoProgram.DEFER, out -> out.writeInt(5)));
      }
      for (int answered = 0; answered < 10; answered++) {
        int waiting = Math.min(4, 10 - answered);
        await().until(() -> server.program.deferred.size() == waiting);
        await()
            .during(Duration.ofMillis(20))
            .until(() -> server.program.deferred.size() == waiting);
        EchoProgram.Deferred call = server.program.deferred.poll();
        call.reply().complete(out -> {});
        call.arguments().release();
        assertThat(connection.readRecord().readInt()).isEqualTo(answered);
      }
    }
  }

  @Test
  void bytesOfCallsPutOffAreBoundedToo() throws Exception {
    try (EchoServer server = new EchoServer(options -> options.withConnectionLimits(100, 1000));
        RawConnection connection = server.connect()) {
      for (int xid = 0; xid < 5; xid++) {
        connection.send(RawConnection.call(xid, EchoProgram.DEFER, out -> out.writeZero(600)));
      }
      await()
          .during(Duration.ofMillis(50))
          .atMost(Duration.ofSeconds(5))
          .until(() -> server.program.deferred.size() == 2);
    }
  }

  @Test
  void theTotalBoundHoldsForAllConnectionsAndWakesThoseThatWait() throws Exception {
    try (EchoServer server = new EchoServer(options -> options.withTotalLimits(3, 1 << 20));
        RawConnection first = server.connect();
        RawConnection second = server.connect()) {
      for (int xid = 0; xid < 3; xid++) {
        first.send(RawConnection.call(xid, EchoProgram.DEFER, out -> {}));
      }
      await().until(() -> server.program.deferred.size() == 3);
      second.send(RawConnection.call(100, EchoProgram.NULL, out -> {}));
      first.send(RawConnection.call(3, EchoProgram.NULL, out -> {}));
      Thread.sleep(50);
      assertThat(server.program.deferred).hasSize(3);

      EchoProgram.Deferred call = server.program.deferred.poll();
      call.reply().complete(out -> {});
      call.arguments().release();

      assertThat(second.readRecord().readInt()).isEqualTo(100);
      assertThat(first.readRecord().readInt()).isEqualTo(0);
      assertThat(first.readRecord().readInt()).isEqualTo(3);
    }
  }

  @Test
  void whatAConnectionHeldIsGivenBackWhenItEnds() throws Exception {
    try (EchoServer server = new EchoServer(options -> options.withTotalLimits(2, 1 << 20));
        RawConnection second = server.connect()) {
      try (RawConnection first = server.connect()) {
        first.send(RawConnection.call(1, EchoProgram.DEFER, out -> {}));
        first.send(RawConnection.call(2, EchoProgram.DEFER, out -> {}));
        await().until(() -> server.program.deferred.size() == 2);
        second.send(RawConnection.call(3, EchoProgram.NULL, out -> {}));
        first.disconnect();
      }
      assertThat(second.readRecord().readInt()).isEqualTo(3);
    }
  }
}
