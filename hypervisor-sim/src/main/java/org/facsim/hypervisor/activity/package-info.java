/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Guests at work. {@link org.facsim.hypervisor.activity.GuestActivity} runs the {@link
 * org.facsim.hypervisor.guest.GuestWorkload}s of any number of virtual machines by the host's time.
 *
 * <p>May see {@code vm}, {@code guest}, {@code datastore} and {@code time}.
 */
package org.facsim.hypervisor.activity;
