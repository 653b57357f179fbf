/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * The space ledger of the whole array, in bytes. While volumes change, each figure is exact for its
 * own moment.
 *
 * @param capacityBytes physical capacity
 * @param physicalUsedBytes blocks in use in all volumes, those on their way back included
 * @param reservedBytes promised to files, not yet used
 * @param provisionedBytes sum of the volumes' sizes; more than the capacity if over-provisioned
 * @param reclaimPendingBytes freed, on its way back; all that a deleted volume still has is
 * @param freeBytes capacity neither used nor reserved
 */
public record ArraySpace(
    long capacityBytes,
    long physicalUsedBytes,
    long reservedBytes,
    long provisionedBytes,
    long reclaimPendingBytes,
    long freeBytes) {}
