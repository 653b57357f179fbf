/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

/** What became of a range that a guest trimmed. Only the first one freed anything. */
public enum TrimOutcome {
  /** The array has unmapped it. */
  UNMAPPED("the array has unmapped the range"),
  /** The advanced setting {@code /NFS/UnmapEnabled} is 0. */
  OFF("/NFS/UnmapEnabled is 0"),
  /** UNMAP is for thin disks only. */
  THICK_DISK("the disk is thick"),
  /** The VM has snapshots, whose redo logs take the TRIM. */
  SNAPSHOTS("the VM has snapshots"),
  /** ESXi sends UNMAP over NFSv3 only. */
  NFS41("ESXi sends UNMAP over NFS 3 only, and the datastore is mounted over NFS 4.1"),
  /** The array does not offer UNMAP there. */
  NOT_SUPPORTED("the array does not support UNMAP"),
  /** As many UNMAPs wait as {@code /NFS/UnmapMaxQueueDepth} allows. */
  QUEUE_FULL("/NFS/UnmapMaxQueueDepth UNMAPs wait already"),
  /** The array refused or failed; the range reads as before or as zeros. */
  FAILED("the array refused the UNMAP"),
  /** The guest took it back, or the VM went off, before it was sent. */
  CANCELLED("the UNMAP was cancelled before it was sent");

  private final String words;

  TrimOutcome(String words) {
    this.words = words;
  }

  /** For logs and people. */
  public String inWords() {
    return words;
  }
}
