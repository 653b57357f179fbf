/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.mover;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Finds the first word that is not as expected, at the speed of memory. */
final class WordSearch {
  // Small enough to stay in the first-level cache during the comparison with a large buffer.
  private static final int ZEROS_BYTES = 16 << 10;
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(ZEROS_BYTES).asReadOnlyBuffer();

  private WordSearch() {}

  /**
   * Compares data with one word.
   *
   * @param lengthBytes a positive multiple of 8
   * @return the index of the first byte of the first word that differs, relative to {@code index},
   *     or -1
   */
  static int firstDifference(ByteBuffer data, int index, int lengthBytes, long word) {
    ByteBuffer little = data.slice(index, lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
    if (word == 0) {
      int zeros = firstNonZero(little, 0, lengthBytes);
      return zeros == lengthBytes ? -1 : zeros / Long.BYTES * Long.BYTES;
    }
    if (little.getLong(0) != word) {
      return 0;
    }
    // If the data equals itself shifted by one word, all words equal the first one.
    int rest = lengthBytes - Long.BYTES;
    int mismatch = little.slice(0, rest).mismatch(little.slice(Long.BYTES, rest));
    return mismatch < 0 ? -1 : mismatch / Long.BYTES * Long.BYTES + Long.BYTES;
  }

  /** The index of the first byte at or after {@code from} that is not 0, or {@code to}. */
  static int firstNonZero(ByteBuffer data, int from, int to) {
    int at = from;
    while (at < to) {
      int count = Math.min(to - at, ZEROS_BYTES);
      int mismatch = data.slice(at, count).mismatch(ZEROS.slice(0, count));
      if (mismatch >= 0) {
        return at + mismatch;
      }
      at += count;
    }
    return to;
  }

  /** The readable bytes as one NIO buffer, without a copy if the buffer is in one piece. */
  static ByteBuffer view(ByteBuf data) {
    return data.nioBuffer(data.readerIndex(), data.readableBytes());
  }
}
