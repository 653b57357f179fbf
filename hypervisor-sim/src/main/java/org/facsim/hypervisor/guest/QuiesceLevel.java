/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

/** How consistent the state is that a snapshot freezes. */
public enum QuiesceLevel {
  /** As after a power cut. */
  NONE("none"),
  /** File systems flushed. */
  FILE_SYSTEM("file-system"),
  /** Applications asked for a consistent state through their VSS writers. */
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
