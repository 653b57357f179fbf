/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.payload;

import java.util.Arrays;

/** A growing list of slots or payload values. Not thread-safe. */
final class SlotList {
  long[] values = new long[16];
  int count;

  void add(long value) {
    if (count == values.length) {
      values = Arrays.copyOf(values, count * 2);
    }
    values[count++] = value;
  }

  void addAll(SlotList others) {
    for (int i = 0; i < others.count; i++) {
      add(others.values[i]);
    }
  }
}
