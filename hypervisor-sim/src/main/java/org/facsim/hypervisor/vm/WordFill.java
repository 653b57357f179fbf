/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.guest.DiskContents.Span;

/** Fills blocks with one repeated word, at the speed of memory. */
final class WordFill {
  private static final int WORDS_PER_BLOCK = DiskContents.BLOCK_BYTES / Long.BYTES;

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
}
