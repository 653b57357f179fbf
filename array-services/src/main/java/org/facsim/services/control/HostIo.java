/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

/**
 * READs and WRITEs as hosts saw them, from the moment at which a host had one to send until it had
 * the answer. What the array knows of the same calls begins when they arrive, so the difference is
 * what hosts and the network added. The figures only grow, as long as the same hosts are there.
 *
 * @param reads READs that were answered
 * @param readNanos what they took together
 * @param writes WRITEs that were answered
 * @param writeNanos what they took together
 */
public record HostIo(long reads, long readNanos, long writes, long writeNanos) {
  /** No host was heard. */
  public static final HostIo NONE = new HostIo(0, 0, 0, 0);

  /** The sum of both. */
  public HostIo plus(HostIo more) {
    return new HostIo(
        reads + more.reads,
        readNanos + more.readNanos,
        writes + more.writes,
        writeNanos + more.writeNanos);
  }

  /** How long a READ took on average since an earlier moment; 0 if none was answered. */
  double readLatencySince(HostIo earlier) {
    return mean(readNanos - earlier.readNanos, reads - earlier.reads);
  }

  /** Likewise of WRITEs. */
  double writeLatencySince(HostIo earlier) {
    return mean(writeNanos - earlier.writeNanos, writes - earlier.writes);
  }

  /** Both are less than 0 when hosts are gone whose figures were in the earlier sum. */
  private static double mean(long nanos, long calls) {
    return calls <= 0 || nanos <= 0 ? 0 : (double) nanos / calls;
  }
}
