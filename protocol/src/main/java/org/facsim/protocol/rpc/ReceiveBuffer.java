/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.function.BooleanSupplier;

/**
 * The memory that one connection reads its socket into: Netty's receive allocator. What has arrived
 * stays in place until it is taken from the front, and the next read continues behind it; bytes
 * move only if too little room is left.
 *
 * <p>Sizes. Most connections read into {@value #STANDARD_BYTES} bytes. A peer that fills the buffer
 * with every read, or sends a record that does not fit, is a bulk sender: its connection gets a
 * buffer for the largest allowed record, until {@value #BULK_PATIENCE} turns in a row did not need
 * it. A connection without an incomplete record holds no buffer at all: the buffer goes back to the
 * loop's {@link BufferStash}.
 *
 * <p>While memory is short or many connections wait, a connection reads {@value #SPARING_BYTES}
 * bytes in a turn. Its buffer then grows with the bytes that arrive, not with the length that a
 * mark announces, and bytes that stay until the next turn move to a buffer of just the right size.
 *
 * <p>Sharing. Code that keeps bytes of a record retains a slice, which raises the count of the
 * buffer. Reading more behind those bytes is allowed; moving or reusing them is not. So if the
 * count is above one, the incomplete rest moves to a new buffer.
 *
 * <p>Not thread-safe: everything happens on the connection's loop.
 */
final class ReceiveBuffer implements RecvByteBufAllocator {
  static final int STANDARD_BYTES = 256 << 10;
  static final int SPARING_BYTES = 8 << 10;

  private static final int MARK_BYTES = 4;
  private static final int ROUND_BYTES = 64 << 10;
  private static final int BULK_PATIENCE = 16;
  private static final int TURN_BYTES = 2 << 20;

  /** Some records of TLS. */
  private static final int ELSEWHERE_BYTES = 64 << 10;

  private final BooleanSupplier sparing;
  private final Runnable overflow;
  private final int bulkBytes;

  private ByteBuf buffer;
  private int expectedBytes = MARK_BYTES;
  private int bulkTurns;
  private int filledReads;
  private int turnBytes;
  private boolean lent;
  private boolean closed;

  /** Where bytes go before they go to the buffer, until it is full; null for none. */
  private ByteBuf room;

  /**
   * How many bytes the buffer is to have at most, so that the next ones are read elsewhere; or 0.
   */
  private int boundBytes;

  /** The part of the buffer, or of the room, that the present read may fill; null for all. */
  private ByteBuf window;

  /** Whether the socket is read by a handler in front of this one, into buffers of its own. */
  private boolean elsewhere;

  /**
   * @param maxRecordBytes for which there is room, with its mark
   * @param sparing whether memory is short now, or other connections wait too long
   * @param overflow told before what has arrived is dropped, because it was not taken
   */
  ReceiveBuffer(int maxRecordBytes, BooleanSupplier sparing, Runnable overflow) {
    this.sparing = sparing;
    this.overflow = overflow;
    long bulk = (maxRecordBytes + 2L * MARK_BYTES + ROUND_BYTES - 1) / ROUND_BYTES * ROUND_BYTES;
    this.bulkBytes = (int) Math.max(STANDARD_BYTES, Math.min(bulk, Integer.MAX_VALUE - 8));
  }

  /** From the next read of the socket on, its bytes go to a handler in front of this one. */
  void readElsewhere() {
    elsewhere = true;
  }

  /** What has arrived and was not taken; null if there is no memory for it now. */
  ByteBuf bytes() {
    return buffer;
  }

  /** How many bytes belong together at the front, for which there should be room. */
  void expect(int bytes) {
    expectedBytes = bytes;
  }

  /**
   * Bytes go to a room from now on, until it is full.
   *
   * @param newRoom remains the caller's; null for none
   */
  void receiveInto(ByteBuf newRoom) {
    room = newRoom;
  }

  /**
   * Moves what has arrived behind the first bytes to a room, and goes on there. The first bytes
   * stay, in a small buffer.
   */
  void moveBehind(int keptBytes, ByteBuf newRoom) {
    int end = buffer.readerIndex() + keptBytes;
    newRoom.writeBytes(buffer, end, buffer.writerIndex() - end);
    buffer.writerIndex(end);
    if (buffer.capacity() != SPARING_BYTES || buffer.refCnt() != 1) {
      ByteBuf small = BufferStash.current().take(SPARING_BYTES);
      small.writeBytes(buffer, buffer.readerIndex(), keptBytes);
      letGo(buffer);
      buffer = small;
    }
    room = newRoom;
  }

