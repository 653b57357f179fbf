/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

/**
 * What the array enforces in a session.
 *
 * @param leaseSeconds the session ends after so long without a call
 * @param maxClones clone jobs at a time on the volume; 0 = no limit
 * @param maxDepth clones of clones; 0 = no limit
 * @param maxRequests answers remembered for retransmissions
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
