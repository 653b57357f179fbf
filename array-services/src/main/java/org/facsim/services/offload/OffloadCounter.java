/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/** What is counted per volume and client, with the names of the NAS counters of ESXi 9. */
public enum OffloadCounter {
  FULL_CLONE_SUCCESS("fullCloneSuccess"),
  FULL_CLONE_FAILURE("fullCloneFailure"),
  /** Fast file clones are the lazy ones, which are native snapshots. */
  FAST_CLONE_SUCCESS("fastCloneSuccess"),
  FAST_CLONE_FAILURE("fastCloneFailure"),
  EXT_STATS_SUCCESS("extStatsSuccess"),
  EXT_STATS_FAILURE("extStatsFailure"),
  RESERVE_SPACE_SUCCESS("reserveSpaceSuccess"),
  RESERVE_SPACE_FAILURE("reserveSpaceFailure"),
  UNMAP_SUCCESS("unmapSuccess"),
  UNMAP_FAILURE("unmapFailure"),
  UNMAP_GRANULARITY_SUCCESS("unmapGranularitySuccess"),
  UNMAP_GRANULARITY_FAILURE("unmapGranularityFailure"),
  /** The logical bytes of all cloned sources, which hosts did not have to copy. */
  BYTES_CLONED("bytesCloned"),
  /** The bytes that the array copied or zeroed itself: offloaded, but no space was saved. */
  BYTES_COPIED("bytesCopied"),
  /** The mapped bytes that clones share instead of taking space of their own. */
  BYTES_SAVED("bytesSaved"),
  /** The mapped bytes that UNMAPs made holes. */
  BYTES_UNMAPPED("bytesUnmapped"),
  /** Of the bytes unmapped, those that nobody else held, so that their space came back. */
  BYTES_FREED("bytesFreed");

  private final String label;

  OffloadCounter(String label) {
    this.label = label;
  }

  /** The name in JSON, in metrics and for people. */
  public String label() {
    return label;
  }
}
