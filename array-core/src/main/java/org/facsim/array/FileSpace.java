/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * The space ledger of one file, in bytes, exact at the moment it is read.
 *
 * @param logicalBytes the file's size
 * @param referencedBytes mapped blocks, shared or not
 * @param exclusiveBytes what deleting this file would free
 * @param chargedBytes blocks this file allocated that anyone still holds: the array UI's "Used"
 * @param reservedBytes promised to this file and not yet mapped privately
 */
public record FileSpace(
    long logicalBytes,
    long referencedBytes,
    long exclusiveBytes,
    long chargedBytes,
    long reservedBytes) {
  /** Mapped blocks that another file holds too. */
  public long sharedBytes() {
    return referencedBytes - exclusiveBytes;
  }
}
