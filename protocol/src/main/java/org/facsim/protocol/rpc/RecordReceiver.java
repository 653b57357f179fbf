/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import java.util.function.BooleanSupplier;

/**
 * Takes the bytes of one connection and hands out whole RPC records (record marking, RFC 5531
 * section 11).
 *
 * <pre>
 *  bit 31: last fragment of the record
 *  +-+-------------------------------+----------------------+-+----------------
 *  |1| fragment length, 31 bits      | fragment             |1| next record ...
 *  +-+-------------------------------+----------------------+-+----------------
 * </pre>
 *
 * <p>How it works. The connection reads its socket directly into one {@link ReceiveBuffer}. Nearly
 * every record has one fragment. It is handed out in place: the sink gets the buffer itself, with
 * the indexes narrowed to the record. An incomplete record stays in place. Only a record in several
 * fragments is copied, into a buffer of its own.
 *
 * <p>Bulk data. When the head of a large record has arrived, the sink may say where its data lies
 * and give room for it ({@link BulkRecord}). The data is received there, and the sink gets the
 * record in pieces. A peer that sends such records will send more. So from then on, the connection
 * reads just the bytes up to the next data, as long as the heads of records are as long as that of
 * the latest, because a large read would take the data to the wrong place. The first record without
 * such data ends this, unless the sink {@link Sink#expectsBulkData expects} more of it.
 *
 * <p>Not thread-safe: everything happens on the connection's loop.
 */
final class RecordReceiver {
  static final int MARK_BYTES = 4;

  /** The shortest record whose data may have a place of its own. */
  static final int BULK_BYTES = 16 << 10;

  /** The most bytes in front of such data, and the most behind it. */
  static final int MAX_HEAD_BYTES = 2 << 10;

  /** How many large records are received like others when there was no room for the data of one. */
  private static final int RECORDS_WITHOUT_ROOM = 64;

  /** How much more is read if a head is longer than the one before. */
  private static final int MORE_HEAD_BYTES = 128;

  /** Where the records go. */
  interface Sink {
    /** Whether the sink accepts records now. If not, what has arrived stays here. */
    boolean accepting();

    /**
     * Takes one record, from the reader index to the writer index. The bytes belong to the
     * connection and are valid until this returns; to keep some, retain a slice.
     */
    void record(ByteBuf record) throws RecordException;

    /**
     * Where the bulk data of a record lies that has arrived in part, if it is to have a place of
     * its own.
     *
     * @param in holds the record, which is only to be looked at
     * @param index where in {@code in} the record begins
     * @param arrivedBytes how much of it is there
     * @param recordBytes how long it will be
     */
    default BulkSpan bulkData(ByteBuf in, int index, int arrivedBytes, int recordBytes) {
      return BulkSpan.NONE;
    }

    /**
     * The place for the data of a record that {@link #bulkData} has just found.
     *
     * @return the caller's to close, or null if the data goes where other bytes go
     */
    default BulkRoom room(ByteBuf in, int index, int lengthBytes) {
      return null;
    }

    /**
     * Takes a record whose data is in its room. The data is valid until this returns and must not
     * be kept.
     */
    default void record(ByteBuf record, BulkRoom room, BulkSpan data) throws RecordException {
      record(record);
    }

    /** Whether records with such data are to come, even if the present one is another. */
    default boolean expectsBulkData() {
      return false;
    }

    /** Everything complete that has arrived was handed out, or the sink accepts no more. */
    default void handedOut() {}
  }

  private enum State {
    /** Before a fragment's mark. */
    MARK,
    /** In the only fragment of a record, which is handed out in place. */
    WHOLE,
    /** In the only fragment of a record, whose data goes to its room. */
    ROOM,
    /** In one of several fragments, which are gathered. */
    FRAGMENT,
    /** The stream is broken; everything that arrives is skipped. */
    BROKEN
  }

  private final int maxRecordBytes;
  private final int maxFragments;
  private final ReceiveBuffer memory;

