/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

/** How consistent the state is that a VM snapshot freezes. */
public enum QuiesceLevel {
  /** As after a power failure. */
  NONE("none"),
  /** The guest flushed its file systems. */
  FILE_SYSTEM("file-system"),
  /** Applications made their state consistent through their VSS writers. */
  APPLICATION("application");

  private final String label;

  QuiesceLevel(String label) {
    this.label = label;
  }

  /** {@code none}, {@code file-system} or {@code application}. */
  public String label() {
    return label;
  }
}
