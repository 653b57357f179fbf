/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.util.HashMap;
import java.util.Map;
import org.facsim.array.Inode;

/**
 * Large files of equal-word blocks, made once per JVM: mapping a tebibyte takes a minute or more
 * and 8 GiB, so all that look at its size share one. Not thread-safe.
 */
final class SharedFiles {
  private static final Map<Integer, Inode> FILES = new HashMap<>();
  private static ArrayUnderTest array;

  private SharedFiles() {}

  static ArrayUnderTest array() {
    if (array == null) {
      array = new ArrayUnderTest();
    }
    return array;
  }

  static String name(int mib) {
    return "mapped-" + mib;
  }

  static Inode ofSize(int mib) {
    ArrayUnderTest holder = array();
    return FILES.computeIfAbsent(mib, size -> holder.createOfWords(name(size), size));
  }

  /** Gives the memory of all of them back. */
  static void close() {
    if (array != null) {
      array.close();
      array = null;
      FILES.clear();
    }
  }
}
