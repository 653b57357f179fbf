/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
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
 * <p>How it works. The connection reads its socket directly into one buffer, which this class
 * supplies as Netty's receive allocator. Nearly every record has one fragment. It is handed out in
 * place: the sink gets the buffer itself, with the indexes narrowed to the record. An incomplete
 * record stays in place and the next read continues behind it; bytes move only if too little room
 * is left in the buffer. Only a record in several fragments is copied, into a buffer of its own.
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
final class RecordReceiver implements RecvByteBufAllocator {
  static final int STANDARD_BYTES = 256 << 10;
  static final int SPARING_BYTES = 8 << 10;

  private static final int MARK_BYTES = 4;
  private static final int ROUND_BYTES = 64 << 10;
  private static final int BULK_PATIENCE = 16;
  private static final int TURN_BYTES = 2 << 20;

  /** Where the records go. */
  interface Sink {
    /** Whether the sink accepts records now. If not, what has arrived stays here. */
    boolean accepting();

    /**
     * Takes one record, from the reader index to the writer index. The bytes belong to the
     * connection and are valid until this returns; to keep some, retain a slice.
     */
    void record(ByteBuf record) throws RecordException;
  }

  private enum State {
    /** Before a fragment's mark. */
    MARK,
    /** In the only fragment of a record, which is handed out in place. */
    WHOLE,
    /** In one of several fragments, which are gathered. */
    FRAGMENT,
    /** The stream is broken; everything that arrives is skipped. */
    BROKEN
  }

  private final int maxRecordBytes;
  private final int maxFragments;
  private final BooleanSupplier sparing;
  private final int bulkBytes;

  private State state = State.MARK;
  private ByteBuf buffer;
  private ByteBuf gathered;
  private int fragments;
  private int leftBytes;
  private boolean lastFragment;
  private int bulkTurns;
  private int filledReads;
  private int turnBytes;
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
    this.sparing = sparing;
    this.maxRecordBytes = maxRecordBytes;
    this.maxFragments = maxFragments;
    long bulk = (maxRecordBytes + 2L * MARK_BYTES + ROUND_BYTES - 1) / ROUND_BYTES * ROUND_BYTES;
    this.bulkBytes = (int) Math.max(STANDARD_BYTES, Math.min(bulk, Integer.MAX_VALUE - 8));
  }

  /**
   * Takes over the bytes of a read of the channel, whether they are in this connection's buffer or
   * not.
   */
  @SuppressWarnings("ReferenceEquality") // identity is meant
  void received(ByteBuf bytes) {
    if (bytes != buffer && !closed) {
      append(bytes);
    }
    bytes.release();
  }

  private void append(ByteBuf bytes) {
    while (bytes.isReadable()) {
      ByteBuf space = space();
      space.writeBytes(bytes, Math.min(bytes.readableBytes(), space.writableBytes()));
      if (bytes.isReadable()) {
        // Only a handler in front of this one (TLS, a test) delivers more than a read asked for.
        makeRoom(bytes.readableBytes());
      }
    }
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
    try {
      while (buffer != null) {
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
      if (closed) {
        releaseBuffers();
      }
    }
  }

  /** One step forward; false if more bytes are needed. */
  private boolean step(Sink sink) throws RecordException {
    return switch (state) {
      case MARK -> mark();
      case WHOLE -> whole(sink);
      case FRAGMENT -> fragment(sink);
      case BROKEN -> {
        buffer.skipBytes(buffer.readableBytes());
        yield false;
      }
    };
  }

  private boolean mark() throws RecordException {
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
    if (lastFragment && fragments == 1) {
      state = State.WHOLE;
    } else {
      state = State.FRAGMENT;
      if (gathered == null) {
        // Grows with the bytes that arrive, not with the length that a mark announces.
        int firstBytes = Math.min(maxRecordBytes, Math.min(leftBytes, 8 << 10));
        gathered = buffer.alloc().directBuffer(firstBytes, maxRecordBytes);
      }
    }
    return true;
  }

  private boolean whole(Sink sink) throws RecordException {
    if (buffer.readableBytes() < leftBytes) {
      return false;
    }
    int received = buffer.writerIndex();
    int end = buffer.readerIndex() + leftBytes;
    state = State.MARK;
    fragments = 0;
    buffer.writerIndex(end);
    try {
      sink.record(buffer);
    } catch (RecordException e) {
      state = State.BROKEN;
      throw e;
    } finally {
      buffer.setIndex(end, received);
    }
    return true;
  }

  private boolean fragment(Sink sink) throws RecordException {
    int bytes = Math.min(leftBytes, buffer.readableBytes());
    gathered.writeBytes(buffer, bytes);
    leftBytes -= bytes;
    if (leftBytes > 0) {
      return false;
    }
    state = State.MARK;
    if (!lastFragment) {
      return true;
    }
    ByteBuf record = gathered;
    gathered = null;
    fragments = 0;
    try {
      sink.record(record);
    } catch (RecordException e) {
      state = State.BROKEN;
      throw e;
    } finally {
      record.release();
    }
    return true;
  }

  private RecordException broken(String why) {
    state = State.BROKEN;
    return new RecordException(why);
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
    if (buffer != null && !buffer.isReadable() && !handingOut) {
      letGo(buffer);
      buffer = null;
    } else if (sparing.getAsBoolean()) {
      shrink();
    }
  }

  /** Moves what has arrived to a buffer of just the right size, if that saves at least half. */
  void shrink() {
    if (buffer == null || handingOut || buffer.readableBytes() > buffer.capacity() / 2) {
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

  /**
   * The memory, in bytes, of what has arrived; between two turns, that is of unfinished records.
   */
  long heldBytes() {
    return (buffer == null ? 0L : buffer.capacity()) + (gathered == null ? 0 : gathered.capacity());
  }

  /** Gives everything back; what arrives from now on is dropped. */
  void close() {
    closed = true;
    state = State.BROKEN;
    if (!handingOut) {
      releaseBuffers();
    }
  }

  private void releaseBuffers() {
    if (buffer != null) {
      buffer.release();
      buffer = null;
    }
    if (gathered != null) {
      gathered.release();
      gathered = null;
    }
  }

  /**
   * The buffer, with room for at least one byte behind what has arrived; unless memory is short,
   * with room for the rest of a record that fits.
   */
  private ByteBuf space() {
    int wantedBytes = state == State.WHOLE ? leftBytes : MARK_BYTES;
    int keptBytes = buffer == null ? 0 : buffer.readableBytes();
    if (sparing.getAsBoolean()) {
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
    if (sparing.getAsBoolean()) {
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
      if (buffer != null && buffer.readableBytes() >= bulkBytes) {
        // A peer that shut down its side is read to the end, paused or not. It has not read its
        // replies so far, so what would overflow the buffer is dropped.
        state = State.BROKEN;
        buffer.skipBytes(buffer.readableBytes());
      }
      return space().retain();
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
