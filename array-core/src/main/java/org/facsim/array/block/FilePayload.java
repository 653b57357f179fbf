/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.block.UnforcedWrites.Round;
import org.facsim.array.durable.PayloadFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Payload of one durable volume, in a file.
 *
 * <h2>Never in place</h2>
 *
 * Every write goes to a slot that nothing durable names. So whatever part of it a crash leaves, the
 * last durable state is untouched, and a block is seen old or new, never half. The upper half of a
 * payload value is the CRC32C of the slot, and every read of a whole slot checks it.
 *
 * <h2>When a slot may be used again</h2>
 *
 * A slot that leaves the tables is retired in the group that is open then. Once this group is
 * durable no state names the slot, and once the epoch has passed no reader looks at it. A slot that
 * was never linked is free at once.
 *
 * <h2>When a force fails</h2>
 *
 * The system may have dropped what it could not write, and would report success the next time. So
 * what was written since the last good force is written again before the next one, from what the
 * file reads as, if that still has its checksum; what has not is lost, and reading it is an error.
 * No slot that is written again is given out meanwhile: what is freed waits for the end of that.
 *
 * <p>{@link PayloadSlots} gives slots out such that what is written together lies together.
 * Thread-safe. Forces run one at a time, so that none returns before one that took its writes; the
 * other lock is held for list operations, never for input or output.
 */
final class FilePayload implements Payload {
  private static final Logger LOG = LoggerFactory.getLogger(FilePayload.class);
  private static final int SLOT_BYTES = BlockStore.BLOCK_BYTES;

  /** Slots that left the tables in one group, or that wait for readers. */
  private record Retired(long group, long tag, SlotList slots) {}

  private final PayloadFile file;
  private final Epochs epochs;

  /** Held for a whole force; taken before {@link #lock}. */
  private final ReentrantLock forceLock = new ReentrantLock();

  /** Guards what follows it. */
  private final ReentrantLock lock = new ReentrantLock();

  private final PayloadSlots slots = new PayloadSlots();
  private long waitingCount;
  private SlotList retired = new SlotList();
  private final Deque<Retired> closed = new ArrayDeque<>();
  private final UnforcedWrites unforced = new UnforcedWrites();

  /** Slots freed since a rewrite began; null while there is none. */
  private SlotList heldBack;

  FilePayload(PayloadFile file, Epochs epochs) {
    this.file = file;
    this.epochs = epochs;
  }

  // ---------------------------------------------------------------- slots

