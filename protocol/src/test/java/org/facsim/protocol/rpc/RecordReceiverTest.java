/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordReceiverTest {
  private static final int MAX_RECORD_BYTES = (1 << 20) + 1000;
  private static final int MAX_FRAGMENTS = 50;

  private final RecordReceiver receiver = new RecordReceiver(MAX_RECORD_BYTES, MAX_FRAGMENTS);
  private final Keeper keeper = new Keeper();

  @AfterEach
  void release() {
    receiver.close();
    keeper.slices.forEach(ByteBuf::release);
  }

  /** Keeps a slice of every record, which nothing that comes later may change. */
  private static final class Keeper implements RecordReceiver.Sink {
    final List<ByteBuf> slices = new ArrayList<>();
    boolean accepting = true;
    int pauseAt = -1;

    @Override
    public boolean accepting() {
      return accepting;
    }

    @Override
    public void record(ByteBuf record) {
      slices.add(record.readRetainedSlice(record.readableBytes()));
      if (slices.size() == pauseAt) {
        accepting = false;
      }
    }
  }

  /** Plays the channel: each read gets a buffer from the receiver and fills a part of it. */
  @SuppressWarnings("deprecation") // the interface that channels ask for
  private void feed(ByteBuf stream, IntSupplier readBytes) throws RecordException {
    var handle = receiver.memory().newHandle();
    while (stream.isReadable()) {
      ByteBuf buffer = handle.allocate(ByteBufAllocator.DEFAULT);
      assertThat(buffer.writableBytes()).isPositive();
      int bytes = Math.min(readBytes.getAsInt(), stream.readableBytes());
      buffer.writeBytes(stream, Math.min(bytes, buffer.writableBytes()));
      receiver.memory().received(buffer);
      receiver.handOut(keeper);
      receiver.memory().readComplete();
    }
  }

  private static byte[] pattern(Random random, int bytes) {
    byte[] data = new byte[bytes];
    random.nextBytes(data);
    return data;
  }

  private static void append(ByteBuf stream, byte[] record, Random random, int fragments) {
    int at = 0;
    for (int i = 1; i <= fragments; i++) {
      int bytes = i == fragments ? record.length - at : random.nextInt(record.length - at + 1);
      stream.writeInt((i == fragments ? 0x8000_0000 : 0) | bytes).writeBytes(record, at, bytes);
      at += bytes;
    }
  }

  private void assertRecords(List<byte[]> records) {
    assertThat(keeper.slices).hasSameSizeAs(records);
    for (int i = 0; i < records.size(); i++) {
      assertThat(keeper.slices.get(i)).isEqualTo(Unpooled.wrappedBuffer(records.get(i)));
    }
  }

  @Test
  void recordsFedOneByteAtATimeComeOutWhole() throws Exception {
    Random random = new Random(1);
    List<byte[]> records = new ArrayList<>();
    ByteBuf stream = Unpooled.buffer();
    for (int fragments = 1; fragments <= 4; fragments++) {
      for (int bytes : new int[] {0, 1, 4, 39, 100}) {
        records.add(pattern(random, bytes));
        append(stream, records.get(records.size() - 1), random, fragments);
      }
    }

    feed(stream, () -> 1);

    assertRecords(records);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void recordsSplitAnyhowComeOutWholeAndSlicesOfThemStayUntouched(long seed) throws Exception {
    Random random = new Random(seed);
    List<byte[]> records = new ArrayList<>();
    ByteBuf stream = Unpooled.buffer();
    for (int i = 0; i < 60; i++) {
      int bound = random.nextInt(10) == 0 ? MAX_RECORD_BYTES : random.nextBoolean() ? 200 : 70_000;
      records.add(pattern(random, random.nextInt(bound + 1)));
      append(stream, records.get(i), random, random.nextInt(4) == 0 ? 1 + random.nextInt(5) : 1);
    }

    feed(stream, () -> 1 + random.nextInt(random.nextBoolean() ? 100_000 : 2_000_000));

    assertRecords(records);
  }

  @Test
  void nothingIsHandedOutWhileTheSinkDoesNotAccept() throws Exception {
    Random random = new Random(2);
    List<byte[]> records = List.of(pattern(random, 50), pattern(random, 60), pattern(random, 70));
    ByteBuf stream = Unpooled.buffer();
    records.forEach(record -> append(stream, record, random, 1));
    keeper.pauseAt = 2;

    feed(stream, () -> 1000);
    assertThat(keeper.slices).hasSize(2);

    keeper.accepting = true;
    receiver.handOut(keeper);
    assertRecords(records);
  }

  @Test
  void bytesThatAnotherHandlerBringsAreCopiedIn() throws Exception {
    Random random = new Random(3);
    List<byte[]> records = List.of(pattern(random, 900_000), pattern(random, 900_000));
    ByteBuf stream = PooledByteBufAllocator.DEFAULT.directBuffer();
    records.forEach(record -> append(stream, record, random, 1));

    receiver.memory().received(stream);
    receiver.handOut(keeper);

    assertRecords(records);
    assertThat(stream.refCnt()).isZero();
  }

  @Test
  void aBulkSenderGetsALargeBufferAndLosesItAgain() throws Exception {
    Random random = new Random(4);
    assertThat(capacityOfNextRead()).isEqualTo(ReceiveBuffer.STANDARD_BYTES);

    ByteBuf stream = Unpooled.buffer();
    append(stream, pattern(random, 1 << 20), random, 1);
    feed(stream, () -> Integer.MAX_VALUE);
    assertThat(capacityOfNextRead()).isGreaterThan(1 << 20);

    for (int i = 0; i < 20; i++) {
      append(stream, pattern(random, 100), random, 1);
      feed(stream, () -> Integer.MAX_VALUE);
    }
    assertThat(capacityOfNextRead()).isEqualTo(ReceiveBuffer.STANDARD_BYTES);
  }

  @SuppressWarnings("deprecation") // the interface that channels ask for
  private int capacityOfNextRead() {
    ByteBuf buffer = receiver.memory().newHandle().allocate(ByteBufAllocator.DEFAULT);
    int capacity = buffer.capacity();
    receiver.memory().received(buffer);
    receiver.memory().readComplete();
    return capacity;
  }

  @Test
  void aMarkBeyondTheBoundBreaksTheStreamBeforeAnythingIsHeld() {
    for (int mark : new int[] {0xffff_ffff, 0x7fff_ffff, 0x8000_0000 | (MAX_RECORD_BYTES + 1)}) {
      RecordReceiver fresh = new RecordReceiver(MAX_RECORD_BYTES, MAX_FRAGMENTS);
      fresh.memory().received(Unpooled.buffer().writeInt(mark).writeZero(100));

      assertThatThrownBy(() -> fresh.handOut(keeper))
          .isInstanceOf(RecordException.class)
          .hasMessageContaining("at most " + MAX_RECORD_BYTES);
      fresh.close();
    }
    assertThat(keeper.slices).isEmpty();
  }

  @Test
  void fragmentsThatTogetherExceedTheBoundBreakTheStream() throws Exception {
    ByteBuf half = Unpooled.buffer().writeInt(MAX_RECORD_BYTES / 2).writeZero(MAX_RECORD_BYTES / 2);
    feed(half.copy(), () -> 100_000);
    feed(half, () -> 100_000);

    assertThatThrownBy(() -> feed(Unpooled.buffer().writeInt(0x8000_0001), () -> 4))
        .isInstanceOf(RecordException.class);
    assertThat(keeper.slices).isEmpty();
  }

  @Test
  void tooManyFragmentsBreakTheStreamEvenIfEmpty() throws Exception {
    feed(Unpooled.buffer().writeZero(4 * MAX_FRAGMENTS), () -> 3);

    assertThatThrownBy(() -> feed(Unpooled.buffer().writeInt(0), () -> 4))
        .isInstanceOf(RecordException.class)
        .hasMessageContaining("fragments");
  }

  @Test
  void asManyFragmentsAsAllowedMakeARecord() throws Exception {
    Random random = new Random(5);
    byte[] record = pattern(random, 3000);
    ByteBuf stream = Unpooled.buffer();
    append(stream, record, random, MAX_FRAGMENTS);

    feed(stream, () -> 7);

    assertRecords(List.of(record));
  }

  @Test
  void whatFollowsABrokenMarkIsSkipped() throws Exception {
    receiver.memory().received(Unpooled.buffer().writeInt(-1));
    assertThatThrownBy(() -> receiver.handOut(keeper)).isInstanceOf(RecordException.class);

    ByteBuf stream = Unpooled.buffer();
    append(stream, new byte[20], new Random(6), 1);
    feed(stream, () -> 5);

    assertThat(keeper.slices).isEmpty();
  }

  @Test
  void closingInTheMiddleOfARecordGivesTheBufferBack() throws Exception {
    feed(Unpooled.buffer().writeInt(0x8000_0064).writeZero(50), () -> 54);
    feed(Unpooled.buffer(), () -> 1);
    receiver.close();

    assertThat(keeper.slices).isEmpty(); // the leak check sees the rest
  }
}
