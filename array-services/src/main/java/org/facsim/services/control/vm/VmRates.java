/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control.vm;

/**
 * What clients move of a VM's files over NFS, by second, averaged since the look before.
 *
 * @param readOps READs a second
 * @param writeOps WRITEs a second
 * @param readBytes bytes that they read a second
 * @param writeBytes bytes that they wrote a second
 * @param latencyNanos how long a READ or WRITE took in the array on average; 0 if none was timed
 */
public record VmRates(
    double readOps, double writeOps, double readBytes, double writeBytes, double latencyNanos) {
  /** Nothing moves. */
  public static final VmRates NONE = new VmRates(0, 0, 0, 0, 0);

  /** READs and WRITEs a second. */
  public double ops() {
    return readOps + writeOps;
  }

  /** Bytes a second in both directions. */
  public double bytes() {
    return readBytes + writeBytes;
  }

  /** The sum of both; the latency is weighted by operations. */
  public VmRates plus(VmRates other) {
    double all = ops() + other.ops();
    return new VmRates(
        readOps + other.readOps,
        writeOps + other.writeOps,
        readBytes + other.readBytes,
        writeBytes + other.writeBytes,
        all == 0 ? 0 : (latencyNanos * ops() + other.latencyNanos * other.ops()) / all);
  }
}
