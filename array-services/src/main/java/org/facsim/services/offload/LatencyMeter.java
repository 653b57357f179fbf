/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/**
 * Collects how long something took, from any thread. What it is made of is chosen by whoever puts
 * the array together, so that the figures are of one kind with those of all other calls.
 */
public interface LatencyMeter {
  /**
   * Adds one duration.
   *
   * @param nanos a negative one counts as none: clocks differ between cores
   */
  void record(long nanos);

  /** Everything so far; what is recorded meanwhile may be in it in part. */
  OffloadStatistics.Latency read();
}
