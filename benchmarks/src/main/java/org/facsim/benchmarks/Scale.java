/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.util.List;

/**
 * How large the table's measurements are: full for the figures, small to see that they still run.
 *
 * @param mappedMib sizes of files that are cloned and asked for their ledger, growing
 * @param guestMib the article's disk
 * @param clones how many clones of one file
 * @param payloadMib the file for measurements with bytes
 * @param payloadMemoryMib the file for the memory that blocks with bytes need
 * @param displacedMib the range cloned to another offset
 * @param lockProbeMib the file whose reclaim is watched for long lock holds
 * @param mixedMillis how long readers are watched
 * @param stableMib the disk that stable writes overwrite
 * @param restartFiles files that a restart finds
 * @param restartMib what they map together
 * @param quick whether JMH runs without forks and without warm-up
 */
record Scale(
    List<Integer> mappedMib,
    int guestMib,
    int clones,
    int payloadMib,
    int payloadMemoryMib,
    int displacedMib,
    int lockProbeMib,
    int mixedMillis,
    int stableMib,
    int restartFiles,
    int restartMib,
    boolean quick) {
  static final Scale FULL =
      new Scale(
          List.of(1024, 16_896, 1 << 20),
          16_896,
          1_000_000,
          1024,
          8192,
          1024,
          64 << 10,
          3000,
          256,
          1_000_000,
          100 << 10,
          false);

  /** Full, but with a largest file of this many GiB, and a tenth of the restart. */
  static Scale upTo(int gib) {
    return new Scale(
        List.of(1024, 16_896, gib << 10),
        FULL.guestMib,
        FULL.clones,
        FULL.payloadMib,
        FULL.payloadMemoryMib,
        FULL.displacedMib,
        Math.min(gib << 10, FULL.lockProbeMib),
        FULL.mixedMillis,
        FULL.stableMib,
        FULL.restartFiles / 10,
        FULL.restartMib / 10,
        false);
  }

  /** The same with another array to restart. */
  Scale withRestart(int files, int mib) {
    return new Scale(
        mappedMib,
        guestMib,
        clones,
        payloadMib,
        payloadMemoryMib,
        displacedMib,
        lockProbeMib,
        mixedMillis,
        stableMib,
        files,
        mib,
        quick);
  }

  /** The largest file. */
  int largestMib() {
    return mappedMib.get(mappedMib.size() - 1);
  }
}
