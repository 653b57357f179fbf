/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.table;

import java.nio.ByteBuffer;

/** Blocks whose 512 eight-byte words are all equal. A word's first byte is its lowest. */
public final class Words {
  /** How many zeros lie side by side. */
  public static final int ZEROS_BYTES = 64 << 10;

  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(ZEROS_BYTES);

  private Words() {}

  /** Whether the block at a position is one repeated word, which is {@link #first}. */
  public static boolean isUniform(ByteBuffer buffer, int position) {
    long first = first(buffer, position);
    int last = position + BlockTable.BLOCK_BYTES - Long.BYTES;
    if (first != (long) RecordTable.LONG.get(buffer, position + Long.BYTES)
        || first != (long) RecordTable.LONG.get(buffer, last)) {
      return false;
    }
    // It equals itself one word further on. The JVM compares 32 bytes at a time.
    ByteBuffer here = buffer.duplicate().clear().limit(last).position(position);
    ByteBuffer further =
        buffer.duplicate().clear().limit(last + Long.BYTES).position(position + Long.BYTES);
    return here.mismatch(further) < 0;
  }

  public static long first(ByteBuffer buffer, int position) {
    return (long) RecordTable.LONG.get(buffer, position);
  }

  /**
   * Fills with a repeated word.
   *
   * @param phase which byte of the word comes first, 0 to 7
   */
  public static void fill(ByteBuffer target, int position, int lengthBytes, long word, int phase) {
    if (word == 0) {
      zero(target, position, lengthBytes);
      return;
    }
    long turned = Long.rotateRight(word, phase * Byte.SIZE);
    int end = position + lengthBytes;
    int at = position;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      RecordTable.LONG.set(target, at, turned);
    }
    for (; at < end; at++) {
      target.put(at, (byte) turned);
      turned = Long.rotateRight(turned, Byte.SIZE);
    }
  }

  /** Returns zeros to read, at most a block of them. */
  public static ByteBuffer zeros(int lengthBytes) {
    return ZEROS.duplicate().clear().limit(lengthBytes);
  }

  /** Returns {@link #ZEROS_BYTES} of zeros, which callers must not change. */
  public static ByteBuffer zeroMemory() {
    return ZEROS;
  }

  public static void zero(ByteBuffer target, int position, int lengthBytes) {
    int at = position;
    int rest = lengthBytes;
    while (rest > 0) {
      int step = Math.min(rest, ZEROS_BYTES);
      target.put(at, ZEROS, 0, step);
      at += step;
      rest -= step;
    }
  }
}
