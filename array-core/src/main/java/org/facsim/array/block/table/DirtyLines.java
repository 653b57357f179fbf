/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.table;

import java.util.Arrays;

/**
 * Says which lines of 32 bytes of a table changed since the last cut. It is a set with a list, so
 * that marking and going through it cost what changed and not what is there. The volume's lock
 * guards it.
 */
public final class DirtyLines {
  private static final int LINE_SHIFT = 5;

  /** The most that a line takes in a batch: the line, and where it is. */
  public static final int CUT_BYTES = (1 << LINE_SHIFT) + 25;

  private static final int MAX_RUN_LINES = 4096 >> LINE_SHIFT;

  /** Receives a piece of the table. */
  interface Pieces {
    void piece(long offsetBytes, int lengthBytes);
  }

  private long[] bits = new long[64];
  private int[] lines = new int[64];
  private int count;

  void mark(long offsetBytes, int lengthBytes) {
    int first = Math.toIntExact(offsetBytes >>> LINE_SHIFT);
    int last = Math.toIntExact((offsetBytes + lengthBytes - 1) >>> LINE_SHIFT);
    for (int line = first; line <= last; line++) {
      int word = line >>> 6;
      if (word >= bits.length) {
        bits = Arrays.copyOf(bits, Math.max(word + 1, bits.length * 2));
      }
      long bit = 1L << line;
      if ((bits[word] & bit) == 0) {
        if (count == lines.length) {
          lines = Arrays.copyOf(lines, count * 2);
        }
        bits[word] |= bit; // last, so that no line is marked without being in the list
        lines[count++] = line;
      }
    }
  }

  public int count() {
    return count;
  }

  /**
   * Tells all dirty pieces in order, none of them across a multiple of 4 KiB, and forgets them when
   * all were taken.
   */
  void drain(Pieces pieces) {
    Arrays.sort(lines, 0, count);
    int at = 0;
    while (at < count) {
      int first = lines[at];
      int next = at + 1;
      while (next < count
          && lines[next] == first + (next - at)
          && lines[next] % MAX_RUN_LINES != 0) {
        next++;
      }
      pieces.piece((long) first << LINE_SHIFT, (next - at) << LINE_SHIFT);
      at = next;
    }
    for (int i = 0; i < count; i++) {
      bits[lines[i] >>> 6] = 0;
    }
    count = 0;
  }
}
