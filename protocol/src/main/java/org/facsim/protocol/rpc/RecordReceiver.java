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
 * <p>Not thread-safe: everything happens on the connection's loop.
 */
final class RecordReceiver {
  static final int MARK_BYTES = 4;

  /** Where the records go. */
  interface Sink {
    /** Whether the sink accepts records now. If not, what has arrived stays here. */
    boolean accepting();

    /**
     * Takes one record, from the reader index to the writer index. The bytes belong to the
     * connection and are valid until this returns; to keep some, retain a slice.
     */
    void record(ByteBuf record) throws RecordException;

    /** Everything complete that has arrived was handed out, or the sink accepts no more. */
    default void handedOut() {}
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
  private final ReceiveBuffer memory;

  private State state = State.MARK;
  private ByteBuf gathered;
  private int fragments;
  private int leftBytes;
  private int bytesBehind;
  private boolean lastFragment;
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
      case MARK -> mark();
      case WHOLE -> whole(sink);
      case FRAGMENT -> fragment(sink);
      case BROKEN -> {
        ByteBuf buffer = memory.bytes();
        buffer.skipBytes(buffer.readableBytes());
        yield false;
      }
    };
  }

  private boolean mark() throws RecordException {
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
    if (lastFragment && fragments == 1) {
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
    if (buffer.readableBytes() < leftBytes) {
      return false;
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
    return memory.heldBytes() + (gathered == null ? 0 : gathered.capacity());
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
