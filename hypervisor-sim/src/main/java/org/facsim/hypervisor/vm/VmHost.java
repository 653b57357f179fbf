/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.time.Clock;
import org.facsim.hypervisor.datastore.LockKeeper;
import org.facsim.hypervisor.guest.EsxiVersion;

/**
 * What a VM needs of the host that runs it.
 *
 * @param locks the host's locks
 * @param version its release, which decides the format of redo logs
 * @param clock stamps snapshots and log lines
 */
public record VmHost(LockKeeper locks, EsxiVersion version, Clock clock) {}
