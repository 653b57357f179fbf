/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/**
 * The space of one file, in bytes, exact at one moment.
 *
 * @param totalBytes the logical size
 * @param allocatedBytes what is mapped, which is unique + shared
 * @param uniqueBytes what would be freed if this file were deleted
 * @param sharedBytes what other files map, too
 * @param reservedBytes what is promised and not yet mapped
 * @param chargedBytes what this file allocated and any file still holds; the array console calls it
 *     "Used"
 */
public record SpaceUse(
    long totalBytes,
    long allocatedBytes,
    long uniqueBytes,
    long sharedBytes,
    long reservedBytes,
    long chargedBytes) {}
