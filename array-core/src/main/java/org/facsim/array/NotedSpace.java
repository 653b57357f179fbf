/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.OptionalLong;

/**
 * What is known of a file's space ledger without a walk of its map, in bytes, exact at the moment
 * it is read.
 *
 * @param logicalBytes the file's size
 * @param referencedBytes mapped blocks, shared or not
 * @param exclusiveBytes what deleting this file would free. Empty if only a walk can tell, because
 *     range clones moved blocks of the file to other offsets
 * @param chargedBytes as in {@link FileSpace}
 * @param reservedBytes reserved for this file and not mapped privately yet
 */
public record NotedSpace(
    long logicalBytes,
    long referencedBytes,
    OptionalLong exclusiveBytes,
    long chargedBytes,
    long reservedBytes) {}
