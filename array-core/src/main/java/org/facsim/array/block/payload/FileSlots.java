/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.payload;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.facsim.array.block.memory.Epochs;
import org.facsim.array.block.payload.UnforcedWrites.Round;

/**
 * The slots of one payload file: which are free, which are written and not forced yet, and when a
 * slot that left the tables may be used again.
 *
 * <h2>When a slot may be used again</h2>
 *
 * A slot that leaves the tables is retired in the group that is open then. When this group is
 * durable, nothing durable names the slot. When the epoch has passed, no reader looks at it. A slot
 * that was never linked is free at once.
 *
 * <p>{@link PayloadSlots} gives slots out so that what is written together lies together.
 *
 * <p>Thread-safe. The lock is held for list operations, but never for input or output.
 */
public final class FileSlots {
  /** Slots that left the tables in one group, or that wait for readers. */
  private record Retired(long group, long tag, SlotList slots) {}

  private final Epochs epochs;

  /** Guards all fields after it. */
  private final ReentrantLock lock = new ReentrantLock();

  private final PayloadSlots slots = new PayloadSlots();
  private long waitingCount;
  private SlotList retired = new SlotList();
  private final Deque<Retired> closed = new ArrayDeque<>();
  private final UnforcedWrites unforced = new UnforcedWrites();

  /** Values that were written since the last group was cut. */
  private SlotList written = new SlotList();

  /** Slots freed since a rewrite began; null while there is none. */
  private SlotList heldBack;

  private long durableGroup;

  FileSlots(Epochs epochs) {
    this.epochs = epochs;
  }

  void allocate(long[] values, boolean[] wanted, int count) {
    lock.lock();
    try {
      collect();
      slots.require(count);
      for (int i = 0; i < values.length; i++) {
        if (wanted[i]) {
          values[i] = slots.take();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  void retireAll(int[] left, int count) {
    lock.lock();
    try {
      for (int i = 0; i < count; i++) {
        retired.add(left[i]);
      }
      waitingCount += count;
    } finally {
      lock.unlock();
    }
  }

  void freeAll(long[] values, boolean[] wanted) {
    lock.lock();
    try {
      for (int i = 0; i < values.length; i++) {
        if (wanted[i]) {
          give((int) values[i]);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  void freeOne(long value) {
    lock.lock();
    try {
      give((int) value);
    } finally {
      lock.unlock();
    }
  }

  private void give(int slot) {
    if (heldBack == null) {
      slots.give(slot);
    } else {
      heldBack.add(slot);
      waitingCount++;
    }
  }

  /**
   * Closes a group: what was retired until now left the tables in it. The volume's lock is held.
   *
   * @return what was written since the group before
   */
  public SlotList closeGroup(long group) {
    lock.lock();
    try {
      if (retired.count > 0) {
        SlotList next = new SlotList(); // even if memory ends here, the slots are retired only once
        closed.add(new Retired(group, epochs.tag(), retired));
        retired = next;
      }
      SlotList named = written;
      written = new SlotList();
      return named;
    } finally {
      lock.unlock();
    }
  }

  /** The group is durable, so nothing durable names what left the tables up to it. */
  public void durable(long group) {
    lock.lock();
    try {
      durableGroup = Math.max(durableGroup, group);
    } finally {
      lock.unlock();
    }
  }

  private void collect() {
    while (!closed.isEmpty()
        && closed.getFirst().group() <= durableGroup
        && epochs.elapsed(closed.getFirst().tag())) {
      SlotList freed = closed.removeFirst().slots();
      waitingCount -= freed.count;
      for (int i = 0; i < freed.count; i++) {
        give((int) freed.values[i]);
      }
    }
  }

  /** Takes a slot that the loaded tables name. Returns false if they named it before. */
  public boolean adopt(int slot) {
    return slots.adopt(slot);
  }

  long inUse() {
    lock.lock();
    try {
      return slots.takenCount() - waitingCount;
    } finally {
      lock.unlock();
    }
  }

  // ---------------------------------------------------------------- writing

  /**
   * Notes that the operating system's disk refused a write that would have made the file longer.
   */
  void growthRefused(int slot) {
    lock.lock();
    try {
      slots.growthRefused(slot);
    } finally {
      lock.unlock();
    }
  }

  /** How many forces have failed until now. A write asks before it begins. Takes no lock. */
  long failedForces() {
    return unforced.failures();
  }

  /** Notes that writes have ended, and how many forces had failed when they began. */
  void written(long[] values, int from, int to, long failuresBefore) {
    lock.lock();
    try {
      unforced.note(values, from, to, failuresBefore);
      for (int i = from; i < to; i++) {
        written.add(values[i]);
        slots.written((int) values[i]);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes what the next force has to make durable; null if there is nothing. */
  Round beginForce() {
    lock.lock();
    try {
      SlotList freed =
          new SlotList(); // first, because what is taken must not be lost if memory ends
      Round round = unforced.take(slots);
      if (round != null && round.rewrites()) {
        heldBack = freed;
      }
      return round;
    } finally {
      lock.unlock();
    }
  }

  /** Notes that a force has ended. */
  void endForce(Round round, boolean done) {
    lock.lock();
    try {
      if (!done) {
        unforced.failed(round);
      }
      if (heldBack != null) {
        SlotList freed = heldBack;
        heldBack = null;
        waitingCount -= freed.count;
        for (int i = 0; i < freed.count; i++) {
          slots.give((int) freed.values[i]);
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
