/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bytes of all blocks of an array that are not one repeated word: slots of 4 KiB. A slot is
 * filled before it is linked and never changed while it is linked, so no reader sees half a block.
 * The head of a slot is its link.
 *
 * <p>Thread-safe: its lock is the last in the order, held for a few list operations.
 */
final class PayloadArena extends RecordTable {
  private static final int SLAB_SHIFT = 8;

  private final ReentrantLock lock = new ReentrantLock();
  private boolean closed;

  PayloadArena(HostMemory memory, Epochs epochs) {
    super(memory, epochs, Integer.BYTES, BlockStore.BLOCK_BYTES, 0, SLAB_SHIFT);
  }

  /**
   * Gives slots to every entry of {@code slots} where {@code wanted} says so, or to none.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE if the host has no memory
   */
  void allocate(long[] slots, boolean[] wanted, int wantedCount) {
    lock.lock();
    try {
      ensure(wantedCount);
      for (int i = 0; i < slots.length; i++) {
        if (wanted[i]) {
          slots[i] = allocate();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Retires slots that readers may still see. */
  void retireAll(int[] slots, int count) {
    lock.lock();
    try {
      for (int i = 0; i < count; i++) {
        retire(slots[i]);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Frees the wanted slots, which no reader ever saw. */
  void freeAll(long[] slots, boolean[] wanted) {
    lock.lock();
    try {
      for (int i = 0; i < slots.length && !closed; i++) {
        if (wanted[i]) {
          free((int) slots[i]);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Frees a slot that no reader ever saw. */
  void freeOne(int slot) {
    lock.lock();
    try {
      free(slot);
    } finally {
      lock.unlock();
    }
  }

  /** Gives all memory back; what is given back to the arena later is forgotten. */
  void shut() {
    lock.lock();
    try {
      closed = true;
      close();
    } finally {
      lock.unlock();
    }
  }

  long slotsInUse() {
    lock.lock();
    try {
      return inUse();
    } finally {
      lock.unlock();
    }
  }

  void fill(int slot, int at, ByteBuffer source, int from, int lengthBytes) {
    slab(slot).put(body(slot) + at, source, from, lengthBytes);
  }

  void copyOut(int slot, int at, ByteBuffer target, int to, int lengthBytes) {
    target.put(to, slab(slot), body(slot) + at, lengthBytes);
  }
}
