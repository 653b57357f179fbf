/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/**
 * What the array enforces on a volume.
 *
 * @param maxClones clone jobs at a time, waiting ones included; 0 = no limit
 * @param maxDepth native clones of native clones; 0 = no limit
 */
public record OffloadLimits(int maxClones, int maxDepth) {}
