/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/** What is counted per volume and client, with the names of the NAS counters of ESXi 9. */
public enum OffloadCounter {
  FULL_CLONE_SUCCESS("fullCloneSuccess", "Full clones that the array made"),
  FULL_CLONE_FAILURE("fullCloneFailure", "Full clones that were refused or failed"),
  FAST_CLONE_SUCCESS("fastCloneSuccess", "Fast (lazy) clones that the array made"),
  FAST_CLONE_FAILURE("fastCloneFailure", "Fast (lazy) clones that were refused or failed"),
  NFS_CLONE_SUCCESS("nfsCloneSuccess", "Ranges that CLONE and COPY of NFSv4.2 cloned"),
  NFS_CLONE_FAILURE(
      "nfsCloneFailure", "Ranges that CLONE and COPY of NFSv4.2 wanted cloned, and that were not"),
  EXT_STATS_SUCCESS("extStatsSuccess", "Queries of extended statistics that were answered"),
  EXT_STATS_FAILURE(
      "extStatsFailure", "Queries of extended statistics that were refused or failed"),
  RESERVE_SPACE_SUCCESS("reserveSpaceSuccess", "Space reservations that the array made"),
  RESERVE_SPACE_FAILURE("reserveSpaceFailure", "Space reservations that were refused or failed"),
  UNMAP_SUCCESS("unmapSuccess", "UNMAPs that were done"),
  UNMAP_FAILURE("unmapFailure", "UNMAPs that were refused or failed"),
  UNMAP_GRANULARITY_SUCCESS(
      "unmapGranularitySuccess", "Queries of the granularity of UNMAP that were answered"),
  UNMAP_GRANULARITY_FAILURE(
      "unmapGranularityFailure", "Queries of the granularity of UNMAP that were refused or failed"),
  BYTES_CLONED(
      "bytesCloned",
      "The logical bytes of all cloned sources and ranges, which hosts did not have to copy"),
  BYTES_COPIED(
      "bytesCopied",
      "The bytes that the array copied or zeroed itself: offloaded, but no space was saved"),
  BYTES_SAVED(
      "bytesSaved", "The mapped bytes that clones share instead of taking space of their own"),
  BYTES_UNMAPPED("bytesUnmapped", "The mapped bytes that UNMAPs made holes"),
  BYTES_FREED(
      "bytesFreed",
      "Of the bytes unmapped, those that nobody else held, so that their space came back");

  private final String label;
  private final String meaning;

  OffloadCounter(String label, String meaning) {
    this.label = label;
    this.meaning = meaning;
  }

  /** The name in JSON, in metrics and for people. */
  public String label() {
    return label;
  }

  /** What is counted, in words. */
  public String meaning() {
    return meaning;
  }
}
