/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * The space ledger of a file, or of all files in a directory tree (a VM): the array console's
 * "Used" with the split that hovering over it shows. Exact at the moment it is read, in bytes.
 *
 * @param files regular files, each counted once
 * @param logicalBytes their sizes
 * @param referencedBytes what they map, shared or not
 * @param exclusiveBytes what deleting all of them would free
 * @param liveBytes charged to them and still in them
 * @param snapshotBytes charged to them and only in their snapshots and clones: what they overwrote
 *     or cut off since
 * @param reservedBytes promised to them
 */
public record TreeSpace(
    long files,
    long logicalBytes,
    long referencedBytes,
    long exclusiveBytes,
    long liveBytes,
    long snapshotBytes,
    long reservedBytes) {
  /** What the console shows: always the sum of what the files are charged for. */
  public long usedBytes() {
    return liveBytes + snapshotBytes;
  }
}
