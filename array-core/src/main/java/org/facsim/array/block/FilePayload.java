/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
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
 *
 * <p>{@link PayloadSlots} gives slots out such that what is written together lies together.
 * Thread-safe: the lock is held for list operations, never for input or output.
 */
final class FilePayload implements Payload {
  private static final Logger LOG = LoggerFactory.getLogger(FilePayload.class);
  private static final int SLOT_BYTES = BlockStore.BLOCK_BYTES;

  /** Slots that left the tables in one group, or that wait for readers. */
  private record Retired(long group, long tag, SlotList slots) {}

  private final PayloadFile file;
  private final Epochs epochs;
  private final ReentrantLock lock = new ReentrantLock();

  private final PayloadSlots slots = new PayloadSlots();
  private long waitingCount;
  private SlotList retired = new SlotList();
  private final Deque<Retired> closed = new ArrayDeque<>();
  private SlotList unforced = new SlotList();
  private boolean rewriteFirst;

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
          slots.give((int) values[i]);
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
      slots.give((int) value);
    } finally {
      lock.unlock();
    }
  }

  /** What was retired until now left the tables in this group. The volume's lock is held. */
  void closeGroup(long group) {
    lock.lock();
    try {
      if (retired.count > 0) {
        closed.add(new Retired(group, epochs.tag(), retired));
        retired = new SlotList();
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
      durableGroup = group;
    } finally {
      lock.unlock();
    }
  }

  private void collect() {
    while (!closed.isEmpty()
        && closed.getFirst().group() <= durableGroup
        && epochs.elapsed(closed.getFirst().tag())) {
      SlotList freed = closed.removeFirst().slots();
      for (int i = 0; i < freed.count; i++) {
        slots.give((int) freed.values[i]);
      }
      waitingCount -= freed.count;
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
    bytes.limit(from + (next - first) * SLOT_BYTES).position(from);
    note(write.values, first, next);
    store(slot, bytes);
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
    note(new long[] {value}, 0, 1);
    store(slot, bytes.limit(from + SLOT_BYTES).position(from));
    return value;
  }

  private void store(int slot, ByteBuffer bytes) {
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
  }

  /** Before the write: it may reach the disk in part even if it fails. */
  private void note(long[] values, int from, int to) {
    lock.lock();
    try {
      for (int i = from; i < to; i++) {
        unforced.add(values[i]);
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
   * Makes durable what was written before this call.
   *
   * @throws ArrayException NO_SPACE, IO
   */
  void force() {
    SlotList forcing;
    boolean rewrite;
    lock.lock();
    try {
      forcing = unforced;
      rewrite = rewriteFirst;
      if (forcing.count == 0) {
        return;
      }
      unforced = new SlotList();
    } finally {
      lock.unlock();
    }
    boolean done = false;
    try {
      if (rewrite) {
        rewrite(forcing);
      }
      file.force();
      done = true;
    } finally {
      lock.lock();
      try {
        rewriteFirst = !done;
        if (!done) {
          forcing.addAll(unforced);
          unforced = forcing;
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private void rewrite(SlotList lost) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(SLOT_BYTES);
    for (int i = 0; i < lost.count; i++) {
      int slot = (int) lost.values[i];
      file.read((long) slot * SLOT_BYTES, bytes.clear());
      if (valueOf(slot, bytes, 0) == lost.values[i]) {
        file.write(slot, bytes.flip());
      } else {
        LOG.debug("slot {} has been written again or is lost", slot);
      }
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

  /** A growing list of slots or payload values. */
  private static final class SlotList {
    long[] values = new long[16];
    int count;

    void add(long value) {
      if (count == values.length) {
        values = Arrays.copyOf(values, count * 2);
      }
      values[count++] = value;
    }

    void addAll(SlotList others) {
      for (int i = 0; i < others.count; i++) {
        add(others.values[i]);
      }
    }
  }
}
