/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records whose data is received into a place of its own. */
class BulkRecordTest {
  private static final int MAX_RECORD_BYTES = (1 << 20) + 8192;
  private static final int MAGIC = 0x62756c6b;

  /** Magic word, head, data and tail in bytes. */
  private static final int FIXED_BYTES = 16;

  private final Placer sink = new Placer();
  private boolean sparing;
  private final RecordReceiver receiver =
      new RecordReceiver(MAX_RECORD_BYTES, 50, () -> this.sparing);

  @SuppressWarnings("deprecation") // the interface that channels ask for
  private final io.netty.channel.RecvByteBufAllocator.Handle reads = receiver.memory().newHandle();

  @AfterEach
  void nothingIsLeft() {
    receiver.close();
    assertThat(sink.openRooms).isZero();
    assertThat(receiver.heldBytes()).isZero();
  }

  /** Finds the data of records that begin with the magic word. */
  private static final class Placer implements RecordReceiver.Sink {
    final List<byte[]> records = new ArrayList<>();
    int openRooms;
    int rooms;
    int placed;
    boolean hasRoom = true;
    boolean accepting = true;
    boolean refuses;
    boolean expects;

    @Override
    public boolean expectsBulkData() {
      return expects;
    }

    @Override
    public boolean accepting() {
      return accepting;
    }

    @Override
    public BulkSpan bulkData(ByteBuf in, int index, int arrivedBytes, int recordBytes) {
      assertThat(arrivedBytes).isLessThanOrEqualTo(recordBytes);
      if (arrivedBytes < FIXED_BYTES) {
        return BulkSpan.UNKNOWN;
      }
      int headBytes = in.getInt(index + 4);
      if (in.getInt(index) != MAGIC) {
        return BulkSpan.NONE;
      }
      return arrivedBytes < headBytes
          ? BulkSpan.UNKNOWN
          : new BulkSpan(headBytes, in.getInt(index + 8));
    }

    @Override
    public BulkRoom room(ByteBuf in, int index, int lengthBytes) {
      if (!hasRoom) {
        return null;
      }
      openRooms++;
      rooms++;
      ByteBuffer memory = ByteBuffer.allocateDirect(lengthBytes);
      return new BulkRoom() {
        private boolean closed;

        @Override
        public ByteBuffer memory() {
          return memory;
        }

        @Override
        public void close() {
          openRooms -= closed ? 0 : 1;
          closed = true;
        }
      };
    }

    @Override
    public void record(ByteBuf record) throws RecordException {
      if (refuses) {
        throw new RecordException("refused");
      }
      records.add(ByteBufUtil.getBytes(record));
    }

    @Override
    public void record(ByteBuf record, BulkRoom room, BulkSpan data) throws RecordException {
      placed++;
      assertThat(record.slice(data.indexBytes(), data.lengthBytes()))
          .isEqualTo(Unpooled.wrappedBuffer(room.memory().duplicate().clear()));
      record(record);
    }
  }

  private static byte[] bulk(Random random, int headBytes, int dataBytes, int tailBytes) {
    byte[] record = new byte[headBytes + dataBytes + tailBytes];
    random.nextBytes(record);
    Unpooled.wrappedBuffer(record)
        .setInt(0, MAGIC)
        .setInt(4, headBytes)
        .setInt(8, dataBytes)
        .setInt(12, tailBytes);
    return record;
  }

  private static byte[] other(Random random, int bytes) {
    byte[] record = new byte[bytes];
    random.nextBytes(record);
    return record;
  }

  private static ByteBuf streamOf(List<byte[]> records) {
    ByteBuf stream = Unpooled.buffer();
    records.forEach(r -> stream.writeInt(0x8000_0000 | r.length).writeBytes(r));
    return stream;
  }

  /** Plays the channel: one read of at most so many bytes. Returns what it asked for. */
  private int read(ByteBuf stream, int mostBytes) throws RecordException {
    ByteBuf buffer = reads.allocate(ByteBufAllocator.DEFAULT);
    int asked = buffer.writableBytes();
    assertThat(asked).isPositive();
    buffer.writeBytes(stream, Math.min(Math.min(mostBytes, asked), stream.readableBytes()));
    receiver.memory().received(buffer);
    receiver.handOut(sink);
    receiver.readComplete();
    return asked;
  }

