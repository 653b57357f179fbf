/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

/**
 * What a host counts per datastore, with the names of {@code vsish -e get
 * /vmkModules/nfsclient/mnt/LABEL/vaaistats} of ESXi 9.
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
  UNMAP_CANCEL_SUCCESS("unmapCancelSuccess"),
  UNMAP_CANCEL_FAILURE("unmapCancelFailure"),
  UNMAP_RESET_SUCCESS("unmapResetSuccess"),
  UNMAP_RESET_FAILURE("unmapResetFailure"),
  UNMAP_GRANULARITY_SUCCESS("unmapGranularitySuccess"),
  UNMAP_GRANULARITY_FAILURE("unmapGranularityFailure"),
  UNMAP_GRANULARITY_CANCEL_SUCCESS("unmapGranularityCancelSuccess"),
  UNMAP_GRANULARITY_CANCEL_FAILURE("unmapGranularityCancelFailure");

  private final String label;

  VaaiCounter(String label) {
    this.label = label;
  }

  /** The name that a host prints. */
  public String label() {
    return label;
  }
}
