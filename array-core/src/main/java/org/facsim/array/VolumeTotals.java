/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * The figures of a volume's ledger that are always known, in bytes: no map is walked for them, so
 * they may be asked for again and again.
 *
 * @param physicalUsedBytes as in {@link VolumeSpace}
 * @param reservedBytes likewise
 * @param referencedBytes likewise
 * @param provisionedBytes likewise
 */
public record VolumeTotals(
    long physicalUsedBytes, long reservedBytes, long referencedBytes, long provisionedBytes) {
  /** As {@link VolumeSpace#savedBytes}. */
  public long savedBytes() {
    return Math.max(0, referencedBytes - physicalUsedBytes);
  }
}
