/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * The space ledger of a volume, in bytes.
 *
 * @param sizeBytes the volume's configured size
 * @param physicalUsedBytes blocks in use; always the sum of all charges
 * @param reservedBytes promised, not yet used
 * @param referencedBytes sum over all files of what they map
 * @param provisionedBytes sum of the logical sizes of all regular files
 * @param retainedByClonesBytes charged to files that are deleted, held by their clones or by named
 *     states
 * @param retainedByStatesBytes held by named states only: what would come back if all were deleted
 * @param reclaimPendingBytes freed, on its way back
 * @param freeBytes what can still be allocated here, array limits included
 * @param inodes files, directories and links in the volume
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
   * What sharing saves: mapped bytes that need no block of their own. Blocks on their way back
   * still count as used, so while {@code reclaimPendingBytes} is not 0 the figure may be too low,
   * never too high.
   */
  public long savedBytes() {
    return Math.max(0, referencedBytes - physicalUsedBytes);
  }
}
