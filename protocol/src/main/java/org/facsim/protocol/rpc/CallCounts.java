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
 * @param calls calls that were given to the program, including those still under way
 * @param errorsByStatus answers whose status word is not 0, by that word; when a procedure has some
 *     twenty words already, others count under {@link CallStatistics#OTHER_STATUS}
 * @param refused answers without results: malformed arguments, unknown procedure, a refused
 *     credential, a defect
 * @param lost calls that were never answered, executed or not
 * @param callBytes bytes of the RPC records of the calls, without marks
 * @param replyBytes bytes of the RPC records of the answers, with marks
 * @param latency from the decoding of the arguments to the encoded answer. Timed are every call
 *     whose answer was put off, the first hundred or so calls of a procedure, and a random eighth
 *     of the others
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

  /** The sum of both, under this object's client, program, version and procedure. */
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
