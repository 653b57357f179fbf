/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.ledger;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;

/**
 * The physical blocks of a volume: in use, reserved for files, and set aside for the operation that
 * runs. They are bounded by the volume's own limit and by what the array has. The volume's lock
 * guards it.
 */
public final class Capacity {
  private final SharedCapacity shared;
  private long limit;

  /** Entries in use, which are physical blocks. */
  private long used;

  /** Sum of all reservations. */
  private long promised;

  /** What is used and reserved, as the array knows it. */
  private long published;

  Capacity(SharedCapacity shared, long limit) {
    this.shared = shared;
    this.limit = limit;
  }

  /** Whether the volume's own limit allows this many more blocks. */
  boolean fits(long count) {
    return used + promised + count <= limit;
  }

  /** Sets either all of the blocks aside or none. */
  boolean tryTake(long count) {
    if (!fits(count) || !shared.tryTake(count)) {
      return false;
    }
    published += count;
    return true;
  }

  /** Blocks that were set aside are in use now. If negative, blocks are free again. */
  public void use(long delta) {
    used += delta;
  }

  /** Blocks that were set aside become reservations. If negative, reservations end. */
  public void promise(long delta) {
    promised += delta;
  }

  /** Makes reservations, even beyond the capacity. If negative, ends them. */
  void promiseRegardless(long delta) {
    promised += delta;
    if (delta > 0) {
      shared.take(delta);
      published += delta;
    }
  }

  /** Returns to the array what was set aside and not used, and what was freed. */
  void settle() {
    long surplus = published - used - promised;
    if (surplus > 0) {
      shared.give(surplus);
      published -= surplus;
    } else if (surplus < 0) {
      throw new IllegalStateException("used " + -surplus + " blocks that were not claimed");
    }
  }

  /** Takes what a loaded volume has, even beyond the capacity. */
  void restore(long usedBlocks, long promisedBlocks) {
    used = usedBlocks;
    promised = promisedBlocks;
    published = used + promised;
    shared.take(published);
  }

  ArrayException exceededBy(long count) {
    return new ArrayException(
        ArrayError.NO_SPACE,
        "%d more blocks do not fit: volume %d of %d blocks used, %d reserved; array has %d left"
            .formatted(count, used, limit, promised, shared.freeBlocks()));
  }

  public long used() {
    return used;
  }

  public long promised() {
    return promised;
  }

  public long limit() {
    return limit;
  }

  public void setLimit(long limit) {
    this.limit = limit;
  }
}
