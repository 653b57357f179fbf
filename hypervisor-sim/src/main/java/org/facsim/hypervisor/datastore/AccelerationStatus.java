/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

/** What a host shows as "Hardware Acceleration" of a datastore. */
public enum AccelerationStatus {
  /** The host has not asked the array yet, or it did not answer. */
  UNKNOWN("Unknown"),
  /** At least one primitive works; this need not be the one that a task needs. */
  SUPPORTED("Supported"),
  NOT_SUPPORTED("Not Supported");

  private final String label;

  AccelerationStatus(String label) {
    this.label = label;
  }

  /** As a host prints it. */
  public String label() {
    return label;
  }
}
