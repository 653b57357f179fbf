/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * What is told of a named state: all volumes of the array, as they were at one moment.
 *
 * @param name unique in the array
 * @param createdNanos since 1970
 * @param parent the state from which the array came when this state was saved, or the nearest state
 *     before that one that is still there; empty if there is none
 * @param isCurrent whether the array comes from this state, because this state was saved or
 *     restored last
 * @param keptBytes physical space that would be freed if only this state were deleted; what several
 *     states keep together is in none of their figures
 */
public record NamedState(
    String name, long createdNanos, String parent, boolean isCurrent, long keptBytes) {}
