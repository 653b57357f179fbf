/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The records that one loop turn sends on one connection: appended one after the other to one
 * buffer, written and flushed once. Bulk data may be between them, as slices that are never copied.
 *
 * <p>The order on the wire is: the sealed pieces in their order, then the tail. Everything stays
 * here until {@link #send}, so that a record can be taken back whole, and so that no later record
 * can overtake an earlier one.
 *
 * <p>The tail is one direct buffer of the loop's {@link BufferStash}. Appending bulk data seals
 * what is in the tail: a slice of it becomes a piece, and what follows is appended behind. If the
 * tail has to grow, its slices move with it, because none of them is being sent before {@link
 * #send}.
 *
 * <p>Not thread-safe: everything happens on the connection's loop.
 */
final class SendBatch implements ReplyBytes {
  /** Fits a turn of small records. */
  static final int SMALL_BYTES = 64 << 10;

  /**
   * The gathered bytes at which a turn sends early. Every write may wake the peer, which costs more
   * than sending 64 KiB. With 256 KiB here, reads of that size were half as fast.
   */
  private static final int SEND_BYTES = 2 << 20;

  /** The same for bytes that were copied into the batch, which hold memory of their own. */
  private static final int SEND_COPIED_BYTES = 256 << 10;

  /** The same while memory is short. */
  private static final int SPARING_BYTES = 16 << 10;

  /** From this size on, a slice is cheaper than a copy. */
  static final int MIN_DATA_BYTES = 16 << 10;

  /** Fits what is copied below {@link #SEND_COPIED_BYTES}, then one reply of 1 MiB. */
  private static final int LARGE_BYTES = SEND_COPIED_BYTES + (1 << 20) + (64 << 10);

  private static final int LARGE_PATIENCE = 16;
  private static final int MARK_BYTES = 4;
  private static final int LAST_FRAGMENT = 0x8000_0000;

  private final List<ByteBuf> sealed = new ArrayList<>();
  private ByteBuf tail;

  /** Where the part of the tail begins that is not sealed. */
  private int tailStart;

  private int sealedBytes;
  private int records;
  private int largeTurns;

  private boolean open;
  private int markIndex;
  private int piecesBefore;
  private int bytesBefore;
  private int tailStartBefore;

  /** The bytes gathered, including marks. */
  int bytes() {
    return sealedBytes + (tail == null ? 0 : tail.writerIndex() - tailStart);
  }

  boolean isEmpty() {
    return bytes() == 0;
  }

  /** Whether so much is gathered that it should be sent before the turn ends. */
  boolean isFull() {
    return tail != null && (tail.writerIndex() >= SEND_COPIED_BYTES || bytes() >= SEND_BYTES);
  }

  /**
   * Whether so much is gathered that it should be sent before the turn ends.
   *
   * @param memory while it is short, the bound is lower, because a turn must not take much before
   *     the socket has shown what it takes
   */
  boolean isFull(WireMemory memory) {
    return isFull() || (tail != null && tail.writerIndex() >= SPARING_BYTES && memory.isShort());
  }

  /** The number of records since the last {@link #send}. */
  int records() {
    return records;
  }

  /** Begins a record; returns the buffer to append it to. */
  ByteBuf begin() {
    if (open) {
      throw new IllegalStateException("a record is being appended");
    }
    if (tail == null) {
      tail = BufferStash.current().take(largeTurns > 0 ? LARGE_BYTES : SMALL_BYTES);
      tailStart = 0;
    }
    open = true;
    piecesBefore = sealed.size();
    bytesBefore = sealedBytes;
    tailStartBefore = tailStart;
    markIndex = tail.writerIndex();
    return tail.writeInt(0);
  }

  /** The buffer to which the open record is appended. */
  ByteBuf tail() {
    return tail;
  }

  /**
   * Appends bulk data to the open record without a copy.
   *
   * @param data the batch takes it over, and releases it when it is sent or taken back
   * @return the buffer to append to from now on
   */
  ByteBuf appendData(ByteBuf data) {
    int end = tail.writerIndex();
    if (end > tailStart) {
      seal(tail.retainedSlice(tailStart, end - tailStart));
      tailStart = end;
    }
    seal(data);
    return tail;
  }

  private void seal(ByteBuf piece) {
    sealed.add(piece);
    sealedBytes += piece.readableBytes();
  }

  /**
   * A word of the open record, which begins after its mark; 0 if the record is shorter. Only words
   * before the first bulk data can be read.
   */
  int wordAt(int offsetBytes) {
    int index = markIndex + MARK_BYTES + offsetBytes;
    return tail.writerIndex() >= index + 4 ? tail.getInt(index) : 0;
  }

  /** How long the open record is by now, without its mark. */
  int openBytes() {
    return bytes() - bytesBeforeOpen() - MARK_BYTES;
  }

  private int bytesBeforeOpen() {
    return bytesBefore + markIndex - tailStartBefore;
  }

  /** A copy of the open record, without its mark. */
  byte[] copyOfOpen() {
    byte[] copy = new byte[openBytes()];
    int skipBytes = markIndex - tailStartBefore + MARK_BYTES;
    int at = 0;
    for (int i = piecesBefore; i < sealed.size(); i++) {
      ByteBuf piece = sealed.get(i);
      int pieceBytes = piece.readableBytes() - skipBytes;
      piece.getBytes(piece.readerIndex() + skipBytes, copy, at, pieceBytes);
      at += pieceBytes;
      skipBytes = 0; // the first piece begins with earlier records and the mark
    }
    tail.getBytes(tailStart + skipBytes, copy, at, copy.length - at);
    return copy;
  }

  @Override
  public byte[] get() {
    return copyOfOpen();
  }

  @Override
  public int copyHead(ByteBuffer to, int at, int most) {
    int skipBytes = markIndex - tailStartBefore + MARK_BYTES;
    boolean isInTail = sealed.size() == piecesBefore;
    ByteBuf piece = isInTail ? tail : sealed.get(piecesBefore);
    int from = (isInTail ? tailStart : piece.readerIndex()) + skipBytes;
    int count = Math.min(most, piece.writerIndex() - from);
    if (piece.nioBufferCount() == 1) {
      ByteBuffer bytes = piece.internalNioBuffer(from, count);
      to.put(at, bytes, bytes.position(), count);
    } else {
      piece.getBytes(from, to.duplicate().position(at).limit(at + count));
    }
    return count;
  }

  /** Ends the record: its length is known now and goes into its mark. */
  void end() {
    tail.setInt(markIndex, LAST_FRAGMENT | openBytes());
    records++;
    open = false;
  }

  /** Appends a whole record. */
  void append(byte[] record) {
    begin().writeBytes(record);
    end();
  }

  /** Takes back the open record, if there is one, with everything appended since {@link #begin}. */
  void takeBack() {
    if (!open) {
      return;
    }
    for (int i = sealed.size() - 1; i >= piecesBefore; i--) {
      sealed.remove(i).release();
    }
    sealedBytes = bytesBefore;
    tailStart = tailStartBefore;
    tail.writerIndex(markIndex);
    open = false;
  }

  /**
   * Writes and flushes everything. A flush may come back into the connection (writability), so the
   * batch is empty before the first write.
   *
   * @return the memory that is held until the socket has taken the rest; 0 if it has taken all
   */
  int send(ChannelHandlerContext context) {
    ByteBuf last = tail;
    tail = null;
    records = 0;
    if (last == null) {
      return 0;
    }
    // A buffer that has to grow is copied, so what one turn needed decides the size with which the
    // next one starts.
    if (last.writerIndex() > SMALL_BYTES) {
      largeTurns = LARGE_PATIENCE;
    } else if (largeTurns > 0) {
      largeTurns--;
    }
    for (int i = 0; i < sealed.size(); i++) {
      var unused = context.write(sealed.get(i), context.voidPromise());
    }
    sealed.clear();
    sealedBytes = 0;
    if (last.writerIndex() > tailStart) {
      last.readerIndex(tailStart);
      // The write takes one count; when it is back at one, the bytes are sent and the buffer free.
      var unused = context.writeAndFlush(last.retain(), context.voidPromise());
    } else {
      context.flush();
    }
    int heldBytes = last.refCnt() > 1 ? last.capacity() : 0;
    BufferStash.current().give(last);
    return heldBytes;
  }

  /** Drops everything unsent. */
  void release() {
    sealed.forEach(ByteBuf::release);
    sealed.clear();
    sealedBytes = 0;
    open = false;
    if (tail != null) {
      tail.release();
      tail = null;
    }
  }
}
