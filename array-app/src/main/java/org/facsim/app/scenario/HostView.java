/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.List;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.datastore.HardwareAcceleration;

/** What a host tells of itself, in one place. */
final class HostView {
  private HostView() {}

  /** The lines of its vmkernel.log so far. */
  static List<String> logLines(SimulatedHost host) {
    return host.log().lines();
  }

  /** The datastore's line "Hardware Acceleration". */
  static String accelerationStatus(HardwareAcceleration acceleration) {
    return acceleration.shownAsSupported() ? "Supported" : "Not Supported";
  }
}
