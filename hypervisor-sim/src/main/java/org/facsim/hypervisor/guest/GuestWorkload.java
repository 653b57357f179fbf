/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

import java.util.List;

/**
 * What a running guest does to its disks, as a function of time. It does no I/O and knows no clock:
 * whoever runs guests asks what is due. Only one thread at a time may use it.
 */
public interface GuestWorkload {
  /** When the next I/O is due, in nanoseconds since the guest started. */
  long nextDueNanos();

  /**
   * Takes the I/O that is due. A guest that was held up for long does not catch up with all that it
   * missed: at most {@link SteadyWorkload#MAX_TURNS} turns come at once, the earlier ones are left
   * out.
   *
   * @param elapsedNanos since the guest started; never less than before
   * @return in order; empty if nothing is due
   */
  List<GuestIo> takeDue(long elapsedNanos);

  /**
   * A guest that uses its disks steadily. The same arguments give the same I/O at the same times.
   *
   * @param diskBytes the capacity of each disk, in order; 1 or more
   * @param seed decides where and when, within the profile
   */
  static GuestWorkload steady(WorkloadProfile profile, List<Long> diskBytes, long seed) {
    return new SteadyWorkload(profile, diskBytes, seed);
  }
}
