/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * The space ledger of a file, or of all files in a directory tree (a VM): what the array's console
 * shows as "Used", and how it is split. In bytes, and exact at the moment at which it is read.
 *
 * @param files regular files, each counted once
 * @param logicalBytes their sizes
 * @param referencedBytes what they map, shared or not
 * @param exclusiveBytes what deleting all of them would free
 * @param liveBytes charged to them, and they still map it
 * @param snapshotBytes charged to them, but held only by their snapshots and clones, because the
 *     files overwrote or truncated it since
 * @param reservedBytes reserved for them
 */
public record TreeSpace(
    long files,
    long logicalBytes,
    long referencedBytes,
    long exclusiveBytes,
    long liveBytes,
    long snapshotBytes,
    long reservedBytes) {
  /** What the console shows. It is always the sum of what is charged to the files. */
  public long usedBytes() {
    return liveBytes + snapshotBytes;
  }
}
