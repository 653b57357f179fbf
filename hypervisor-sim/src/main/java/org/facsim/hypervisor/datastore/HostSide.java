/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.Objects;
import org.facsim.hypervisor.log.VmkernelLog;
import org.facsim.hypervisor.time.HostTime;

/**
 * What all datastores of one host have in common.
 *
 * @param hostName the name in the host's locks and calls (AUTH_SYS machine name)
 * @param time that heartbeats, locks, timers and timeouts go by
 * @param settings read each time that they are needed
 * @param log of what happens to its datastores
 * @param patience with the array
 */
public record HostSide(
    String hostName, HostTime time, AdvancedSettings settings, VmkernelLog log, Patience patience) {
  public HostSide {
    Objects.requireNonNull(hostName);
    Objects.requireNonNull(time);
    Objects.requireNonNull(settings);
    Objects.requireNonNull(log);
    Objects.requireNonNull(patience);
  }

  /** A host with default settings and an empty log. */
  public static HostSide of(String hostName, HostTime time, Patience patience) {
    return new HostSide(
        hostName,
        time,
        new AdvancedSettings(),
        new VmkernelLog(hostName, time, VmkernelLog.DEFAULT_LINES),
        patience);
  }
}
