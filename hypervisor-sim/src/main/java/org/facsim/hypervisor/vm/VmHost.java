/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.time.Clock;
import org.facsim.hypervisor.datastore.LockKeeper;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.guest.GuestTable;

/**
 * What a VM needs of the host that runs it.
 *
 * @param locks the host's locks
 * @param version its release, which decides the format of redo logs
 * @param clock stamps snapshots and log lines
 * @param guests finds the guest of a VM that is registered by its {@code guestOS}
 */
public record VmHost(LockKeeper locks, EsxiVersion version, Clock clock, GuestTable guests) {}
