/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

/**
 * What {@code nfs_load} asks of a server, with the goals of each.
 *
 * <p>The shares are of what {@code nfs_limit} reaches in the same run: four connections with 32
 * calls in flight each; and one call at a time with everything pinned to one processor. A goal of 0
 * means that nothing is asked there.
 */
enum NfsWorkload {
  GETATTR("getattr", "GETATTR", 45, 0, 80, 0.5, 0.5),
  LOOKUP("lookup", "LOOKUP", 40, 0, 0, 0, 0),
  READ_4K("read4k", "4 KiB random read", 35, 70, 65, 2.5, 2.5),
  WRITE_4K("write4k", "4 KiB random write", 40, 60, 55, 0, 0),
  FILE_SYNC_4K("sync4k", "the same, FILE_SYNC", 38, 0, 0, 0, 0),
  READ_64K("read64k", "64 KiB sequential read", 65, 98, 0, 13.1, 21.7),
  READ_1M("read1m", "1 MiB sequential read", 90, 98, 0, 198, 297),
  WRITE_64K("write64k", "64 KiB sequential write", 60, 80, 0, 19.5, 21.9),
  WRITE_1M("write1m", "1 MiB sequential write", 80, 80, 0, 310, 356),
  CREATE_REMOVE("create", "create + remove", 30, 50, 75, 0, 0);

  /** As the generator calls it. */
  final String id;

  final String label;

  /** Of the limit that drops its data. */
  final int shareGoalPercent;

  /** Of the limit that keeps its data. */
  final int keepShareGoalPercent;

  final int pinnedShareGoalPercent;

  /**
   * The most CPU of the server for one call, in µs, while the file is in order; 0 for no goal. For
   * bulk it is 0.85 of what it was before anything was done for bulk.
   */
  private final double orderedCpuGoalMicros;

  /** The same after random overwrites. */
  private final double scatteredCpuGoalMicros;

  NfsWorkload(
      String id,
      String label,
      int shareGoalPercent,
      int keepShareGoalPercent,
      int pinnedShareGoalPercent,
      double orderedCpuGoalMicros,
      double scatteredCpuGoalMicros) {
    this.id = id;
    this.label = label;
    this.shareGoalPercent = shareGoalPercent;
    this.keepShareGoalPercent = keepShareGoalPercent;
    this.pinnedShareGoalPercent = pinnedShareGoalPercent;
    this.orderedCpuGoalMicros = orderedCpuGoalMicros;
    this.scatteredCpuGoalMicros = scatteredCpuGoalMicros;
  }

  /**
   * The most CPU of the server for one call, in µs; 0 for no goal.
   *
   * @param scattered whether the file was overwritten at random before
   */
  double cpuGoalMicros(boolean scattered) {
    return scattered ? scatteredCpuGoalMicros : orderedCpuGoalMicros;
  }

  /** Whether it goes through the file from its beginning to its end. */
  boolean isBulk() {
    return switch (this) {
      case READ_64K, READ_1M, WRITE_64K, WRITE_1M -> true;
      case GETATTR, LOOKUP, READ_4K, WRITE_4K, FILE_SYNC_4K, CREATE_REMOVE -> false;
    };
  }

  /** Whether it leaves the file's blocks elsewhere than in the order of the file. */
  boolean scatters() {
    return this == WRITE_4K || this == FILE_SYNC_4K;
  }
}
