/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.payload;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.facsim.array.block.table.BlockTable;

/**
 * Slots side by side in a {@link PayloadArena} that a write may take. Who receives bytes sees it as
 * a {@code WriteRoom}.
 */
public final class ArenaRoom implements AutoCloseable {
  private final PayloadArena arena;
  private final int first;
  private final int count;
  private final ByteBuffer memory;
  private final AtomicBoolean gone = new AtomicBoolean();

  ArenaRoom(PayloadArena arena, int first, int count) {
    this.arena = arena;
    this.first = first;
    this.count = count;
    memory = arena.memory(first).slice(arena.position(first), lengthBytes());
  }

  /** How much it takes: whole blocks. */
  public int lengthBytes() {
    return count * BlockTable.BLOCK_BYTES;
  }

  /**
   * The memory, as a buffer of its own.
   *
   * @throws IllegalStateException if it was written or closed
   */
  public ByteBuffer memory() {
    if (gone.get()) {
      throw gone();
    }
    return memory;
  }

  private static IllegalStateException gone() {
    return new IllegalStateException("the room was written or closed");
  }

  /** Whether neither a write nor {@link #close} has taken it. */
  public boolean isOpen() {
    return !gone.get();
  }

  /** Whether it is room in this payload. */
  public boolean isIn(Payload payload) {
    return payload.equals(arena);
  }

  /**
   * Takes the slots for a write, which frees those that it does not need.
   *
   * @param values receives the slots
   * @throws IllegalStateException if it was written or closed
   */
  public void take(long[] values) {
    if (!gone.compareAndSet(false, true)) {
      throw gone();
    }
    for (int i = 0; i < count; i++) {
      values[i] = (long) first + i;
    }
    arena.letGo();
  }

  /** Gives back what no write has taken. Only the first call does anything; any thread. */
  @Override
  public void close() {
    if (gone.compareAndSet(false, true)) {
      arena.freeStretch(first, count);
      arena.letGo();
    }
  }
}
