/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/**
 * What the array enforces on a volume.
 *
 * @param maxClones how many clone jobs may be under way or wait at a time; 0 = no limit
 * @param maxDepth how many native clones in a row may be made of each other; 0 = no limit
 */
public record OffloadLimits(int maxClones, int maxDepth) {}