  private void feed(ByteBuf stream, IntSupplier readBytes) throws RecordException {
    while (stream.isReadable()) {
      read(stream, readBytes.getAsInt());
    }
  }

  @Test
  void aRecordCutAtAnyByteComesOutWhole() throws Exception {
    Random random = new Random(1);
    List<byte[]> records =
        List.of(
            other(random, 40),
            bulk(random, 40, 20_000, 12),
            bulk(random, 44, 16_384, 0),
            other(random, 20),
            bulk(random, 40, 16_384, 4));
    ByteBuf stream = streamOf(records);
    int length = stream.readableBytes();
    int expected = 0;
    for (int cut = 1; cut < length; cut += cut % 19_000 < 300 ? 1 : 61) {
      int at = cut;
      ByteBuf copy = stream.duplicate();
      feed(copy, () -> copy.readerIndex() < at ? at - copy.readerIndex() : 1 << 20);
      expected += records.size();
      assertThat(sink.records).as("cut at %s", cut).hasSize(expected);
      for (int i = 0; i < records.size(); i++) {
        assertThat(sink.records.get(expected - records.size() + i))
            .as("cut at %s, record %s", cut, i)
            .isEqualTo(records.get(i));
      }
      assertThat(sink.openRooms).isZero();
    }
    assertThat(sink.placed).isPositive();
  }

