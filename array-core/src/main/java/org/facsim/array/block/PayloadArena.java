/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Payload of all volumes of an array in direct memory. The head of a slot is its link.
 *
 * <p>Thread-safe: its lock is the last in the order, held for a few list operations.
 */
final class PayloadArena extends RecordTable implements Payload {
  private static final int SLAB_SHIFT = 8;

  private final ReentrantLock lock = new ReentrantLock();
  private boolean closed;

  PayloadArena(HostMemory memory, Epochs epochs) {
    super(memory, epochs, Integer.BYTES, BlockStore.BLOCK_BYTES, 0, SLAB_SHIFT);
  }

  @Override
  public void allocate(long[] slots, boolean[] wanted, int wantedCount) {
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

  @Override
  public void retireAll(int[] slots, int count) {
    lock.lock();
    try {
      for (int i = 0; i < count; i++) {
        retire(slots[i]);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void freeAll(long[] slots, boolean[] wanted) {
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

  @Override
  public void freeOne(long value) {
    lock.lock();
    try {
      free((int) value);
    } finally {
      lock.unlock();
    }
  }

  /** Gives all memory back; what is given back to the arena later is forgotten. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      freeSlabs();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long slotsInUse() {
    lock.lock();
    try {
      return inUse();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void fill(PreparedWrite write, ByteBuffer source) {
    for (int i = 0; i < write.values.length; i++) {
      if (write.isPayload[i]) {
        int slot = (int) write.values[i];
        int head = write.head(i);
        int from = source.position() + write.sourceStart(i);
        slab(slot).put(body(slot) + head, source, from, write.tail(i) - head);
      }
    }
  }

  @Override
  public ByteBuffer partial(PreparedWrite write, int i) {
    return slab((int) write.values[i]);
  }

  @Override
  public int partialPosition(PreparedWrite write, int i) {
    return body((int) write.values[i]);
  }

  @Override
  public long seal(PreparedWrite write, int i) {
    return write.values[i];
  }

  @Override
  public void copyOut(long value, int at, ByteBuffer target, int to, int lengthBytes) {
    int slot = (int) value;
    target.put(to, slab(slot), body(slot) + at, lengthBytes);
  }

  @Override
  public boolean gathers() {
    return false;
  }

  @Override
  public void copyRun(long[] values, int count, ByteBuffer target, int to) {
    for (int i = 0; i < count; i++) {
      int at = to + i * BlockStore.BLOCK_BYTES;
      copyOut(values[i], 0, target, at, BlockStore.BLOCK_BYTES);
    }
  }
}