  private State state = State.MARK;
  private ByteBuf gathered;
  private int fragments;
  private int leftBytes;
  private int bytesBehind;
  private boolean lastFragment;

  /** The record whose data goes to its room; null otherwise. */
  private BulkRecord bulk;

  /** Whether it is known that the record has no such data, or room for it was asked for. */
  private boolean hasNoRoom;

  /** How many of the large records to come are not to be asked about. */
  private int withoutRoom;

  /** The head of the latest record with such data, if the next one may have some too; else 0. */
  private int nextHeadBytes;

  private boolean handingOut;
  private boolean closed;

  /** A receiver without limits of memory, for a trusted peer. */
  RecordReceiver(int maxRecordBytes, int maxFragments) {
    this(maxRecordBytes, maxFragments, () -> false);
  }

  /**
   * @param maxRecordBytes bound of one record, all fragments together, without their marks
   * @param maxFragments bound of the fragments of one record
   * @param sparing whether memory is short now, or other connections wait too long
   */
  RecordReceiver(int maxRecordBytes, int maxFragments, BooleanSupplier sparing) {
    this.maxRecordBytes = maxRecordBytes;
    this.maxFragments = maxFragments;
    // A peer that shut down its side is read to the end, paused or not. It has not read its
    // replies so far, so what would overflow the buffer is dropped.
    this.memory = new ReceiveBuffer(maxRecordBytes, sparing, () -> enter(State.BROKEN));
  }

  /** What the connection reads its socket into. */
  ReceiveBuffer memory() {
    return memory;
  }

  private void enter(State next) {
    state = next;
    memory.expect(next == State.WHOLE ? leftBytes : MARK_BYTES);
    if (next == State.BROKEN) {
      nextHeadBytes = 0;
      dropRoom();
    }
  }

  private void dropRoom() {
    if (bulk != null) {
      memory.receiveInto(null);
      bulk.close();
      bulk = null;
    }
  }

  /** How many bytes, with those that are there, to read at most; 0 for as many as there are. */
  private int boundBytes() {
    if (nextHeadBytes == 0) {
      return 0;
    }
    return switch (state) {
      case MARK -> MARK_BYTES + nextHeadBytes;
      case WHOLE -> hasNoRoom ? leftBytes + MARK_BYTES + nextHeadBytes : headBoundBytes();
      case ROOM -> bulk.headBytes() + bulk.tailBytes() + MARK_BYTES + nextHeadBytes;
      case FRAGMENT, BROKEN -> 0;
    };
  }

  private int headBoundBytes() {
    int arrivedBytes = memory.bytes() == null ? 0 : memory.bytes().readableBytes();
    return arrivedBytes < nextHeadBytes ? nextHeadBytes : arrivedBytes + MORE_HEAD_BYTES;
  }

  /**
   * Hands out every record that is complete while the sink accepts.
   *
   * @return false if the sink did not accept, and something complete may be left
   */
  boolean handOut(Sink sink) throws RecordException {
    if (handingOut) {
      return true; // the caller that hands out next will find out
    }
    handingOut = true;
    memory.lend();
    try {
      while (memory.bytes() != null) {
        if (!sink.accepting()) {
          return false;
        }
        if (!step(sink)) { // each consumes a mark, a fragment or a record
          return true;
        }
      }
      return true;
    } finally {
      handingOut = false;
      memory.bound(boundBytes());
      sink.handedOut();
      memory.takeBack();
      if (closed) {
        releaseGathered();
      }
    }
  }

  /** One step forward; false if more bytes are needed. */
  private boolean step(Sink sink) throws RecordException {
    return switch (state) {
      case MARK -> mark(sink);
      case WHOLE -> whole(sink);
      case ROOM -> room(sink);
      case FRAGMENT -> fragment(sink);
      case BROKEN -> {
        ByteBuf buffer = memory.bytes();
        buffer.skipBytes(buffer.readableBytes());
        yield false;
      }
    };
  }

