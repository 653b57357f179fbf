/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

/**
 * The VAAI-NAS counters of a datastore, which ESXi 9 shows under {@code
 * /vmkModules/nfsclient/mnt/LABEL/vaaistats}. Names and order are the field's, as far as they are
 * published; the array counts fast clones under the same name.
 */
public enum VaaiCounter {
  FULL_CLONE_SUCCESS("fullCloneSuccess"),
  FULL_CLONE_FAILURE("fullCloneFailure"),
  FAST_CLONE_SUCCESS("fastCloneSuccess"),
  FAST_CLONE_FAILURE("fastCloneFailure"),
  RESERVE_SPACE_SUCCESS("reserveSpaceSuccess"),
  RESERVE_SPACE_FAILURE("reserveSpaceFailure"),
  EXT_STATS_SUCCESS("extStatsSuccess"),
  EXT_STATS_FAILURE("extStatsFailure"),
  UNMAP_SUCCESS("unmapSuccess"),
  UNMAP_FAILURE("unmapFailure"),
  /** UNMAPs that were taken back before they were sent. */
  UNMAP_CANCEL_SUCCESS("unmapCancelSuccess"),
  /** UNMAPs that a reset of the virtual disk took back. */
  UNMAP_RESET_SUCCESS("unmapResetSuccess"),
  UNMAP_GRANULARITY_SUCCESS("unmapGranularitySuccess"),
  UNMAP_GRANULARITY_FAILURE("unmapGranularityFailure"),
  UNMAP_GRANULARITY_CANCEL_SUCCESS("unmapGranularityCancelSuccess"),
  UNMAP_GRANULARITY_CANCEL_FAILURE("unmapGranularityCancelFailure");

  private final String label;

  VaaiCounter(String label) {
    this.label = label;
  }

  /** The name that the host prints. */
  public String label() {
    return label;
  }
}
