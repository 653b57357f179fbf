/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.time.Instant;
import java.util.Map;

/**
 * What happened between two looks, by second, and how the space stood at the second one.
 *
 * @param sequence counts up by one
 * @param at when
 * @param intervalMillis how long after the sample before it
 * @param readOps READs a second
 * @param writeOps WRITEs a second
 * @param otherOps all other calls a second, of all programs
 * @param errors answers with an error a second
 * @param readBytes bytes that clients read a second
 * @param writeBytes bytes that clients wrote a second
 * @param readLatencyNanos how long a READ took in the array on average, from its arrival to its
 *     answer; 0 if none was timed
 * @param writeLatencyNanos likewise of WRITEs
 * @param otherLatencyNanos likewise of all other calls
 * @param hostReadLatencyNanos how long a READ took on average as the hosts saw it whose figures are
 *     known ({@link HostIoSources}); 0 if none of them had one answered
 * @param hostWriteLatencyNanos likewise of WRITEs
 * @param offloads by how much the NAS counters grew, those that grew, by their labels
 * @param physicalUsedBytes of all volumes
 * @param provisionedBytes the sizes of all files
 * @param referencedBytes what they map
 * @param savedBytes what sharing saves
 * @param reservedBytes promised to files
 */
public record RateSample(
    long sequence,
    Instant at,
    long intervalMillis,
    double readOps,
    double writeOps,
    double otherOps,
    double errors,
    double readBytes,
    double writeBytes,
    double readLatencyNanos,
    double writeLatencyNanos,
    double otherLatencyNanos,
    double hostReadLatencyNanos,
    double hostWriteLatencyNanos,
    Map<String, Long> offloads,
    long physicalUsedBytes,
    long provisionedBytes,
    long referencedBytes,
    long savedBytes,
    long reservedBytes) {
  public RateSample {
    offloads = Map.copyOf(offloads);
  }
}