  private boolean mark(Sink sink) throws RecordException {
    ByteBuf buffer = memory.bytes();
    if (buffer.readableBytes() < MARK_BYTES) {
      return false;
    }
    int mark = buffer.readInt();
    lastFragment = mark < 0;
    leftBytes = mark & Integer.MAX_VALUE;
    int heldBytes = gathered == null ? 0 : gathered.readableBytes();
    fragments++;
    if (leftBytes > maxRecordBytes - heldBytes) {
      throw broken(
          "a record of " + ((long) heldBytes + leftBytes) + " bytes, at most " + maxRecordBytes);
    }
    if (fragments > maxFragments) {
      throw broken("a record of more than " + maxFragments + " fragments");
    }
    boolean isWhole = lastFragment && fragments == 1;
    boolean isBulk = isWhole && leftBytes >= BULK_BYTES;
    hasNoRoom = !isBulk || withoutRoom > 0;
    if (isBulk && withoutRoom > 0) {
      withoutRoom--;
    }
    boolean isBetween = isWhole && !isBulk && sink.expectsBulkData();
    if (hasNoRoom && !isBetween) {
      nextHeadBytes = 0;
    }
    if (isWhole) {
      enter(State.WHOLE);
    } else {
      enter(State.FRAGMENT);
      if (gathered == null) {
        // Grows with the bytes that arrive, not with the length that a mark announces.
        int firstBytes = Math.min(maxRecordBytes, Math.min(leftBytes, 8 << 10));
        gathered = buffer.alloc().directBuffer(firstBytes, maxRecordBytes);
      }
    }
    return true;
  }

  private boolean whole(Sink sink) throws RecordException {
    ByteBuf buffer = memory.bytes();
    BulkSpan data = hasNoRoom || memory.isElsewhere() ? BulkSpan.NONE : bulkData(sink);
    if (buffer.readableBytes() < leftBytes) {
      return data.isThere() && makeRoom(sink, data);
    }
    int received = buffer.writerIndex();
    int end = buffer.readerIndex() + leftBytes;
    enter(State.MARK);
    fragments = 0;
    buffer.writerIndex(end);
    bytesBehind = received - end;
    try {
      sink.record(buffer);
    } catch (RecordException e) {
      enter(State.BROKEN);
      throw e;
    } finally {
      bytesBehind = 0;
      buffer.setIndex(end, received);
    }
    return true;
  }

  /** Where the data of the record that has begun lies. */
  private BulkSpan bulkData(Sink sink) {
    ByteBuf buffer = memory.bytes();
    int arrivedBytes = Math.min(leftBytes, buffer.readableBytes());
    BulkSpan data = sink.bulkData(buffer, buffer.readerIndex(), arrivedBytes, leftBytes);
    boolean isLate = !data.isThere() && arrivedBytes >= MAX_HEAD_BYTES;
    boolean isFar =
        data.isThere()
            && (data.indexBytes() > Math.min(MAX_HEAD_BYTES, arrivedBytes)
                || data.endBytes() > leftBytes
                || leftBytes - data.endBytes() > MAX_HEAD_BYTES);
    if (isLate || isFar || data.equals(BulkSpan.NONE)) {
      hasNoRoom = true;
      nextHeadBytes = 0;
      return BulkSpan.NONE;
    }
    if (data.isThere()) {
      nextHeadBytes = memory.isSparing() ? 0 : data.indexBytes();
    }
    return data;
  }

  /** From here on, data goes to its room; false if it has none. */
  private boolean makeRoom(Sink sink, BulkSpan data) {
    ByteBuf buffer = memory.bytes();
    if (data.endBytes() <= buffer.readableBytes() || memory.isSparing()) {
      return false; // perhaps in the next turn
    }
    hasNoRoom = true; // it is asked for once
    BulkRoom room = sink.room(buffer, buffer.readerIndex(), data.lengthBytes());
    if (room == null) {
      withoutRoom = RECORDS_WITHOUT_ROOM;
      nextHeadBytes = 0;
      return false;
    }
    bulk = new BulkRecord(room, data, leftBytes);
    memory.moveBehind(bulk.headBytes(), bulk.memory());
    enter(State.ROOM);
    return true;
  }

