/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * A record whose bulk data is received into its {@link BulkRoom}, while what is in front of the
 * data and behind it goes to the connection's buffer, side by side:
 *
 * <pre>
 *   on the wire       | head | data                    | tail |
 *   receive buffer    | head | tail | next record's head
 *   room                     | data                    |
 * </pre>
 *
 * <p>Owns the room until {@link #close}.
 */
final class BulkRecord implements AutoCloseable {
  private final BulkRoom room;
  private final BulkSpan span;
  private final int recordBytes;
  private final ByteBuf memory;

  /**
   * @param room is closed if this fails
   */
  BulkRecord(BulkRoom room, BulkSpan span, int recordBytes) {
    this.room = room;
    this.span = span;
    this.recordBytes = recordBytes;
    boolean isMade = false;
    try {
      memory = Unpooled.wrappedBuffer(room.memory()).clear();
      if (memory.capacity() != span.lengthBytes()) {
        throw new IllegalStateException(
            "room for " + memory.capacity() + " bytes instead of " + span.lengthBytes());
      }
      isMade = true;
    } finally {
      if (!isMade) {
        room.close();
      }
    }
  }

  BulkRoom room() {
    return room;
  }

  BulkSpan span() {
    return span;
  }

  int headBytes() {
    return span.indexBytes();
  }

  int tailBytes() {
    return recordBytes - span.endBytes();
  }

  int recordBytes() {
    return recordBytes;
  }

  /** The room as a buffer, which is full when the data is complete. */
  ByteBuf memory() {
    return memory;
  }

  /**
   * The record as one buffer, to be released by the caller.
   *
   * @param received begins with the head and the tail
   */
  ByteBuf asOne(ByteBuf received) {
    ByteBuf head = received.retainedSlice(received.readerIndex(), headBytes());
    if (tailBytes() == 0) {
      return Unpooled.wrappedBuffer(head, memory.retain());
    }
    ByteBuf tail = received.retainedSlice(received.readerIndex() + headBytes(), tailBytes());
    return Unpooled.wrappedBuffer(head, memory.retain(), tail);
  }

  /** Gives back what nobody has taken. */
  @Override
  public void close() {
    memory.release();
    room.close();
  }
}
