/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.Map;

/**
 * What one client called of one procedure since the array's doors were opened.
 *
 * @param client its address, or a word for all that are not told apart
 * @param program the program's number, unsigned 32 bits
 * @param version the program's version, unsigned 32 bits
 * @param procedure its number
 * @param calls that were given to the program; those still under way count
 * @param refused answers that are no results
 * @param lost executed or not, but never answered
 * @param errorsByStatus answers whose status is not 0, by that word
 * @param callBytes of the calls
 * @param replyBytes of the answers
 * @param latency of the calls that were timed
 */
public record CallFigures(
    String client,
    long program,
    long version,
    int procedure,
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
   * @param p50Nanos half took at most so long
   * @param p99Nanos 99 of 100 took at most so long
   * @param maxNanos the longest
   */
  public record Latency(long count, long p50Nanos, long p99Nanos, long maxNanos) {}
}
