/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.facsim.array.log.Batch;

/**
 * The changes of rows of one section of a log, sorted by their place: owner, then id. It keeps four
 * bytes for each change, which say where in the log the change starts. Most changes come in order,
 * which costs one comparison each.
 */
final class ChangeOrder {
  private final ByteBuffer log;
  private int[] positions = new int[64];
  private int count;

  /**
   * @param log the log, little-endian, to which positions refer
   */
  ChangeOrder(ByteBuffer log) {
    this.log = log;
  }

  /** Adds a change. Changes come in the order of time. */
  void add(int position) {
    if (count == positions.length) {
      positions = Arrays.copyOf(positions, count + (count >> 1));
    }
    positions[count++] = position;
  }

  /** Sorts the changes, and keeps only the last one of each place. */
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

  /**
   * The sort is stable, so the last change of a place is the youngest. {@code spare} has room for
   * half of the range.
   */
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
