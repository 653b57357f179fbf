/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import org.facsim.array.Inode;

/** Many clones of one file: how long they take and what host memory each costs. */
final class ManyClones {
  private static final double MAX_SECONDS = 5;
  private static final double MAX_BYTES = 500;

  private ManyClones() {}

  static void measure(Scale scale, Goals goals) {
    String count = Goals.text("%,d clones of one file", scale.clones());
    try (ArrayUnderTest under = new ArrayUnderTest()) {
      Inode source = under.createOfWords("source", 16);
      HostBytes before = HostBytes.now();
      long start = System.nanoTime();
      for (int i = 0; i < scale.clones(); i++) {
        under.cloneAs(source, "clone-" + i);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      HostBytes cost = HostBytes.now().since(before);
      double each = cost.total() / (double) scale.clones();
      goals.add(count, "< 5 s", Goals.text("%.2f s", seconds), seconds < MAX_SECONDS);
      goals.add(
          "host memory of each, with inode and directory entry",
          "< 500 B",
          Goals.text(
              "%.0f B (heap %.0f, direct %.0f)",
              each, cost.heap() / (double) scale.clones(), cost.direct() / (double) scale.clones()),
          each < MAX_BYTES);
    }
  }
}
