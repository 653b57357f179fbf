/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

/**
 * What {@code nfs_load} asks of a server, with the goals of each.
 *
 * <p>The shares are of what {@code nfs_limit} reaches in the same run: four connections with 32
 * calls in flight each; and one call at a time with everything pinned to one processor, where a
 * goal of 0 means that nothing is asked there.
 */
enum NfsWorkload {
  GETATTR("getattr", "GETATTR", 45, 80, 0.5),
  LOOKUP("lookup", "LOOKUP", 40, 0, 0),
  READ_4K("read4k", "4 KiB random read", 35, 65, 2.5),
  WRITE_4K("write4k", "4 KiB random write", 40, 55, 0),
  FILE_SYNC_4K("sync4k", "the same, FILE_SYNC", 38, 0, 0),
  READ_64K("read64k", "64 KiB sequential read", 65, 0, 0),
  READ_1M("read1m", "1 MiB sequential read", 90, 0, 0),
  WRITE_64K("write64k", "64 KiB sequential write", 60, 0, 0),
  WRITE_1M("write1m", "1 MiB sequential write", 80, 0, 0),
  CREATE_REMOVE("create", "create + remove", 30, 75, 0);

  /** As the generator calls it. */
  final String id;

  final String label;
  final int shareGoalPercent;
  final int pinnedShareGoalPercent;

  /** The most CPU of the server for one call, in µs; 0 for no goal. */
  final double cpuGoalMicros;

  NfsWorkload(
      String id,
      String label,
      int shareGoalPercent,
      int pinnedShareGoalPercent,
      double cpuGoalMicros) {
    this.id = id;
    this.label = label;
    this.shareGoalPercent = shareGoalPercent;
    this.pinnedShareGoalPercent = pinnedShareGoalPercent;
    this.cpuGoalMicros = cpuGoalMicros;
  }
}
