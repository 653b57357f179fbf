/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/**
 * How a file is unmapped.
 *
 * @param granularityBytes whole granules of this size are unmapped, counted from the start of the
 *     file
 * @param maxRanges the most ranges of one call
 */
public record UnmapGranularity(long granularityBytes, int maxRanges) {}
