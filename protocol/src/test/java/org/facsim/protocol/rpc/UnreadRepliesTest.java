/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that ask and never read: what they hold is counted, bounded, and nobody else's loss. */
class UnreadRepliesTest {
  private static final int CLIENTS = 60;
  private static final long MAX_MEMORY_BYTES = 4L << 20;

  /** Small enough that a socket soon takes no more. */
  private static final int RECEIVE_BUFFER_BYTES = 4 << 10;

  private static long pooledBytes() {
    return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }

  private static byte[] calls(int count) {
    byte[] call = RawConnection.call(1, EchoProgram.SOURCE, out -> out.writeInt(15_000));
    byte[] calls = new byte[count * call.length];
    for (int i = 0; i < count; i++) {
      System.arraycopy(call, 0, calls, i * call.length, call.length);
    }
    return calls;
  }

  private static RawConnection nonReader(EchoServer server) throws IOException {
    RawConnection connection = new RawConnection(server.address(), RECEIVE_BUFFER_BYTES);
    connection.sendWithoutWaiting(calls(300));
    return connection;
  }

  @ParameterizedTest
  @EnumSource(
      value = RpcTransport.class,
      names = {"AUTOMATIC", "NIO"})
  void clientsThatNeverReadHoldABoundedAmountAndDelayNobody(RpcTransport transport)
      throws Exception {
    List<RawConnection> nonReaders = new ArrayList<>();
    long before = pooledBytes();
    try (EchoServer server =
            new EchoServer(
                options -> options.withTransport(transport).withMaxMemoryBytes(MAX_MEMORY_BYTES));
        RpcClient good = server.client()) {
      long mostBytes = 0;
      long longestNanos = 0;
      for (int i = 0; i < CLIENTS; i++) {
        nonReaders.add(nonReader(server));
        long start = System.nanoTime();
        good.call(EchoProgram.NUMBER, 2, EchoProgram.NULL, out -> {}, in -> null)
            .get(5, TimeUnit.SECONDS);
        longestNanos = Math.max(longestNanos, System.nanoTime() - start);
        mostBytes = Math.max(mostBytes, pooledBytes() - before);
      }
      assertThat(longestNanos).isLessThan(1_000_000_000L);
      assertThat(mostBytes).as("with what the loop itself needs").isLessThan(24L << 20);
      assertThat(server.server.heldBytes()).isLessThan(2 * MAX_MEMORY_BYTES);

      await().until(() -> server.log.lines.size() > 0);
      assertThat(server.log.lines.get(0))
          .startsWith("closing the connection of ")
          .endsWith("it does not take its replies, and others wait for the memory");
      for (RawConnection connection : nonReaders) {
        connection.disconnect();
      }
      await().until(() -> server.server.heldBytes() == 0);
      good.call(EchoProgram.NUMBER, 2, EchoProgram.NULL, out -> {}, in -> null)
          .get(5, TimeUnit.SECONDS);
    }
  }

  /**
   * Small replies are work, if not memory: a peer that takes none of them is served no more of them
   * than the kernel takes for it, and a few.
   */
  @ParameterizedTest
  @EnumSource(
      value = RpcTransport.class,
      names = {"AUTOMATIC", "NIO"})
  void whoDoesNotReadIsServedFewCallsUntilItReads(RpcTransport transport) throws Exception {
    int count = 40_000;
    try (EchoServer server = new EchoServer(options -> options.withTransport(transport));
        RawConnection nonReader = new RawConnection(server.address(), RECEIVE_BUFFER_BYTES)) {
      nonReader.sendWithoutWaiting(numberedCalls(count, 400));
      await().until(() -> server.server.heldBytes() > 0);
      await()
          .pollInterval(Duration.ofMillis(50))
          .until(new Unchanged(server.program.calls::get), unchanged -> unchanged);
      assertThat(server.program.calls.get()).isLessThan(count);
      assertThat(server.server.heldBytes()).isLessThan(4L << 20);

      for (int xid = 0; xid < count; xid++) {
        assertThat(nonReader.readRecord().readInt()).isEqualTo(xid);
      }
    }
  }

  private static byte[] numberedCalls(int count, int replyBytes) {
    ByteArrayOutputStream calls = new ByteArrayOutputStream();
    for (int xid = 0; xid < count; xid++) {
      calls.writeBytes(
          RawConnection.call(xid, EchoProgram.SOURCE, out -> out.writeInt(replyBytes)));
    }
    return calls.toByteArray();
  }

  /** Whether a figure has not changed for four questions. */
  private static final class Unchanged implements Callable<Boolean> {
    private final IntSupplier figure;
    private int latest = -1;
    private int times;

    Unchanged(IntSupplier figure) {
      this.figure = figure;
    }

    @Override
    public Boolean call() {
      int now = figure.getAsInt();
      times = now == latest ? times + 1 : 0;
      latest = now;
      return times >= 4;
    }
  }

  /** Replies that were moved to other buffers arrive whole and in order, bulk data among them. */
  @ParameterizedTest
  @EnumSource(
      value = RpcTransport.class,
      names = {"AUTOMATIC", "NIO"})
  void whoReadsLateGetsEveryByteInOrder(RpcTransport transport) throws Exception {
    try (EchoServer server =
            new EchoServer(
                options -> options.withTransport(transport).withMaxMemoryBytes(4 << 20));
        RawConnection late = new RawConnection(server.address(), RECEIVE_BUFFER_BYTES)) {
      int calls = 400;
      Thread sender =
          new Thread(
              () -> {
                try {
                  for (int xid = 0; xid < calls; xid++) {
                    late.send(call(server, xid));
                  }
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      sender.start();
      for (int xid = 0; xid < calls; xid++) {
        if (xid % 100 == 0) {
          Thread.sleep(40);
        }
        ByteBuf reply = late.readRecord();
        assertThat(reply.readInt()).isEqualTo(xid);
        reply.skipBytes(20);
        int bytes = reply.readInt();
        assertThat(bytes).isEqualTo(dataBytes(xid));
        assertThat(reply.readSlice(bytes)).isEqualTo(server.source.slice(0, bytes));
      }
      sender.join();
      await().until(() -> server.server.heldBytes() == 0);
    }
  }

  private static int dataBytes(int xid) {
    return xid % 3 == 0 ? 60_000 : 40 * xid + 1;
  }

  private static byte[] call(EchoServer server, int xid) {
    int bytes = dataBytes(xid);
    return xid % 3 == 0
        ? RawConnection.call(
            xid, EchoProgram.GATHER, out -> out.writeInt(bytes).writeBytes(server.source, 0, bytes))
        : RawConnection.call(xid, EchoProgram.SOURCE, out -> out.writeInt(bytes));
  }

  @Test
  void aConnectionThatEndsGivesBackWhatItHeld() throws Exception {
    try (EchoServer server = new EchoServer(options -> options.withMaxMemoryBytes(1 << 20))) {
      RawConnection connection = nonReader(server);
      await().until(() -> server.server.heldBytes() > 0);
      connection.disconnect();
      await().until(() -> server.server.heldBytes() == 0);
    }
  }
}
