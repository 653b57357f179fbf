/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/**
 * Collects how long something took, from any thread. The assembly of the array chooses the
 * implementation, so that these figures are of the same kind as those of all other calls.
 */
public interface LatencyMeter {
  /**
   * Adds one duration.
   *
   * @param nanos a negative value counts as 0, because clocks differ between cores
   */
  void record(long nanos);

  /** What was recorded so far; a duration that is recorded meanwhile may be in it in part. */
  OffloadStatistics.Latency read();
}
