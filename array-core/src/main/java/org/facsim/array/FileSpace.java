/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * The space ledger of one file, in bytes, exact at the moment it is read.
 *
 * @param logicalBytes the file's size
 * @param referencedBytes mapped blocks, shared or not
 * @param exclusiveBytes what deleting this file would free
 * @param chargedBytes blocks that this file allocated and that some file or named state still
 *     holds; the array's console shows this as "Used"
 * @param reservedBytes reserved for this file and not mapped privately yet
 */
public record FileSpace(
    long logicalBytes,
    long referencedBytes,
    long exclusiveBytes,
    long chargedBytes,
    long reservedBytes) {
  /** Mapped blocks that somebody else holds, too. */
  public long sharedBytes() {
    return referencedBytes - exclusiveBytes;
  }
}
