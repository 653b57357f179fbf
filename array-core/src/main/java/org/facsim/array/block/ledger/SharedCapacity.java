/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.ledger;

import java.util.concurrent.atomic.AtomicLong;

/** The physical blocks of an array, which all its volumes share. Thread-safe. */
public final class SharedCapacity {
  private final long blocks;
  private final AtomicLong taken = new AtomicLong();

  /**
   * @param blocks at least 1
   */
  public SharedCapacity(long blocks) {
    if (blocks < 1) {
      throw new IllegalArgumentException("capacity of " + blocks + " blocks, at least 1");
    }
    this.blocks = blocks;
  }

  public long blocks() {
    return blocks;
  }

  /** Blocks that are neither used nor reserved in any volume. */
  public long freeBlocks() {
    return blocks - taken.get();
  }

  /** Takes either all of the blocks or none. */
  boolean tryTake(long count) {
    long before = taken.get();
    while (before + count <= blocks) {
      if (taken.compareAndSet(before, before + count)) {
        return true;
      }
      before = taken.get();
    }
    return false;
  }

  /** Takes what a loaded volume has, even beyond the capacity. */
  void take(long count) {
    taken.addAndGet(count);
  }

  void give(long count) {
    taken.addAndGet(-count);
  }
}