  @Override
  public void allocate(long[] values, boolean[] wanted, int count) {
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

  @Override
  public void retireAll(int[] left, int count) {
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

  @Override
  public void freeAll(long[] values, boolean[] wanted) {
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

  @Override
  public void freeOne(long value) {
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

  /** What was retired until now left the tables in this group. The volume's lock is held. */
  void closeGroup(long group) {
    lock.lock();
    try {
      if (retired.count > 0) {
        SlotList next =
            new SlotList(); // if memory ends here, the slots are retired once all the same
        closed.add(new Retired(group, epochs.tag(), retired));
        retired = next;
      }
    } finally {
      lock.unlock();
    }
  }

  private long durableGroup;

  /** Nothing durable names what left the tables up to this group. */
  void durable(long group) {
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

  /** A slot that the loaded tables name; returns false if they named it before. */
  boolean adopt(int slot) {
    return slots.adopt(slot);
  }

  @Override
  public long slotsInUse() {
    lock.lock();
    try {
      return slots.takenCount() - waitingCount;
    } finally {
      lock.unlock();
    }
  }

  // ---------------------------------------------------------------- writing

  @Override
  public void fill(PreparedWrite write, ByteBuffer source) {
    int i = 0;
    while (i < write.values.length) {
      if (!write.isPayload[i]) {
        i++;
      } else if (write.isPartial(i)) {
        int from = source.position() + write.sourceStart(i);
        int head = write.head(i);
        write.staged().put(write.stagedPosition(i) + head, source, from, write.tail(i) - head);
        i++;
      } else {
        i = writeRun(write, i, source);
      }
    }
  }

  /** Writes whole blocks to neighbouring slots. Returns the first block after them. */
  private int writeRun(PreparedWrite write, int first, ByteBuffer source) {
    int slot = (int) write.values[first];
    int next = first;
    while (next < write.values.length
        && write.isPayload[next]
        && !write.isPartial(next)
        && (int) write.values[next] == slot + (next - first)) {
      next++;
    }
    int from = source.position() + write.sourceStart(first);
    ByteBuffer bytes = source.duplicate();
    for (int i = first; i < next; i++) {
      write.values[i] = valueOf(slot + (i - first), bytes, from + (i - first) * SLOT_BYTES);
    }
    store(
        bytes.limit(from + (next - first) * SLOT_BYTES).position(from), write.values, first, next);
    return next;
  }

  @Override
  public ByteBuffer partial(PreparedWrite write, int i) {
    return write.staged();
  }

  @Override
  public int partialPosition(PreparedWrite write, int i) {
    return write.stagedPosition(i);
  }

  @Override
  public long seal(PreparedWrite write, int i) {
    ByteBuffer bytes = write.staged().duplicate();
    int from = write.stagedPosition(i);
    int slot = (int) write.values[i];
    long value = valueOf(slot, bytes, from);
    store(bytes.limit(from + SLOT_BYTES).position(from), new long[] {value}, 0, 1);
    return value;
  }

  /** Writes what has these values to their slots, which are neighbours, and notes it then. */
  private void store(ByteBuffer bytes, long[] values, int from, int to) {
    int slot = (int) values[from];
    long failuresBefore = unforced.failures();
    try {
      file.write(slot, bytes);
    } catch (ArrayException e) {
      if (e.error() == ArrayError.NO_SPACE) {
        lock.lock();
        try {
          slots.growthRefused(slot);
        } finally {
          lock.unlock();
        }
      }
      throw e;
    }
    written(values, from, to, failuresBefore);
  }

  private void written(long[] values, int from, int to, long failuresBefore) {
    lock.lock();
    try {
      unforced.note(values, from, to, failuresBefore);
      for (int i = from; i < to; i++) {
        slots.written((int) values[i]);
      }
    } finally {
      lock.unlock();
    }
  }

  private static long valueOf(int slot, ByteBuffer bytes, int position) {
    return (long) checksum(bytes, position) << Integer.SIZE | slot;
  }

  private static int checksum(ByteBuffer bytes, int position) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().clear().limit(position + SLOT_BYTES).position(position));
    return (int) crc.getValue();
  }

  /**
   * Makes durable what was written before this call, after any force that is under way.
   *
   * @throws ArrayException NO_SPACE, IO
   */
  void force() {
    forceLock.lock();
    try {
      Round round = begin();
      if (round == null) {
        return;
      }
      boolean done = false;
      try {
        if (round.rewrites()) {
          rewrite(round.values());
        }
        file.force();
        done = true;
      } finally {
        end(round, done);
      }
    } finally {
      forceLock.unlock();
    }
  }

  private Round begin() {
    lock.lock();
    try {
      SlotList freed = new SlotList(); // first, for what is taken must not be lost if memory ends
      Round round = unforced.take(slots);
      if (round != null && round.rewrites()) {
        heldBack = freed;
      }
      return round;
    } finally {
      lock.unlock();
    }
  }

  private void end(Round round, boolean done) {
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

  /** No slot of these is free, being written, or given out before the end. */
  private void rewrite(SlotList maybeLost) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(SLOT_BYTES);
    int lostCount = 0;
    for (int i = 0; i < maybeLost.count; i++) {
      int slot = (int) maybeLost.values[i];
      file.read((long) slot * SLOT_BYTES, bytes.clear());
      if (valueOf(slot, bytes, 0) == maybeLost.values[i]) {
        file.write(slot, bytes.flip());
      } else {
        lostCount++;
      }
    }
    if (lostCount > 0) {
      LOG.error("{} blocks are lost with a failed force of the payload file", lostCount);
    }
  }

  // ---------------------------------------------------------------- reading

  @Override
  public void copyOut(long value, int at, ByteBuffer target, int to, int lengthBytes) {
    if (lengthBytes == SLOT_BYTES) {
      copyRun(new long[] {value}, 1, target, to);
    } else if (lengthBytes > 0) {
      ByteBuffer whole = ByteBuffer.allocate(SLOT_BYTES);
      copyRun(new long[] {value}, 1, whole, 0);
      target.put(to, whole, at, lengthBytes);
    }
  }

  @Override
  public boolean gathers() {
    return true;
  }

  @Override
  public void copyRun(long[] values, int count, ByteBuffer target, int to) {
    int slot = (int) values[0];
    ByteBuffer bytes = target.duplicate().clear();
    file.read((long) slot * SLOT_BYTES, bytes.limit(to + count * SLOT_BYTES).position(to));
    for (int i = 0; i < count; i++) {
      if (valueOf(slot + i, bytes, to + i * SLOT_BYTES) != values[i]) {
        throw new ArrayException(
            ArrayError.IO, "payload slot %d is damaged: its checksum differs".formatted(slot + i));
      }
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
