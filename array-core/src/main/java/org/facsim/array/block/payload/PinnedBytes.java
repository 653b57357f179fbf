/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.payload;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.facsim.array.block.table.Words;

/**
 * Bytes of a file where they lie in direct memory, for a reader that passes them on without a copy.
 * Each block is as it was at one moment, and stays so until {@link #close}, even if blocks are
 * overwritten, truncated or freed, or the array is closed meanwhile. Their payload slots are
 * pinned, which keeps the slots from being used again.
 *
 * <p>Holes appear as zeros, which all readers share. Neighbouring slots are one piece.
 *
 * <p>One thread makes it. Another thread may call {@link #close}, and only the first call does
 * anything.
 */
public final class PinnedBytes implements AutoCloseable {
  private final Payload payload;
  private final int[] slots;
  private int slotCount;
  private ByteBuffer[] memory;
  private int[] positions;
  private int[] lengths;
  private int pieceCount;
  private boolean closed;

  /**
   * Nothing yet. It is made, and gets its slots, inside a reader's epoch.
   *
   * @param maxBlocks how many blocks the range touches
   */
  public PinnedBytes(Payload payload, int maxBlocks) {
    this.payload = payload;
    slots = new int[maxBlocks];
    int expected = Math.min(maxBlocks, 16);
    memory = new ByteBuffer[expected];
    positions = new int[expected];
    lengths = new int[expected];
    payload.hold();
  }

  public int pieceCount() {
    return pieceCount;
  }

  /** Whether the pieces are shorter than a quarter of {@code wholeBytes} on the average. */
  public boolean isScattered(int wholeBytes) {
    long bytes = 0;
    for (int piece = 0; piece < pieceCount; piece++) {
      bytes += lengths[piece];
    }
    return bytes * 4 < (long) pieceCount * wholeBytes;
  }

  /** The memory that holds a piece, from {@link #position} on. Nobody may change it. */
  public ByteBuffer memory(int piece) {
    return memory[piece];
  }

  public int position(int piece) {
    return positions[piece];
  }

  public int lengthBytes(int piece) {
    return lengths[piece];
  }

  /** Appends a part of a slot. Returns false if the slot is retired already. */
  public boolean addSlot(int slot, int at, int lengthBytes) {
    if (!payload.pin(slot)) {
      return false;
    }
    slots[slotCount++] = slot;
    add(payload.memory(slot), payload.position(slot) + at, lengthBytes);
    return true;
  }

  public void addZeros(int lengthBytes) {
    for (int rest = lengthBytes; rest > 0; rest -= Words.ZEROS_BYTES) {
      add(Words.zeroMemory(), 0, Math.min(rest, Words.ZEROS_BYTES));
    }
  }

  @SuppressWarnings("ReferenceEquality") // the very slab
  private void add(ByteBuffer in, int position, int lengthBytes) {
    int last = pieceCount - 1;
    if (last >= 0 && memory[last] == in && positions[last] + lengths[last] == position) {
      lengths[last] += lengthBytes;
      return;
    }
    if (pieceCount == memory.length) {
      int grown = 2 * pieceCount;
      memory = Arrays.copyOf(memory, grown);
      positions = Arrays.copyOf(positions, grown);
      lengths = Arrays.copyOf(lengths, grown);
    }
    memory[pieceCount] = in;
    positions[pieceCount] = position;
    lengths[pieceCount] = lengthBytes;
    pieceCount++;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      payload.unpin(slots, slotCount);
      payload.letGo();
    }
  }
}
