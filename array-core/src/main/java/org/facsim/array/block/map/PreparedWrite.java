/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.map;

import java.nio.ByteBuffer;
import org.facsim.array.block.payload.ArenaRoom;
import org.facsim.array.block.payload.Payload;
import org.facsim.array.block.table.BlockTable;
import org.facsim.array.block.table.Words;

/**
 * Bytes on their way into a file. {@code BlockStore.prepare} makes it without a lock, and {@code
 * BlockStore.write} consumes it. Closing it gives back what was not consumed. Closing it twice, or
 * after it was consumed, does nothing.
 *
 * <p>A whole block is either one word (nothing copied) or a filled payload slot. The first and the
 * last block may be partial. Their slots hold the given bytes in place, and the rest of the block
 * is filled in under the lock, when it is known. The bytes are copied out of the caller's buffer
 * already, except those of a short write in memory, see {@link #copyOf}.
 *
 * <p>Not thread-safe.
 */
public final class PreparedWrite implements AutoCloseable {
  /** More blocks are copied before the lock is held, because others wait for it. */
  private static final int MAX_OVERWRITTEN = 4;

  private final Payload payload;
  private final long offsetBytes;
  private final int lengthBytes;

  /** For each block its word, or its payload slot. */
  public final long[] values;

  final boolean[] isPayload;

  /** Room for the first and the last block, if they cannot be completed in their slots. */
  private ByteBuffer staged;

  /** The bytes of a short write that has no place yet; else null. */
  private ByteBuffer source;

  /** Whether blocks still need a place. */
  private boolean isUnplaced;

  /** The blocks that go where the old ones are; null if none does. */
  private boolean[] overwrites;

  private boolean done;

  private PreparedWrite(Payload payload, long offsetBytes, int lengthBytes) {
    this.payload = payload;
    this.offsetBytes = offsetBytes;
    this.lengthBytes = lengthBytes;
    int count = lengthBytes == 0 ? 0 : (int) (lastBlock() - firstBlock() + 1);
    values = new long[count];
    isPayload = new boolean[count];
  }

  /**
   * Copies what remains in the source, whose position does not move. A short write of whole blocks
   * keeps the source instead, which then must stay as it is until the write is consumed or closed:
   * under the lock, its blocks may go where the old ones are.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE if there is no direct memory or disk left, IO
   *     if its disk fails
   */
  public static PreparedWrite copyOf(Payload payload, long offsetBytes, ByteBuffer source) {
    PreparedWrite write = new PreparedWrite(payload, offsetBytes, source.remaining());
    int slots = 0;
    for (int i = 0; i < write.values.length; i++) {
      int position = source.position() + write.sourceStart(i);
      if (!write.isPartial(i) && Words.isUniform(source, position)) {
        write.values[i] = Words.first(source, position);
      } else {
        write.isPayload[i] = true;
        slots++;
      }
    }
    if (slots > 0 && write.mayOverwrite()) {
      write.source = source;
      write.isUnplaced = true;
    } else if (slots > 0) {
      payload.allocate(write.values, write.isPayload, slots);
      try {
        write.fill(source);
      } catch (RuntimeException e) {
        write.close();
        throw e;
      }
    }
    return write;
  }

  /**
   * Takes the bytes of a room instead of copying them. Blocks that are one word give their slots
   * back at once.
   *
   * @return null, with the room as it was, if it cannot become a part of this payload at this
   *     offset
   * @throws IllegalStateException if it was written or closed
   */
  public static PreparedWrite of(Payload payload, long offsetBytes, ArenaRoom room) {
    if (offsetBytes % BlockTable.BLOCK_BYTES != 0 || !room.isIn(payload)) {
      return null;
    }
    ByteBuffer memory = room.memory();
    PreparedWrite write = new PreparedWrite(payload, offsetBytes, room.lengthBytes());
    long[] slots = new long[write.values.length];
    boolean[] isWord = new boolean[slots.length];
    boolean anyWord = false;
    room.take(slots);
    for (int i = 0; i < slots.length; i++) {
      int position = i * BlockTable.BLOCK_BYTES;
      isWord[i] = Words.isUniform(memory, position);
      anyWord |= isWord[i];
      write.isPayload[i] = !isWord[i];
      write.values[i] = isWord[i] ? Words.first(memory, position) : slots[i];
    }
    if (anyWord) {
      payload.freeAll(slots, isWord);
    }
    return write;
  }

  public long offsetBytes() {
    return offsetBytes;
  }

  public int lengthBytes() {
    return lengthBytes;
  }

  public long firstBlock() {
    return offsetBytes / BlockTable.BLOCK_BYTES;
  }

  /** The first block after the write. */
  public long endBlock() {
    return firstBlock() + values.length;
  }

  private boolean mayOverwrite() {
    return payload.isInMemory()
        && values.length <= MAX_OVERWRITTEN
        && lengthBytes == values.length * BlockTable.BLOCK_BYTES;
  }

