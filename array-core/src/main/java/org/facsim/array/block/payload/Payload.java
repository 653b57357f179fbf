/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.payload;

import java.nio.ByteBuffer;

/**
 * Where the bytes of blocks are that are not one repeated word: in slots of 4 KiB. A slot is filled
 * before it is linked and is not changed while it is linked, so no reader sees half a block, and no
 * crash leaves one. Memory, which no crash leaves behind, makes one exception: {@link
 * #beginOverwrite}.
 *
 * <p>A <em>payload value</em> names a slot in its lower half. The upper half belongs to the
 * implementation, and a file keeps the checksum there. The value is in the block's entry, so both
 * halves change together.
 *
 * <p>Thread-safe. Slots that readers may see are retired. The others are freed.
 */
public interface Payload {
  /**
   * Gives a slot to every entry of {@code values} that {@code wanted} marks, or to none.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE
   */
  void allocate(long[] values, boolean[] wanted, int count);

  /**
   * Fills whole slots with blocks that follow each other. Slots that are neighbours are written in
   * one piece.
   *
   * @param values name slots that no reader can see yet; they get their upper halves here
   * @param from the first of {@code values} to fill
   * @param to the end (exclusive) of those to fill
   * @param source is left as it is
   * @param position where in {@code source} the first block starts
   * @throws org.facsim.array.ArrayException NO_SPACE, IO; the slots are still the caller's
   */
  void write(long[] values, int from, int to, ByteBuffer source, int position);

  /**
   * Copies a part of a slot.
   *
   * @throws org.facsim.array.ArrayException IO if the medium fails or the bytes are damaged
   */
  void copyOut(long value, int at, ByteBuffer target, int to, int lengthBytes);

  /** Whether {@link #copyRun} of neighbouring slots is cheaper than one {@link #copyOut} each. */
  boolean gathers();

  /** Copies whole slots that are neighbours, in one piece. */
  void copyRun(long[] values, int count, ByteBuffer target, int to);

  /**
   * Whether slots are in memory. Then they can be pinned there, and a slot that no reader can see
   * yet can be filled piece by piece.
   */
  default boolean isInMemory() {
    return false;
  }

  /**
   * Keeps a slot that a reader has just found, inside its epoch, from being used again.
   *
   * @return false if the slot is retired already, or cannot be pinned
   */
  default boolean pin(int slot) {
    return false;
  }

  /** Whether somebody has a slot pinned now. Somebody else may pin it at any time. */
  default boolean isPinned(int slot) {
    return false;
  }

  /**
   * Gives out neighbouring slots to which blocks move that are somewhere else. Memory may become
   * twice as large as what it holds.
   *
   * @param count at most 256
   * @return the first of them, or 0 if there are none, if memory is short, or if slots are not in
   *     memory
   */
  default int neighbours(int count) {
    return 0;
  }

  /** Returns the memory that holds a slot. The slot must be pinned, or no reader can see it yet. */
  default ByteBuffer memory(int slot) {
    throw new UnsupportedOperationException();
  }

  /** Where in {@link #memory} the slot starts. */
  default int position(int slot) {
    throw new UnsupportedOperationException();
  }

  /**
   * Keeps all memory until {@link #letGo}, even if the payload is closed meanwhile. Whoever pins
   * holds it too, once for any number of slots, and begins inside the reader's epoch.
   */
  default void hold() {}

  /** Ends {@link #hold}, after the pins were taken back. */
  default void letGo() {}

  /** Takes back one pin of each slot. */
  default void unpin(int[] slots, int count) {
    throw new UnsupportedOperationException();
  }

  /**
   * Begins to overwrite a slot that is linked and that nobody can reach but through the one entry
   * that names it. Whoever copies it meanwhile waits, and nobody can pin it, until {@link
   * #endOverwrite}. The lock of the entry's volume is held from here to there.
   *
   * @return false, and nothing has begun, if somebody has the slot pinned, or if slots are not
   *     overwritten
   */
  default boolean beginOverwrite(int slot) {
    return false;
  }

  /** Puts a block into a slot after {@link #beginOverwrite}. */
  default void overwrite(int slot, ByteBuffer source, int position) {
    throw new UnsupportedOperationException();
  }

  /** Shows the slot again, with what {@link #overwrite} put there, if anything. */
  default void endOverwrite(int slot) {
    throw new UnsupportedOperationException();
  }

  /** Retires slots that readers may still see. */
  void retireAll(int[] slots, int count);

  /** Frees the wanted slots, which no reader ever saw. */
  void freeAll(long[] values, boolean[] wanted);

  /** Frees a slot that no reader ever saw. */
  void freeOne(long value);

  /** How many slots are neither free nor retired. */
  long slotsInUse();

  void close();
}
