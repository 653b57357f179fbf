/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The time of simulated hosts. {@link org.facsim.hypervisor.time.HostTime} is what heartbeats, lock
 * refreshes, timers, polls and timeouts go by: the machine's time, or {@link
 * org.facsim.hypervisor.time.SteppedTime}, which passes when a test or a scenario says so.
 *
 * <p>May see nothing; used by all of a host's packages.
 */
package org.facsim.hypervisor.time;
