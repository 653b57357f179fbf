/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.ledger;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;

/**
 * The physical blocks of a volume: in use, promised to files, and set aside for the operation that
 * runs; within the volume's own limit and what the array has. Guarded by the volume's lock.
 */
public final class Capacity {
  private final SharedCapacity shared;
  private long limit;

  /** Entries in use: physical blocks. */
  private long used;

  /** Sum of all reservations. */
  private long promised;

  /** Used and promised as the array knows it. */
  private long published;

  Capacity(SharedCapacity shared, long limit) {
    this.shared = shared;
    this.limit = limit;
  }

  /** Whether the volume's own limit allows for so many more. */
  boolean fits(long count) {
    return used + promised + count <= limit;
  }

  /** Sets blocks aside, all or none. */
  boolean tryTake(long count) {
    if (!fits(count) || !shared.tryTake(count)) {
      return false;
    }
    published += count;
    return true;
  }

  /** Set-aside blocks are in use now, or if negative come back. */
  public void use(long delta) {
    used += delta;
  }

  /** Set-aside blocks become promises, or if negative promises end. */
  public void promise(long delta) {
    promised += delta;
  }

  /** SpaceReservations come, even beyond the capacity, or if negative go. */
  void promiseRegardless(long delta) {
    promised += delta;
    if (delta > 0) {
      shared.take(delta);
      published += delta;
    }
  }

  /** Returns to the array what was set aside and not used, and what came back. */
  void settle() {
    long surplus = published - used - promised;
    if (surplus > 0) {
      shared.give(surplus);
      published -= surplus;
    } else if (surplus < 0) {
      throw new IllegalStateException("used " + -surplus + " blocks that were not claimed");
    }
  }

  /** What a loaded volume has is taken whatever it is. */
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
