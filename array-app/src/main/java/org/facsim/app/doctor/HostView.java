/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.doctor;

import java.util.Objects;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.guest.GuestTable;

/**
 * The host through whose eyes the doctor looks.
 *
 * @param name in its calls (AUTH_SYS machine name)
 * @param version its release
 * @param guests how it quiesces them
 */
record HostView(String name, EsxiVersion version, GuestTable guests) {
  HostView {
    Objects.requireNonNull(name);
    Objects.requireNonNull(version);
    Objects.requireNonNull(guests);
  }
}
