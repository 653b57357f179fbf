/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.Map;
import java.util.TreeMap;

/**
 * What one client called of one procedure since the server started.
 *
 * @param client its address without the port, or {@link CallStatistics#OTHERS}
 * @param program the program's number, unsigned 32 bits
 * @param version the program's version
 * @param procedure its number, or {@link CallStatistics#OTHER_PROCEDURES}
 * @param calls that were given to the program; those still under way count
 * @param errorsByStatus answers whose status word is not 0, by that word; beyond some twenty words
 *     of one procedure the rest stands under {@link CallStatistics#OTHER_STATUS}
 * @param refused answers that are no results: malformed arguments, unknown procedure, a credential
 *     that is not taken, a defect
 * @param lost executed or not, but never answered
 * @param callBytes of the records that brought the calls, without marks
 * @param replyBytes of the records that took the answers, marks included
 * @param latency from the decoding of arguments to the encoded answer. Every call that was put off
 *     is timed, the first hundred or so of a procedure, and a random eighth of the others
 */
public record CallCounts(
    String client,
    int program,
    int version,
    int procedure,
    long calls,
    Map<Integer, Long> errorsByStatus,
    long refused,
    long lost,
    long callBytes,
    long replyBytes,
    LatencyHistogram latency) {
  public CallCounts {
    errorsByStatus = Map.copyOf(errorsByStatus);
  }

  /** Answers with a status other than 0, and refusals. */
  public long errors() {
    return refused + errorsByStatus.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Both together, under the first one's client, program, version and procedure. */
  public CallCounts plus(CallCounts other) {
    Map<Integer, Long> errors = new TreeMap<>(errorsByStatus);
    other.errorsByStatus.forEach((status, count) -> errors.merge(status, count, Long::sum));
    return new CallCounts(
        client,
        program,
        version,
        procedure,
        calls + other.calls,
        errors,
        refused + other.refused,
        lost + other.lost,
        callBytes + other.callBytes,
        replyBytes + other.replyBytes,
        latency.plus(other.latency));
  }
}
