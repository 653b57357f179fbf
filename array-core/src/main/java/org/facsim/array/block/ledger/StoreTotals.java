/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.ledger;

import java.nio.ByteBuffer;

/**
 * The totals of a store when it was cut. A restart counts again and compares.
 *
 * @param usedBlocks entries in use
 * @param promisedBlocks sum of all reservations
 * @param referencedBlocks sum of what files map
 * @param retainedBlocks charged to files that are gone
 * @param pendingBlocks blocks that wait for reclaim
 * @param pendingNode the first node that waits for reclaim, or 0
 * @param pendingNodes how many wait
 */
public record StoreTotals(
    long usedBlocks,
    long promisedBlocks,
    long referencedBlocks,
    long retainedBlocks,
    long pendingBlocks,
    int pendingNode,
    long pendingNodes) {
  /** How many bytes {@link #write} puts. */
  public static final int BYTES = 6 * Long.BYTES + Integer.BYTES;

  public void write(ByteBuffer out) {
    out.putLong(usedBlocks).putLong(promisedBlocks).putLong(referencedBlocks);
    out.putLong(retainedBlocks).putLong(pendingBlocks).putInt(pendingNode).putLong(pendingNodes);
  }

  public static StoreTotals read(ByteBuffer in) {
    return new StoreTotals(
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getInt(),
        in.getLong());
  }
}
