/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * The space ledger of the whole array, in bytes. Each figure is exact, but while volumes change the
 * figures are not of the same moment.
 *
 * @param capacityBytes physical capacity
 * @param physicalUsedBytes blocks in use in all volumes, including those that wait for reclaim
 * @param reservedBytes reserved for files and not used yet
 * @param provisionedBytes sum of the volumes' sizes; it may exceed the capacity
 * @param reclaimPendingBytes what waits for reclaim, including all that deleted volumes still have
 * @param freeBytes capacity that is neither used nor reserved
 */
public record ArraySpace(
    long capacityBytes,
    long physicalUsedBytes,
    long reservedBytes,
    long provisionedBytes,
    long reclaimPendingBytes,
    long freeBytes) {}