  private boolean room(Sink sink) throws RecordException {
    BulkRecord complete = bulk;
    ByteBuf buffer = memory.bytes();
    int besideBytes = complete.headBytes() + complete.tailBytes();
    if (complete.memory().isWritable() || buffer.readableBytes() < besideBytes) {
      return false;
    }
    int received = buffer.writerIndex();
    int end = buffer.readerIndex() + besideBytes;
    bulk = null;
    memory.receiveInto(null);
    enter(State.MARK);
    fragments = 0;
    bytesBehind = received - end;
    ByteBuf record = null;
    try {
      record = complete.asOne(buffer);
      sink.record(record, complete.room(), complete.span());
    } catch (RecordException e) {
      enter(State.BROKEN);
      throw e;
    } finally {
      if (record != null) {
        record.release();
      }
      complete.close();
      bytesBehind = 0;
      buffer.setIndex(end, received);
    }
    return true;
  }

  /**
   * Gives up the room of a record that is less than half complete, because memory is short or
   * others wait: what has arrived is kept where other bytes are.
   */
  private void leaveRoom() {
    if (bulk == null || handingOut || bulk.memory().readableBytes() > bulk.recordBytes() / 2) {
      return;
    }
    BulkRecord left = bulk;
    bulk = null;
    nextHeadBytes = 0;
    leftBytes = left.recordBytes();
    enter(State.WHOLE);
    memory.bound(0);
    memory.receiveInto(null);
    try {
      memory.append(left.memory());
    } finally {
      left.close();
    }
  }

  /** The end of a read turn. */
  void readComplete() {
    spare();
    memory.readComplete();
  }

  /** Gives memory back between two turns if nothing is left to be handed out. */
  void rest() {
    spare();
    memory.rest();
  }

  private void spare() {
    if (bulk != null && memory.isSparing()) {
      leaveRoom();
    }
  }

  /** Gives up memory that is not needed for what has arrived. */
  void shrink() {
    leaveRoom();
    memory.shrink();
  }

  private boolean fragment(Sink sink) throws RecordException {
    ByteBuf buffer = memory.bytes();
    int bytes = Math.min(leftBytes, buffer.readableBytes());
    gathered.writeBytes(buffer, bytes);
    leftBytes -= bytes;
    if (leftBytes > 0) {
      return false;
    }
    enter(State.MARK);
    if (!lastFragment) {
      return true;
    }
    ByteBuf record = gathered;
    gathered = null;
    fragments = 0;
    try {
      sink.record(record);
    } catch (RecordException e) {
      enter(State.BROKEN);
      throw e;
    } finally {
      record.release();
    }
    return true;
  }

  private RecordException broken(String why) {
    enter(State.BROKEN);
    return new RecordException(why);
  }

  /** What has arrived behind the record that is handed out now; 0 if it had several fragments. */
  int bytesBehind() {
    return bytesBehind;
  }

  /**
   * The memory, in bytes, of what has arrived; between two turns, that is of unfinished records.
   */
  long heldBytes() {
    return memory.heldBytes()
        + (gathered == null ? 0 : gathered.capacity())
        + (bulk == null ? 0 : bulk.memory().capacity());
  }

  /** Skips what has arrived, and from now on everything that arrives. */
  void skipAll() {
    enter(State.BROKEN);
    ByteBuf buffer = memory.bytes();
    if (buffer != null && !handingOut) {
      buffer.skipBytes(buffer.readableBytes());
    }
  }

  /** Gives everything back; what arrives from now on is dropped. */
  void close() {
    closed = true;
    enter(State.BROKEN);
    memory.close();
    if (!handingOut) {
      releaseGathered();
    }
  }

  private void releaseGathered() {
    if (gathered != null) {
      gathered.release();
      gathered = null;
    }
  }
}
