/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;
import org.facsim.hypervisor.DiskContents.Span;

/** Filling and comparing blocks of one repeated word, at the speed of memory. */
final class WordFill {
  private static final int WORDS_PER_BLOCK = DiskContents.BLOCK_BYTES / Long.BYTES;
  // Small enough to stay in the first-level cache while it is compared with a large buffer.
  private static final int ZEROS_BYTES = 16 << 10;
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(ZEROS_BYTES).asReadOnlyBuffer();

  private final long[] block = new long[WORDS_PER_BLOCK];

  /** Fills {@code target} from its start with what a disk holds at an offset. */
  void fill(DiskContents contents, long diskOffsetBytes, ByteBuffer target) {
    LongBuffer words = target.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    for (Span span : contents.spans(diskOffsetBytes, target.remaining())) {
      Arrays.fill(block, span.word());
      int left = (int) (span.lengthBytes() / Long.BYTES);
      while (left > 0) {
        int count = Math.min(left, WORDS_PER_BLOCK);
        words.put(block, 0, count);
        left -= count;
      }
    }
  }

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
    // Equal to itself shifted by one word: all words are the first one.
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

  /** The readable bytes as one NIO buffer, without a copy where the buffer is in one piece. */
  static ByteBuffer view(ByteBuf data) {
    return data.nioBuffer(data.readerIndex(), data.readableBytes());
  }
}
