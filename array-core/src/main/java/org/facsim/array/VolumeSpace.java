/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * The space ledger of a volume, in bytes.
 *
 * @param sizeBytes the volume's configured size
 * @param physicalUsedBytes blocks in use, which is always the sum of all charges
 * @param reservedBytes reserved for files and not used yet
 * @param referencedBytes sum of what all files map
 * @param provisionedBytes sum of the logical sizes of all regular files
 * @param retainedByClonesBytes charged to deleted files, because clones or named states still hold
 *     it
 * @param retainedByStatesBytes held by named states only; it would be freed if all of them were
 *     deleted
 * @param reclaimPendingBytes what waits for reclaim
 * @param freeBytes what can still be allocated here, within the array's limits, too
 * @param inodes all inodes of the volume
 */
public record VolumeSpace(
    long sizeBytes,
    long physicalUsedBytes,
    long reservedBytes,
    long referencedBytes,
    long provisionedBytes,
    long retainedByClonesBytes,
    long retainedByStatesBytes,
    long reclaimPendingBytes,
    long freeBytes,
    long inodes) {
  /**
   * What sharing saves: mapped bytes that need no block of their own. Blocks that wait for reclaim
   * still count as used. Therefore the figure may be too low while {@code reclaimPendingBytes} is
   * not 0, but never too high.
   */
  public long savedBytes() {
    return Math.max(0, referencedBytes - physicalUsedBytes);
  }
}
