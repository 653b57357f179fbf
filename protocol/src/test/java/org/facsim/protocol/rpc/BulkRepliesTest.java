/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.protocol.xdr.Xdr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies whose data is received into buffers of their own; the server is a plain socket. */
class BulkRepliesTest {
  private static final int MIB = 1 << 20;
  private static final int BULK = 1;
  private static final int SMALL = 2;

  private final AtomicInteger ownBuffers = new AtomicInteger();
  private final AtomicInteger sharedBuffers = new AtomicInteger();
  private ServerSocket listening;
  private Socket peer;
  private DataInputStream calls;
  private DataOutputStream replies;
  private RpcClient client;

  /** Results that are data alone. */
  private final class Data implements BulkResults<byte[]> {
    @Override
    public BulkSpan bulkData(ByteBuf results, int resultBytes) {
      return results.readableBytes() < 4 ? BulkSpan.UNKNOWN : new BulkSpan(4, results.getInt(0));
    }

    @Override
    public byte[] apply(ByteBuf in) {
      sharedBuffers.incrementAndGet();
      return Xdr.readOpaque(in, MIB);
    }

    @Override
    public byte[] apply(ByteBuf in, ByteBuf data) {
      ownBuffers.incrementAndGet();
      byte[] bytes = new byte[data.readableBytes()];
      data.getBytes(0, bytes);
      assertThat(data.capacity()).isEqualTo(bytes.length);
      assertThat(Xdr.readOpaque(in, MIB)).isEqualTo(bytes);
      assertThat(in.isReadable()).isFalse();
      return bytes;
    }
  }

  @BeforeEach
  void connect() throws Exception {
    listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    connect(Duration.ofSeconds(30));
  }

  private void connect(Duration patience) throws Exception {
    RpcClientOptions options =
        RpcClientOptions.defaults().withTimeouts(Duration.ofSeconds(10), patience);
    client =
        RpcClient.connect((InetSocketAddress) listening.getLocalSocketAddress(), options)
            .get(10, TimeUnit.SECONDS);
    peer = listening.accept();
    peer.setTcpNoDelay(true);
    peer.setSoTimeout(30_000);
    calls = new DataInputStream(peer.getInputStream());
    replies = new DataOutputStream(peer.getOutputStream());
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    peer.close();
    listening.close();
  }

  private CompletableFuture<byte[]> callForData() {
    return client.call(EchoProgram.NUMBER, 2, BULK, out -> {}, new Data());
  }

  private CompletableFuture<Integer> callForNumber() {
    return client.call(EchoProgram.NUMBER, 2, SMALL, out -> {}, ByteBuf::readInt);
  }

  private int readCall() throws IOException {
    byte[] record = new byte[calls.readInt() & Integer.MAX_VALUE];
    calls.readFully(record);
    return new DataInputStream(new java.io.ByteArrayInputStream(record)).readInt();
  }

