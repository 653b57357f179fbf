/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.payload;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.facsim.array.block.table.Words;

/**
 * Bytes of a file where they lie in direct memory, for a reader that passes them on without a copy.
 * They are the file's bytes of one moment, block by block, and stay so until {@link #close}, even
 * if the blocks are overwritten, cut or freed or the array is closed meanwhile: their payload slots
 * are pinned, which keeps them from being used again.
 *
 * <p>Holes appear as zeros that are shared by all. Neighbouring slots are one piece.
 *
 * <p>Made by one thread; {@link #close} may come from another, and only its first call counts.
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
   * @param maxBlocks how many blocks the range touches
   */
  public PinnedBytes(Payload payload, int maxBlocks) {
    this.payload = payload;
    slots = new int[maxBlocks];
    int expected = Math.min(maxBlocks, 16);
    memory = new ByteBuffer[expected];
    positions = new int[expected];
    lengths = new int[expected];
  }

  public int pieceCount() {
    return pieceCount;
  }

  /** The memory that holds a piece; to be looked at from {@link #position} on, never changed. */
  public ByteBuffer memory(int piece) {
    return memory[piece];
  }

  public int position(int piece) {
    return positions[piece];
  }

  public int lengthBytes(int piece) {
    return lengths[piece];
  }

  /** Appends a part of a slot; false if the slot is on its way to be used again. */
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
    }
  }
}