  @Test
  void recordsFedOneByteAtATimeComeOutWhole() throws Exception {
    Random random = new Random(2);
    List<byte[]> records =
        List.of(bulk(random, 40, 16_384, 12), other(random, 3), bulk(random, 500, 17_000, 0));
    feed(streamOf(records), () -> 1);
    assertThat(sink.records).usingElementComparator(java.util.Arrays::compare).isEqualTo(records);
    assertThat(sink.placed).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void recordsOfAllKindsCutAnyhowComeOutWhole(long seed) throws Exception {
    Random random = new Random(seed);
    List<byte[]> records = new ArrayList<>();
    ByteBuf stream = Unpooled.buffer();
    for (int i = 0; i < 80; i++) {
      byte[] record =
          switch (random.nextInt(4)) {
            case 0 -> other(random, random.nextInt(200));
            case 1 -> other(random, random.nextInt(100_000));
            default ->
                bulk(
                    random,
                    16 + random.nextInt(random.nextInt(9) == 0 ? 3000 : 200),
                    16_384 + random.nextInt(random.nextBoolean() ? 100_000 : 1_000_000),
                    random.nextInt(random.nextInt(9) == 0 ? 3000 : 60));
          };
      records.add(record);
      int first = random.nextInt(6) == 0 ? random.nextInt(record.length + 1) : -1;
      if (first >= 0) { // in two fragments
        stream.writeInt(first).writeBytes(record, 0, first);
        stream
            .writeInt(0x8000_0000 | (record.length - first))
            .writeBytes(record, first, record.length - first);
      } else {
        stream.writeInt(0x8000_0000 | record.length).writeBytes(record);
      }
    }
    feed(
        stream,
        () -> {
          sparing = random.nextInt(8) == 0;
          sink.hasRoom = random.nextInt(50) > 0;
          if (random.nextInt(10) == 0) {
            receiver.shrink();
          }
          return 1 + random.nextInt(random.nextBoolean() ? 300 : 600_000);
        });
    assertThat(sink.records).hasSameSizeAs(records);
    for (int i = 0; i < records.size(); i++) {
      assertThat(sink.records.get(i)).as("record %s", i).isEqualTo(records.get(i));
    }
    assertThat(sink.placed).isPositive();
    assertThat(sink.openRooms).isZero();
  }

  @Test
  void afterDataInItsRoomJustTheNextHeadIsReadAndOtherRecordsEndThat() throws Exception {
    Random random = new Random(3);
    ByteBuf stream =
        streamOf(
            List.of(
                bulk(random, 100, 100_000, 16),
                bulk(random, 100, 50_000, 16),
                bulk(random, 120, 50_000, 0),
                other(random, 20)));
    assertThat(read(stream, 5000)).isEqualTo(ReceiveBuffer.STANDARD_BYTES);
    assertThat(read(stream, 60_000)).isEqualTo(100_000 + 104 - 5000);
    assertThat(read(stream, 60_000)).isEqualTo(100_000 + 104 - 65_000);
    assertThat(read(stream, 1 << 20)).as("tail, mark, head").isEqualTo(16 + 4 + 100);
    assertThat(read(stream, 1 << 20)).isEqualTo(50_000);
    assertThat(read(stream, 1 << 20)).as("tail, mark, head").isEqualTo(16 + 4 + 100);
    assertThat(read(stream, 1 << 20)).as("a longer head").isEqualTo(128);
    assertThat(read(stream, 1 << 20)).isEqualTo(50_000 - 108);
    assertThat(read(stream, 1 << 20)).isEqualTo(4 + 120);
    assertThat(sink.records).hasSize(4);
    assertThat(sink.placed).isEqualTo(3);
    assertThat(read(Unpooled.EMPTY_BUFFER, 0)).isEqualTo(ReceiveBuffer.STANDARD_BYTES);
  }

  @Test
  void otherRecordsInBetweenAreReadNoFurtherThanTheNextHeadIfMoreDataIsExpected() throws Exception {
    sink.expects = true;
    Random random = new Random(6);
    ByteBuf stream =
        streamOf(
            List.of(
                bulk(random, 100, 300_000, 16),
                other(random, 20),
                bulk(random, 100, 50_000, 16),
                other(random, 300),
                bulk(random, 100, 40_000, 16),
                other(random, 20)));
    read(stream, 1 << 20);
    read(stream, 1 << 20);
    assertThat(read(stream, 1 << 20)).as("tail, mark, head").isEqualTo(16 + 4 + 100);
    assertThat(read(stream, 1 << 20)).as("the rest of a head").isEqualTo(4 + 20 + 4 + 100 - 104);
    assertThat(read(stream, 1 << 20)).isEqualTo(50_000);
    assertThat(read(stream, 1 << 20)).as("tail, mark, head").isEqualTo(16 + 4 + 100);
    assertThat(read(stream, 1 << 20)).as("the rest, mark, head").isEqualTo(200 + 4 + 100);
    assertThat(read(stream, 1 << 20)).isEqualTo(40_000);
    sink.expects = false;
    read(stream, 1 << 20);
    assertThat(sink.records).hasSize(6);
    assertThat(sink.placed).isEqualTo(3);
    assertThat(read(Unpooled.EMPTY_BUFFER, 0)).isEqualTo(ReceiveBuffer.STANDARD_BYTES);
  }

  @Test
  void aRecordThatCameWholeLetsTheNextOneHaveItsPlace() throws Exception {
    Random random = new Random(4);
    List<byte[]> records = List.of(bulk(random, 100, 65_536, 0), bulk(random, 100, 65_536, 0));
    ByteBuf stream = streamOf(records);
    read(stream, 4 + 100 + 65_536);
    assertThat(sink.placed).isZero();
    assertThat(read(stream, 1 << 20)).isEqualTo(104);
    assertThat(read(stream, 1 << 20)).isEqualTo(65_536);
    assertThat(sink.placed).isEqualTo(1);
  }

  @Test
  void withoutRoomRecordsAreReceivedLikeOthersForAWhile() throws Exception {
    Random random = new Random(5);
    sink.hasRoom = false;
    List<byte[]> records = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      records.add(bulk(random, 100, 65_536, 8));
    }
    ByteBuf stream = streamOf(records);
    read(stream, 1000);
    sink.hasRoom = true;
    feed(stream, () -> 50_000);
    assertThat(sink.records).hasSize(70);
    assertThat(sink.placed).isPositive().isLessThan(7);
  }

  @Test
  void dataWithMuchInFrontOfItOrBehindItHasNoPlace() throws Exception {
    Random random = new Random(14);
    int many = RecordReceiver.MAX_HEAD_BYTES + 4;
    List<byte[]> records = List.of(bulk(random, many, 65_536, 0), bulk(random, 100, 65_536, many));
    feed(streamOf(records), () -> 10_000);
    assertThat(sink.records).hasSize(2);
    assertThat(sink.rooms).isZero();
  }

  @Test
  void bytesThatAnotherHandlerBringsGoToTheRoom() throws Exception {
    Random random = new Random(6);
    byte[] record = bulk(random, 100, 65_536, 8);
    ByteBuf stream = streamOf(List.of(record, record));
    while (stream.isReadable()) {
      receiver.memory().received(stream.readBytes(Math.min(9000, stream.readableBytes())));
      receiver.handOut(sink);
    }
    assertThat(sink.records).containsExactly(record, record);
    assertThat(sink.placed).isEqualTo(2);
  }