  private static byte[] reply(int xid, byte[] results) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(1 << 31 | 24 + results.length);
    out.writeInt(xid);
    out.writeInt(RpcMessage.REPLY);
    out.write(new byte[16]);
    out.write(results);
    return bytes.toByteArray();
  }

  private static byte[] opaque(int announcedBytes, byte[] data) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(announcedBytes);
    out.write(data);
    out.write(new byte[Xdr.paddingBytes(data.length)]);
    return bytes.toByteArray();
  }

  private static byte[] bytes(Random random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Writes with odd cuts, of which the network may join some again. */
  private void sendInPieces(Random random, byte[] all) throws IOException {
    int at = 0;
    while (at < all.length) {
      int count =
          Math.min(all.length - at, 1 + random.nextInt(random.nextBoolean() ? 40 : 200_000));
      replies.write(all, at, count);
      replies.flush();
      at += count;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void dataIsWholeWhereverTheNetworkCutsTheReplies(long seed) throws Exception {
    Random random = new Random(seed);
    List<CompletableFuture<?>> answers = new ArrayList<>();
    List<byte[]> expected = new ArrayList<>();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < 40; i++) {
      boolean isBulk = i == 0 || random.nextInt(3) > 0;
      answers.add(isBulk ? callForData() : callForNumber());
      byte[] data = isBulk ? bytes(random, 300_000 + random.nextInt(700_000)) : null;
      expected.add(data);
      all.write(reply(readCall(), isBulk ? opaque(data.length, data) : new byte[4]));
    }
    Thread sender =
        new Thread(
            () -> {
              try {
                sendInPieces(random, all.toByteArray());
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    sender.start();
    for (int i = 0; i < answers.size(); i++) {
      Object answer = answers.get(i).get(30, TimeUnit.SECONDS);
      if (expected.get(i) == null) {
        assertThat(answer).isEqualTo(0);
      } else {
        assertThat(Arrays.equals((byte[]) answer, expected.get(i))).isTrue();
      }
    }
    sender.join();
    // Only a reply that has come as a whole with what was read before it stays where it is.
    assertThat(sharedBuffers).hasValueLessThan(3);
    assertThat(ownBuffers).hasValueGreaterThan(15);
  }

  @Test
  void smallRepliesInBetweenDoNotTakeTheDataThatFollows() throws Exception {
    Random random = new Random(5);
    var first = callForData();
    var number = callForNumber();
    var second = callForData();
    byte[] data = bytes(random, MIB);
    replies.write(reply(readCall(), opaque(MIB, data)));
    replies.write(reply(readCall(), new byte[4]));
    replies.write(reply(readCall(), opaque(MIB, data)));
    assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(data);
    assertThat(number.get(30, TimeUnit.SECONDS)).isZero();
    assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo(data);
    assertThat(ownBuffers).hasValue(2);
  }

  @Test
  void anEndInMidReplyFailsTheCallAndLeaksNothing() throws Exception {
    var answer = callForData();
    byte[] whole = reply(readCall(), opaque(MIB, new byte[MIB]));
    replies.write(whole, 0, whole.length / 2);
    replies.flush();
    peer.close();
    assertThatThrownBy(() -> answer.get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            RpcException.class, e -> assertThat(e.failure()).isEqualTo(RpcFailure.CONNECTION_LOST));
    assertThat(ownBuffers).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 200_001, MIB, Integer.MAX_VALUE})
  void aLengthThatDoesNotFitTheReplyCostsTheCallAlone(int announcedBytes) throws Exception {
    var answer = callForData();
    replies.write(reply(readCall(), opaque(announcedBytes, new byte[200_000])));
    if (announcedBytes == 0) {
      assertThat(answer.get(30, TimeUnit.SECONDS)).isEmpty();
    } else {
      assertThatThrownBy(() -> answer.get(30, TimeUnit.SECONDS))
          .cause()
          .isInstanceOfSatisfying(
              RpcException.class,
              e -> assertThat(e.failure()).isEqualTo(RpcFailure.MALFORMED_REPLY));
    }
    var next = callForData();
    byte[] data = bytes(new Random(7), MIB);
    replies.write(reply(readCall(), opaque(MIB, data)));
    assertThat(next.get(30, TimeUnit.SECONDS)).isEqualTo(data);
  }

  @Test
  void aReplyWhoseCallRunsOutOfTimeInTheMiddleIsDropped() throws Exception {
    client.close();
    peer.close();
    connect(Duration.ofMillis(300));
    var late = callForData();
    byte[] whole = reply(readCall(), opaque(MIB, new byte[MIB]));
    replies.write(whole, 0, whole.length / 2);
    replies.flush();
    assertThatThrownBy(() -> late.get(30, TimeUnit.SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            RpcException.class, e -> assertThat(e.failure()).isEqualTo(RpcFailure.TIMEOUT));
    replies.write(whole, whole.length / 2, whole.length - whole.length / 2);
    await().atMost(Duration.ofSeconds(30)).until(() -> client.strayReplies() == 1);
    assertThat(ownBuffers).hasValue(0);
    assertThat(client.isOpen()).isTrue();
  }
}
