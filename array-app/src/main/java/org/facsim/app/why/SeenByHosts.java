/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.why;

import java.util.Collection;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.IoSample;
import org.facsim.services.control.HostIo;

/** Tells an array what simulated hosts saw of their READs and WRITEs. */
public final class SeenByHosts {
  private SeenByHosts() {}

  /** The sum over all datastores of some hosts. Asks no server. Thread-safe. */
  public static HostIo of(Collection<SimulatedHost> hosts) {
    HostIo sum = HostIo.NONE;
    for (SimulatedHost host : hosts) {
      for (Datastore datastore : host.datastores()) {
        sum = sum.plus(of(datastore.ioTotal()));
      }
    }
    return sum;
  }

  private static HostIo of(IoSample seen) {
    return new HostIo(
        seen.counters().readCalls(),
        seen.readNanos(),
        seen.counters().writeCalls(),
        seen.writeNanos());
  }
}
