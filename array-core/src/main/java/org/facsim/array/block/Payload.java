/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.nio.ByteBuffer;

/**
 * Where the bytes of blocks live that are not one repeated word: slots of 4 KiB. A slot is filled
 * before it is linked and never changed while it is linked, so no reader sees half a block, and no
 * crash leaves one.
 *
 * <p>A <em>payload value</em> names a slot in its lower half; the upper half belongs to the home (a
 * file keeps the checksum there). It stands in the block's entry, so both change together.
 *
 * <p>Thread-safe. Slots that readers may see are retired, the others freed.
 */
interface Payload {
  /**
   * Gives a slot to every entry of {@code values} where {@code wanted} says so, or to none.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE
   */
  void allocate(long[] values, boolean[] wanted, int count);

  /**
   * Fills the slots of a write with what {@code source} has from its position on; of partial blocks
   * only the given part, the rest follows in {@link #seal}.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE, IO; the slots are still the write's
   */
  void fill(PreparedWrite write, ByteBuffer source);

  /** A buffer in which a partial block of a write is completed. */
  ByteBuffer partial(PreparedWrite write, int i);

  /** Where in {@link #partial} the block starts. */
  int partialPosition(PreparedWrite write, int i);

  /**
   * The partial block is complete. Returns its value.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE, IO
   */
  long seal(PreparedWrite write, int i);

  /**
   * Copies a part of a slot.
   *
   * @throws org.facsim.array.ArrayException IO if the medium fails or the bytes are damaged
   */
  void copyOut(long value, int at, ByteBuffer target, int to, int lengthBytes);

  /** Whether {@link #copyRun} of neighbouring slots is cheaper than one {@link #copyOut} each. */
  boolean gathers();

  /** Copies whole slots that are neighbours. */
  void copyRun(long[] values, int count, ByteBuffer target, int to);

  /** Whether slots lie in memory and can be pinned there. */
  default boolean pins() {
    return false;
  }

  /**
   * Keeps a slot that a reader has just found, inside its epoch, from being used again.
   *
   * @return false if the slot is retired already, or the home does not pin
   */
  default boolean pin(int slot) {
    return false;
  }

  /** The memory that holds a pinned slot. */
  default ByteBuffer pinnedMemory(int slot) {
    throw new UnsupportedOperationException();
  }

  /** Where in {@link #pinnedMemory} the slot starts. */
  default int pinnedPosition(int slot) {
    throw new UnsupportedOperationException();
  }

  /** Takes back one pin of each slot. */
  default void unpin(int[] slots, int count) {
    throw new UnsupportedOperationException();
  }

  /** Retires slots that readers may still see. */
  void retireAll(int[] slots, int count);

  /** Frees the wanted slots, which no reader ever saw. */
  void freeAll(long[] values, boolean[] wanted);

  /** Frees a slot that no reader ever saw. */
  void freeOne(long value);

  /** Slots neither free nor retired. */
  long slotsInUse();

  void close();
}
