/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

/**
 * What the array answers to the primitive that asks for the UNMAP granularity of a file.
 *
 * @param granularityBytes the array gives back whole granules of this size, counted from the start
 *     of the file
 * @param maxRanges the most ranges of one UNMAP
 */
public record UnmapGranularity(long granularityBytes, int maxRanges) {
  public UnmapGranularity {
    if (granularityBytes < 1 || maxRanges < 1) {
      throw new IllegalArgumentException(
          "granules of %d bytes, %d ranges; allowed: 1 and more"
              .formatted(granularityBytes, maxRanges));
    }
  }
}