  /** Whether {@link #place} is still to be called. */
  boolean isUnplaced() {
    return isUnplaced;
  }

  /**
   * Lets a block go where the old one is, if nobody has that slot pinned. Lock held from here until
   * {@link #place} ends.
   */
  void tryOverwrite(int i, int slot) {
    if (payload.beginOverwrite(slot)) {
      values[i] = slot;
      if (overwrites == null) {
        overwrites = new boolean[values.length];
      }
      overwrites[i] = true;
    }
  }

  /** Whether a block goes where the old one is. It is there once {@link #place} has ended. */
  boolean overwrites(int i) {
    return overwrites != null && overwrites[i];
  }

  /**
   * Gives new slots to the blocks that do not overwrite, and then puts the others where the old
   * ones are. Afterwards nothing can fail any more. However it ends, no slot is still being
   * overwritten, because readers would wait for that for ever.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE, and nothing is overwritten
   */
  void place() {
    try {
      boolean[] isNew = isPayload.clone();
      int slots = 0;
      for (int i = 0; i < values.length; i++) {
        isNew[i] &= !overwrites(i);
        slots += isNew[i] ? 1 : 0;
      }
      if (slots > 0) {
        payload.allocate(values, isNew, slots);
      }
      isUnplaced = false;
      for (int i = 0; i < values.length; i++) {
        if (isNew[i]) {
          payload.write(values, i, i + 1, source, source.position() + sourceStart(i));
        }
      }
      for (int i = 0; i < values.length; i++) {
        if (overwrites(i)) {
          payload.overwrite((int) values[i], source, source.position() + sourceStart(i));
        }
      }
    } finally {
      endOverwrites();
    }
  }

  private void endOverwrites() {
    for (int i = 0; i < values.length; i++) {
      if (overwrites(i)) {
        payload.endOverwrite((int) values[i]);
      }
    }
    if (isUnplaced) {
      overwrites = null;
    }
  }

  /** Whether the write leaves some bytes of its block {@code i} as they are. */
  boolean isPartial(int i) {
    return tail(i) - head(i) < BlockTable.BLOCK_BYTES;
  }

  /** Where in its block {@code i} the given bytes start. */
  int head(int i) {
    return i == 0 ? (int) (offsetBytes % BlockTable.BLOCK_BYTES) : 0;
  }

  /** Where in its block {@code i} the given bytes end. */
  int tail(int i) {
    if (i < values.length - 1) {
      return BlockTable.BLOCK_BYTES;
    }
    return (int) (offsetBytes + lengthBytes - lastBlock() * BlockTable.BLOCK_BYTES);
  }

  /** Copies whole blocks to their slots, and of partial blocks what is given. The rest follows. */
  private void fill(ByteBuffer source) {
    int i = 0;
    while (i < values.length) {
      if (!isPayload[i]) {
        i++;
      } else if (isPartial(i)) {
        int from = source.position() + sourceStart(i);
        partial(i).put(partialPosition(i) + head(i), source, from, tail(i) - head(i));
        i++;
      } else {
        int end = i + 1;
        while (end < values.length && isPayload[end] && !isPartial(end)) {
          end++;
        }
        payload.write(values, i, end, source, source.position() + sourceStart(i));
        i = end;
      }
    }
  }

  /** Where a partial block is completed. That is its slot, if the slot is in memory. */
  ByteBuffer partial(int i) {
    if (payload.isInMemory()) {
      return payload.memory((int) values[i]);
    }
    if (staged == null) {
      staged = ByteBuffer.allocate(2 * BlockTable.BLOCK_BYTES);
    }
    return staged;
  }

  /** Where in {@link #partial} the block starts. */
  int partialPosition(int i) {
    if (payload.isInMemory()) {
      return payload.position((int) values[i]);
    }
    return i == 0 ? 0 : BlockTable.BLOCK_BYTES;
  }

  /**
   * Stores a partial block that is complete.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE, IO
   */
  public void seal(int i) {
    if (!payload.isInMemory()) {
      payload.write(values, i, i + 1, partial(i), partialPosition(i));
    }
  }

  /** A partial block turned out to be one word. Its slot is freed. */
  void becomeWord(int i, long word) {
    values[i] = word;
    isPayload[i] = false;
  }

  /** Nothing is left to give back, because all slots are linked, or were given back one by one. */
  public void consume() {
    done = true;
  }

  public boolean isDone() {
    return done;
  }

  @Override
  public void close() {
    if (!done) {
      done = true;
      if (!isUnplaced) {
        for (int i = 0; i < values.length; i++) {
          isPayload[i] &= !overwrites(i);
        }
        payload.freeAll(values, isPayload);
      }
    }
  }

  private long lastBlock() {
    return (offsetBytes + lengthBytes - 1) / BlockTable.BLOCK_BYTES;
  }

  /** Where in the source its block {@code i} starts. */
  int sourceStart(int i) {
    return i == 0 ? 0 : (int) ((firstBlock() + i) * BlockTable.BLOCK_BYTES - offsetBytes);
  }
}
