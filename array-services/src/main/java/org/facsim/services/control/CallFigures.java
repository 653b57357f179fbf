/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.Map;

/**
 * One client's calls of one procedure since the array's doors were opened.
 *
 * @param client its address, or a word for all clients that are counted together
 * @param program the program's number, unsigned 32 bits
 * @param version the program's version, unsigned 32 bits
 * @param procedure its number
 * @param procedureName its name in the protocol; its number if it has none
 * @param calls the calls that were given to the program, including those under way
 * @param refused the answers that are not results
 * @param lost the calls that were never answered, whether they were executed or not
 * @param errorsByStatus the answers whose status is not 0, by status
 * @param callBytes the bytes of the calls
 * @param replyBytes the bytes of the answers
 * @param latency the latency of the calls that were timed
 */
public record CallFigures(
    String client,
    long program,
    long version,
    int procedure,
    String procedureName,
    long calls,
    long refused,
    long lost,
    Map<Integer, Long> errorsByStatus,
    long callBytes,
    long replyBytes,
    Latency latency) {
  public CallFigures {
    errorsByStatus = Map.copyOf(errorsByStatus);
  }

  /** Answers with a status other than 0, and refusals. */
  public long errors() {
    return refused + errorsByStatus.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * How long calls took.
   *
   * @param count how many were timed
   * @param sumNanos what they took together
   * @param p50Nanos the median
   * @param p99Nanos the 99th percentile
   * @param maxNanos the longest
   */
  public record Latency(long count, long sumNanos, long p50Nanos, long p99Nanos, long maxNanos) {}
}