  @Test
  void aRoomCountsAsReceivedMemoryAndGoesWithTheConnection() throws Exception {
    Random random = new Random(7);
    ByteBuf stream = streamOf(List.of(bulk(random, 100, 1 << 20, 8)));
    read(stream, 700_000);
    assertThat(sink.openRooms).isEqualTo(1);
    assertThat(receiver.heldBytes()).isBetween(1L << 20, (1L << 20) + 10_000);
    receiver.close();
    assertThat(sink.openRooms).isZero();
    assertThat(receiver.heldBytes()).isZero();
  }

  @Test
  void aRoomThatIsBarelyFilledIsGivenUpWhenMemoryIsShort() throws Exception {
    Random random = new Random(8);
    byte[] record = bulk(random, 100, 1 << 20, 8);
    ByteBuf stream = streamOf(List.of(record, record));
    read(stream, 100_000);
    assertThat(sink.openRooms).isEqualTo(1);
    receiver.shrink();
    assertThat(sink.openRooms).isZero();
    assertThat(receiver.heldBytes()).isLessThan(400_000);
    feed(stream, () -> 200_000);
    assertThat(sink.records).containsExactly(record, record);

    sparing = true;
    ByteBuf again = streamOf(List.of(record));
    feed(again, () -> 100_000);
    assertThat(sink.records).containsExactly(record, record, record);
    assertThat(sink.placed).isEqualTo(1);
  }

  @Test
  void aRoomThatIsBarelyFilledIsGivenUpWhenATurnEndsWithLittleMemory() throws Exception {
    Random random = new Random(13);
    byte[] record = bulk(random, 100, 1 << 20, 8);
    ByteBuf stream = streamOf(List.of(record));
    read(stream, 100_000);
    assertThat(sink.openRooms).isEqualTo(1);
    sparing = true;
    assertThat(read(stream, 1 << 20)).as("a small turn").isEqualTo(ReceiveBuffer.SPARING_BYTES);
    assertThat(sink.openRooms).isZero();
    assertThat(receiver.heldBytes()).isLessThan(300_000);
    feed(stream, () -> 1 << 20);
    assertThat(sink.records).containsExactly(record);
  }

  @Test
  void aRecordGetsItsRoomWhenMemoryIsNoLongerShort() throws Exception {
    Random random = new Random(12);
    byte[] record = bulk(random, 100, 1 << 20, 8);
    ByteBuf stream = streamOf(List.of(record));
    sparing = true;
    read(stream, 1 << 20);
    assertThat(sink.rooms).isZero();
    sparing = false;
    feed(stream, () -> 100_000);
    assertThat(sink.records).containsExactly(record);
    assertThat(sink.placed).isEqualTo(1);
  }

  @Test
  void aCompleteRecordWaitsInItsRoomUntilTheSinkAccepts() throws Exception {
    Random random = new Random(9);
    byte[] record = bulk(random, 100, 65_536, 8);
    ByteBuf stream = streamOf(List.of(record, other(random, 50)));
    read(stream, 1000);
    sink.accepting = false;
    feed(stream, () -> 1 << 20);
    assertThat(sink.records).isEmpty();
    assertThat(sink.openRooms).isEqualTo(1);
    sink.accepting = true;
    receiver.handOut(sink);
    assertThat(sink.records).hasSize(2).first().isEqualTo(record);
  }

  @Test
  void whatEndsTheStreamGivesTheRoomBack() throws Exception {
    Random random = new Random(10);
    ByteBuf stream = streamOf(List.of(bulk(random, 100, 65_536, 8)));
    read(stream, 1000);
    assertThat(sink.openRooms).isEqualTo(1);
    receiver.skipAll();
    assertThat(sink.openRooms).isZero();
    feed(stream, () -> 10_000);
    assertThat(sink.records).isEmpty();
  }

  @Test
  void aSinkThatBreaksTheStreamGivesTheRoomBack() throws Exception {
    Random random = new Random(11);
    ByteBuf stream = streamOf(List.of(bulk(random, 100, 65_536, 8)));
    read(stream, 1000);
    sink.refuses = true;
    assertThatThrownBy(() -> feed(stream, () -> 1 << 20)).isInstanceOf(RecordException.class);
    assertThat(sink.openRooms).isZero();
  }
}
