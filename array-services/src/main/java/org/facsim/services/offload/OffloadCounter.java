/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/** What is counted per volume and client, spelled as ESXi 9 spells its NAS counters. */
public enum OffloadCounter {
  FULL_CLONE_SUCCESS("fullCloneSuccess"),
  FULL_CLONE_FAILURE("fullCloneFailure"),
  /** Fast file clones are the lazy ones: native snapshots. */
  FAST_CLONE_SUCCESS("fastCloneSuccess"),
  FAST_CLONE_FAILURE("fastCloneFailure"),
  EXT_STATS_SUCCESS("extStatsSuccess"),
  EXT_STATS_FAILURE("extStatsFailure"),
  RESERVE_SPACE_SUCCESS("reserveSpaceSuccess"),
  RESERVE_SPACE_FAILURE("reserveSpaceFailure"),
  /** Logical bytes of all sources cloned: what hosts need not have copied. */
  BYTES_CLONED("bytesCloned"),
  /** Bytes that the array copied or zeroed itself: offloaded, and yet no space saved. */
  BYTES_COPIED("bytesCopied"),
  /** Mapped bytes that clones share instead of taking space of their own. */
  BYTES_SAVED("bytesSaved");

  private final String label;

  OffloadCounter(String label) {
    this.label = label;
  }

  /** The name for people, JSON and metrics. */
  public String label() {
    return label;
  }
}
