/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * A named state of the whole array: all its volumes, as they were at one moment.
 *
 * @param name unique in the array
 * @param createdNanos since the epoch
 * @param parent the state that the array came from when this was saved, or the nearest one before
 *     it that is still there; empty if there is none
 * @param isCurrent whether the array comes from this one: it was saved or restored last
 * @param keptBytes physical space that would come back if this state were deleted and nothing else;
 *     what several states keep together is in none of their figures
 */
public record NamedState(
    String name, long createdNanos, String parent, boolean isCurrent, long keptBytes) {}
