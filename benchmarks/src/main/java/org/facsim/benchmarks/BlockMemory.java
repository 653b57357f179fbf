/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import org.facsim.array.Volume;

/** Host memory of a mapped block beside its payload. */
final class BlockMemory {
  private static final double MAX_BYTES = 36;
  private static final int BLOCKS_OF_MIB = ArrayUnderTest.MIB / Volume.BLOCK_BYTES;

  private BlockMemory() {}

  /** Maps the shared files, the largest last, so this comes before all that uses them. */
  static void measureWords(Scale scale, Goals goals) {
    SharedFiles.array();
    for (int mib : scale.mappedMib()) {
      HostBytes before = HostBytes.now();
      long start = System.nanoTime();
      SharedFiles.ofSize(mib);
      double seconds = (System.nanoTime() - start) / 1e9;
      HostBytes cost = HostBytes.now().since(before);
      double blocks = (double) mib * BLOCKS_OF_MIB;
      double each = cost.total() / blocks;
      goals.add(
          "host memory of an equal-word block, " + Goals.size(mib) + " mapped",
          "<= 36 B",
          Goals.text("%.1f B (direct %.1f)", each, cost.direct() / blocks),
          each <= MAX_BYTES);
      goals.note(
          "mapping these " + Goals.size(mib) + " in requests of 1 MiB",
          Goals.text("%.1f s, %.1f GiB/s", seconds, mib / 1024.0 / seconds));
    }
  }

  static void measurePayload(Scale scale, Goals goals) {
    try (ArrayUnderTest under = new ArrayUnderTest()) {
      HostBytes before = HostBytes.now();
      int mib = scale.payloadMemoryMib();
      under.createOfBytes("file", mib);
      double blocks = (double) mib * BLOCKS_OF_MIB;
      HostBytes cost = HostBytes.now().since(before);
      double each = cost.total() / blocks - Volume.BLOCK_BYTES;
      goals.add(
          "host memory of a block with bytes beside them, " + Goals.size(mib) + " mapped",
          "<= 36 B",
          Goals.text("%.1f B (direct %.1f)", each, cost.direct() / blocks - Volume.BLOCK_BYTES),
          each <= MAX_BYTES);
    }
  }
}
