/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.facsim.array.log.Batch;

/**
 * Rows of one section of a log in order of their place, owner and then id: where in the log each
 * change starts, four bytes for each. Changes come mostly in order, which costs a comparison each.
 */
final class ChangeOrder {
  private final ByteBuffer log;
  private int[] positions = new int[64];
  private int count;

  /**
   * @param log little-endian; positions are its
   */
  ChangeOrder(ByteBuffer log) {
    this.log = log;
  }

  /** The next change in order of time. */
  void add(int position) {
    if (count == positions.length) {
      positions = Arrays.copyOf(positions, count + (count >> 1));
    }
    positions[count++] = position;
  }

  /** Sorts, and of each place keeps the last. */
  void settle() {
    sort(0, count, new int[count / 2 + 1]);
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (i + 1 == count || compare(positions[i], positions[i + 1]) != 0) {
        positions[kept++] = positions[i];
      }
    }
    count = kept;
  }

  int count() {
    return count;
  }

  int position(int at) {
    return positions[at];
  }

  /** Stable, so the last of a place is the youngest; {@code spare} holds half of it. */
  private void sort(int from, int to, int[] spare) {
    if (to - from < 2) {
      return;
    }
    int middle = (from + to) >>> 1;
    sort(from, middle, spare);
    sort(middle, to, spare);
    if (compare(positions[middle - 1], positions[middle]) <= 0) {
      return;
    }
    int lower = middle - from;
    System.arraycopy(positions, from, spare, 0, lower);
    int next = from;
    int low = 0;
    int high = middle;
    while (low < lower) {
      boolean takesLow = high == to || compare(spare[low], positions[high]) <= 0;
      positions[next++] = takesLow ? spare[low++] : positions[high++];
    }
  }

  private int compare(int one, int other) {
    int byOwner = Long.compare(Batch.ownerAt(log, one), Batch.ownerAt(log, other));
    return byOwner != 0 ? byOwner : Long.compare(Batch.idAt(log, one), Batch.idAt(log, other));
  }
}
