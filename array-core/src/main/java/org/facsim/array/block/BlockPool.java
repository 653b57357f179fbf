/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

/**
 * What the volumes of one array share: the physical capacity, the host memory, the reclaimer.
 * Thread-safe.
 */
public final class BlockPool implements AutoCloseable {
  private final long capacityBlocks;

  /**
   * @param capacityBlocks physical blocks of the array, at least 1
   */
  public BlockPool(long capacityBlocks) {
    this.capacityBlocks = capacityBlocks;
  }

  public long capacityBlocks() {
    return capacityBlocks;
  }

  /** Physical blocks in use in all volumes, those on their way back included. */
  public long usedBlocks() {
    throw new UnsupportedOperationException("skeleton");
  }

  /** Blocks promised to files and not yet used, in all volumes. */
  public long reservedBlocks() {
    throw new UnsupportedOperationException("skeleton");
  }

  /** Waits until every block freed before this call, in any volume, is free for use. */
  public void awaitReclaim() {
    throw new UnsupportedOperationException("skeleton");
  }

  /** Closes every store and gives all host memory back. */
  @Override
  public void close() {
    throw new UnsupportedOperationException("skeleton");
  }
}