  /**
   * Reads no further than needed from now on.
   *
   * @param bytes with those that are there; at most {@value #SPARING_BYTES}, 0 for no bound
   */
  void bound(int bytes) {
    boundBytes = bytes;
  }

  /** Whether memory is short now, or other connections wait too long. */
  boolean isSparing() {
    return sparing.getAsBoolean();
  }

  /** Whether a handler in front of this one reads the socket. */
  boolean isElsewhere() {
    return elsewhere;
  }

  /** The bytes at the front are being looked at from now on: they neither move nor go. */
  void lend() {
    lent = true;
  }

  /** The bytes are looked at no longer. */
  void takeBack() {
    lent = false;
    if (closed) {
      release();
    }
  }

  /**
   * Takes over the bytes of a read of the channel, whether they are in this connection's buffer or
   * not.
   */
  @SuppressWarnings("ReferenceEquality") // identity is meant
  void received(ByteBuf bytes) {
    if (bytes == window) {
      ByteBuf filled = room != null && room.isWritable() ? room : buffer;
      if (filled != null && !closed) {
        filled.writerIndex(filled.writerIndex() + bytes.readableBytes());
      }
    } else if (bytes != buffer && bytes != room && !closed) {
      append(bytes);
    }
    window = null;
    bytes.release();
  }

  /** Adds a copy of bytes to what has arrived. */
  void append(ByteBuf bytes) {
    if (room != null) {
      room.writeBytes(bytes, Math.min(bytes.readableBytes(), room.writableBytes()));
    }
    while (bytes.isReadable()) {
      ByteBuf space = space();
      space.writeBytes(bytes, Math.min(bytes.readableBytes(), space.writableBytes()));
      if (bytes.isReadable()) {
        // Only a handler in front of this one (TLS, a test) delivers more than a read asked for.
        makeRoom(bytes.readableBytes());
      }
    }
  }

  /** The end of a read turn: a buffer without an incomplete record goes back to the loop. */
  void readComplete() {
    if (turnBytes < STANDARD_BYTES / 2 && bulkTurns > 0) {
      bulkTurns--;
    }
    turnBytes = 0;
    rest();
  }

  /** Gives the buffer back between two turns if nothing in it is left to be handed out. */
  void rest() {
    if (buffer != null && !buffer.isReadable() && !lent) {
      letGo(buffer);
      buffer = null;
    } else if (sparing.getAsBoolean()) {
      shrink();
    }
  }

  /** Moves what has arrived to a buffer of just the right size, if that saves at least half. */
  void shrink() {
    if (buffer == null || lent || buffer.readableBytes() > buffer.capacity() / 2) {
      return;
    }
    ByteBuf fitting = buffer.alloc().directBuffer(Math.max(1, buffer.readableBytes()));
    fitting.writeBytes(buffer, buffer.readerIndex(), buffer.readableBytes());
    letGo(buffer);
    buffer = fitting;
  }

  /** Gives a buffer back to the loop if it has a size that will be requested again. */
  private void letGo(ByteBuf unused) {
    int bytes = unused.capacity();
    if (bytes == STANDARD_BYTES || bytes == bulkBytes || bytes == SPARING_BYTES) {
      BufferStash.current().give(unused);
    } else {
      unused.release();
    }
  }

  /** How many bytes were read in this turn; 0 between two turns. */
  int turnBytes() {
    return turnBytes;
  }

  /** The memory, in bytes, of what has arrived. */
  long heldBytes() {
    return buffer == null ? 0L : buffer.capacity();
  }

  /** Gives the memory back; what arrives from now on is dropped. */
  void close() {
    closed = true;
    if (!lent) {
      release();
    }
  }

  private void release() {
    if (buffer != null) {
      buffer.release();
      buffer = null;
    }
  }

