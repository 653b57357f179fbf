/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/**
 * The space of one file, in bytes, exact at one moment.
 *
 * @param totalBytes logical size
 * @param allocatedBytes mapped, shared or not: unique + shared
 * @param uniqueBytes freed if this file were deleted
 * @param sharedBytes mapped by other files too
 * @param reservedBytes promised, not yet mapped
 * @param chargedBytes allocated by this file and held by anyone: the array console's "Used"
 */
public record SpaceUse(
    long totalBytes,
    long allocatedBytes,
    long uniqueBytes,
    long sharedBytes,
    long reservedBytes,
    long chargedBytes) {}
