/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;

/**
 * Changes that become durable together or not at all. All values are absolute and in order, so a
 * batch may be applied twice, and two batches after each other are one batch.
 *
 * <pre>
 *   byte   0  kind    byte   {@link RecordKind#code}
 *          1  volume  int    0 for what belongs to no volume
 *          5  owner   long   a directory's file id for its entries, else 0
 *         13  id      long   of a row; of a table, the byte where the piece starts
 *         21  length  int    bytes that follow; -1: the row is removed
 *         25  bytes
 * </pre>
 *
 * Little-endian. Not thread-safe.
 */
public class Batch {
  /** Receives a piece of a table, or a whole row. The bytes are null for a removed row. */
  public interface Changes {
    void change(RecordKind kind, int volume, long owner, long id, ByteBuffer bytes);
  }

  public static final int HEADER_BYTES = 25;
  private static final int OWNER_AT = 5;
  private static final int ID_AT = 13;
  private static final int LENGTH_AT = 21;
  private static final int FIRST_CAPACITY_BYTES = 1 << 12;
  private static final int REMOVED = -1;

  private ByteBuffer buffer = allocate(FIRST_CAPACITY_BYTES);

  /** Where the change starts that was begun last, and where it ends when it is whole. */
  private int lastStart;

  private int lastEnd;

  /** Starts a piece of a table. The caller puts exactly {@code lengthBytes} into the result. */
  public final ByteBuffer patch(RecordKind table, int volume, long offsetBytes, int lengthBytes) {
    return header(table, volume, 0, offsetBytes, lengthBytes);
  }

  /** Adds or replaces a row. */
  public final void put(RecordKind kind, int volume, long owner, long id, ByteBuffer bytes) {
    header(kind, volume, owner, id, bytes.remaining()).put(bytes);
  }

  /** Removes a row, whether or not it is there. */
  public final void remove(RecordKind kind, int volume, long owner, long id) {
    header(kind, volume, owner, id, REMOVED);
  }

  /** Adds all changes of another batch after those of this one. */
  public final void addAll(Batch later) {
    ByteBuffer bytes = later.bytes();
    reserve(bytes.remaining());
    lastStart = buffer.position();
    lastEnd = lastStart + bytes.remaining();
    buffer.put(bytes);
  }

  /** Takes back a change that was begun but not filled, because something failed meanwhile. */
  final void dropUnfinished() {
    if (buffer.position() != lastEnd) {
      buffer.position(lastStart);
      lastEnd = lastStart;
    }
  }

  public final boolean isEmpty() {
    return buffer.position() == 0;
  }

  public final int sizeBytes() {
    return buffer.position();
  }

  /** How many bytes of the heap the batch takes, filled or not. */
  final int heapBytes() {
    return buffer.capacity();
  }

  /** Returns a view of what is in the batch now. It is valid until the next change. */
  public final ByteBuffer bytes() {
    return buffer.duplicate().flip().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Goes through the changes in order. The bytes that {@code changes} gets are little-endian views.
   *
   * @throws ArrayException IO if the bytes are not a batch
   */
  public static void replay(ByteBuffer batch, Changes changes) {
    replayPlaced(
        batch,
        (kind, volume, owner, id, bytes, position) ->
            changes.change(kind, volume, owner, id, bytes));
  }

  /** Like {@link Changes}, and also receives where in the buffer the change starts. */
  public interface PlacedChanges {
    void change(RecordKind kind, int volume, long owner, long id, ByteBuffer bytes, int position);
  }

  public static void replayPlaced(ByteBuffer batch, PlacedChanges changes) {
    ByteBuffer in = batch.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      if (in.remaining() < HEADER_BYTES) {
        throw damaged(in.position());
      }
      int start = in.position();
      RecordKind kind = RecordKind.of(in.get());
      int volume = in.getInt();
      long owner = in.getLong();
      long id = in.getLong();
      int length = in.getInt();
      if (length < REMOVED || length > in.remaining()) {
        throw damaged(in.position());
      }
      changes.change(kind, volume, owner, id, bytesAt(in, start), start);
      in.position(start + HEADER_BYTES + Math.max(0, length));
    }
  }

  /** Returns the owner of the change that starts there in a little-endian buffer. */
  public static long ownerAt(ByteBuffer buffer, int start) {
    return buffer.getLong(start + OWNER_AT);
  }

  public static long idAt(ByteBuffer buffer, int start) {
    return buffer.getLong(start + ID_AT);
  }

  /** Returns a little-endian view of a change's bytes; null if the change removes a row. */
  public static ByteBuffer bytesAt(ByteBuffer buffer, int start) {
    int length = buffer.getInt(start + LENGTH_AT);
    return length == REMOVED
        ? null
        : buffer.slice(start + HEADER_BYTES, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private ByteBuffer header(RecordKind kind, int volume, long owner, long id, int lengthBytes) {
    reserve(HEADER_BYTES + Math.max(0, lengthBytes));
    lastStart = buffer.position();
    lastEnd = lastStart + HEADER_BYTES + Math.max(0, lengthBytes);
    return buffer
        .put((byte) kind.code())
        .putInt(volume)
        .putLong(owner)
        .putLong(id)
        .putInt(lengthBytes);
  }

  /** Makes room. Every change begins with this, and a test overrides it to let memory end here. */
  public void reserve(int bytes) {
    if (buffer.remaining() < bytes) {
      int needed = Math.addExact(buffer.position(), bytes);
      int doubled = (int) Math.min(Integer.MAX_VALUE - 8, 2L * buffer.capacity());
      buffer = allocate(Math.max(needed, doubled)).put(buffer.flip());
    }
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ArrayException damaged(int position) {
    return new ArrayException(ArrayError.IO, "batch is damaged at byte " + position);
  }
}
