/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

/**
 * The limits that the array enforces in a session.
 *
 * @param leaseSeconds after how long without a call the session ends
 * @param maxClones how many clone jobs may be under way on the volume; 0 = no limit
 * @param maxDepth how many fast clones in a row may be made of each other; 0 = no limit
 * @param maxRequests how many answers are remembered for retransmissions
 * @param cloneBlockBytes the unit of sharing
 * @param maxFileBytes the largest file
 */
public record SessionLimits(
    long leaseSeconds,
    int maxClones,
    int maxDepth,
    int maxRequests,
    int cloneBlockBytes,
    long maxFileBytes) {}
