/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * The few large direct buffers that an event loop lends to its connections, so that a connection
 * holds a buffer only while a record is incomplete in it, and no read or reply allocates. Each
 * thread has one stash, which is released when the thread ends.
 *
 * <p>A buffer returns to the stash only from its single owner. A count above one means that a slice
 * of it is still in use; the stash then does not keep the buffer.
 */
final class BufferStash {
  private static final int SLOTS = 6;

  private static final FastThreadLocal<BufferStash> CURRENT =
      new FastThreadLocal<>() {
        @Override
        protected BufferStash initialValue() {
          return new BufferStash();
        }

        @Override
        protected void onRemoval(BufferStash stash) {
          stash.releaseAll();
        }
      };

  private final ByteBuf[] spare = new ByteBuf[SLOTS];

  /**
   * Which buffer is replaced next when the stash is full, so that sizes that are no longer
   * requested disappear in the end.
   */
  private int nextVictim;

  private BufferStash() {}

  static BufferStash current() {
    return CURRENT.get();
  }

  /**
   * Lends an empty direct buffer of exactly this capacity, with a count of one. The caller owns it.
   */
  ByteBuf take(int capacityBytes) {
    for (int i = 0; i < SLOTS; i++) {
      ByteBuf buffer = spare[i];
      if (buffer != null && buffer.capacity() == capacityBytes) {
        spare[i] = null;
        return buffer.clear();
      }
    }
    return PooledByteBufAllocator.DEFAULT.directBuffer(capacityBytes);
  }

  /**
   * Takes over the caller's count of a buffer, and keeps the buffer for others if nobody else holds
   * it.
   */
  void give(ByteBuf buffer) {
    if (buffer.refCnt() != 1) {
      buffer.release();
      return;
    }
    for (int i = 0; i < SLOTS; i++) {
      if (spare[i] == null) {
        spare[i] = buffer;
        return;
      }
    }
    spare[nextVictim].release();
    spare[nextVictim] = buffer;
    nextVictim = (nextVictim + 1) % SLOTS;
  }

  private void releaseAll() {
    for (int i = 0; i < SLOTS; i++) {
      if (spare[i] != null) {
        spare[i].release();
        spare[i] = null;
      }
    }
  }
}
