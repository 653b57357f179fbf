/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

import java.util.Locale;

/** Who holds the guest still while a snapshot is taken. */
public enum QuiescedBy {
  NOBODY("nobody"),
  SYNC_DRIVER("the Tools sync driver"),
  VSS("VSS"),
  VSS_HARDWARE_PROVIDER("VSS with the hardware snapshot provider");

  private final String displayName;

  QuiescedBy(String displayName) {
    this.displayName = displayName;
  }

  public String displayName() {
    return displayName;
  }

  /** As files and JSON spell it, such as {@code vss-hardware-provider}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