  /**
   * The buffer, with room for at least one byte behind what has arrived; unless memory is short,
   * with room for the rest of a record that fits.
   */
  private ByteBuf space() {
    int wantedBytes = expectedBytes;
    int keptBytes = buffer == null ? 0 : buffer.readableBytes();
    if (boundBytes > keptBytes) {
      wantedBytes = boundBytes;
    } else if (sparing.getAsBoolean()) {
      wantedBytes = Math.min(wantedBytes, keptBytes + Math.max(SPARING_BYTES, keptBytes));
    }
    if (buffer == null) {
      buffer = BufferStash.current().take(capacityBytes(wantedBytes));
      return buffer;
    }
    if (keptBytes == 0 && buffer.refCnt() == 1 && capacityBytes(wantedBytes) == buffer.capacity()) {
      return buffer.clear();
    }
    int missingBytes = Math.max(1, wantedBytes - keptBytes);
    if (buffer.writableBytes() < Math.max(missingBytes, buffer.capacity() / 4)) {
      makeRoom(missingBytes);
    }
    return buffer;
  }

  private void makeRoom(int missingBytes) {
    int keptBytes = buffer.readableBytes();
    int neededBytes = keptBytes + missingBytes;
    int capacityBytes = capacityBytes(neededBytes);
    if (buffer.refCnt() == 1 && buffer.capacity() >= capacityBytes) {
      buffer.discardReadBytes();
      return;
    }
    ByteBuf larger = BufferStash.current().take(Math.max(capacityBytes, neededBytes));
    larger.writeBytes(buffer);
    letGo(buffer);
    buffer = larger;
  }

  private int capacityBytes(int neededBytes) {
    if (boundBytes > 0 || sparing.getAsBoolean()) {
      return Math.max(SPARING_BYTES, neededBytes);
    }
    if (neededBytes > STANDARD_BYTES) {
      bulkTurns = BULK_PATIENCE;
    }
    return bulkTurns > 0 ? bulkBytes : STANDARD_BYTES;
  }

  @Override
  @SuppressWarnings("deprecation") // the interface that channels ask for
  public Handle newHandle() {
    return new ReadHandle();
  }

  /** What a channel asks before, between and after its reads of one turn. */
  @SuppressWarnings("deprecation") // as above
  private final class ReadHandle implements ExtendedHandle {
    private ChannelConfig config;
    private int attemptedBytes;
    private int lastBytes;

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      if (closed) {
        return allocator.ioBuffer(MARK_BYTES);
      }
      window = null;
      if (elsewhere) {
        return allocator.ioBuffer(ELSEWHERE_BYTES);
      }
      if (buffer != null && buffer.readableBytes() >= bulkBytes) {
        // A peer that shut down its side is read to the end, paused or not. It has not read its
        // replies so far, so what would overflow the buffer is dropped.
        overflow.run();
        buffer.skipBytes(buffer.readableBytes());
      }
      if (room != null && room.isWritable()) {
        return sparing.getAsBoolean() ? window(room, SPARING_BYTES) : room.retain();
      }
      ByteBuf space = space();
      int boundedBytes = boundBytes - space.readableBytes();
      return boundedBytes > 0 ? window(space, boundedBytes) : space.retain();
    }

    private ByteBuf window(ByteBuf in, int mostBytes) {
      int bytes = Math.min(mostBytes, in.writableBytes());
      window = in.retainedSlice(in.writerIndex(), bytes).clear();
      return window;
    }

    @Override
    public int guess() {
      return STANDARD_BYTES;
    }

    @Override
    public void reset(ChannelConfig config) {
      this.config = config;
      turnBytes = 0;
    }

    @Override
    public void incMessagesRead(int count) {}

    @Override
    public void lastBytesRead(int bytes) {
      lastBytes = bytes;
      if (bytes > 0) {
        turnBytes += bytes;
        filledReads = bytes == attemptedBytes && bytes >= ROUND_BYTES ? filledReads + 1 : 0;
        if (filledReads >= 2) {
          bulkTurns = BULK_PATIENCE;
        }
      }
    }

    @Override
    public int lastBytesRead() {
      return lastBytes;
    }

    @Override
    public void attemptedBytesRead(int bytes) {
      attemptedBytes = bytes;
    }

    @Override
    public int attemptedBytesRead() {
      return attemptedBytes;
    }

    /** Whether to read on: a read that did not fill the buffer has emptied the socket. */
    @Override
    public boolean continueReading() {
      return config.isAutoRead()
          && lastBytes == attemptedBytes
          && turnBytes < TURN_BYTES
          && !sparing.getAsBoolean();
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
      return continueReading();
    }

    @Override
    public void readComplete() {}
  }
}
