/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.payload;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.block.memory.Epochs;
import org.facsim.array.block.payload.UnforcedWrites.Round;
import org.facsim.array.block.table.BlockTable;
import org.facsim.array.log.GroupPayload;
import org.facsim.array.log.PayloadStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Payload of one durable volume, in a file.
 *
 * <h2>Never in place</h2>
 *
 * Every write goes to a slot that nothing durable names. So whatever part of it a crash leaves,
 * what was durable is untouched, and a block is seen old or new, but never half. The upper half of
 * a payload value is the CRC32C of the slot, and every read of a whole slot checks it.
 *
 * <h2>When a force fails</h2>
 *
 * The operating system may have dropped what it could not write, and would report success the next
 * time. Therefore, whatever was written since the last good force is written again before the next
 * one. The bytes come from the file, if what it reads still has the checksum. Otherwise they are
 * lost, and reading them is an error. No slot that is written again is given out meanwhile, because
 * slots that are freed wait until that ends.
 *
 * <p>{@link FileSlots} says which slots are free. Thread-safe. Forces run one at a time, so that no
 * force returns before another one that took its writes.
 */
public final class FilePayload implements Payload {
  private static final Logger LOG = LoggerFactory.getLogger(FilePayload.class);
  private static final int SLOT_BYTES = BlockTable.BLOCK_BYTES;

  private final PayloadStore file;
  private final FileSlots slots;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Held for a whole force. It is taken before the lock of the slots. */
  private final ReentrantLock forceLock = new ReentrantLock();

  public FilePayload(PayloadStore file, Epochs epochs) {
    this.file = file;
    slots = new FileSlots(epochs);
  }

  // ---------------------------------------------------------------- slots

  @Override
  public void allocate(long[] values, boolean[] wanted, int count) {
    slots.allocate(values, wanted, count);
  }

  @Override
  public void retireAll(int[] left, int count) {
    slots.retireAll(left, count);
  }

  @Override
  public void freeAll(long[] values, boolean[] wanted) {
    slots.freeAll(values, wanted);
  }

  @Override
  public void freeOne(long value) {
    slots.freeOne(value);
  }

  @Override
  public long slotsInUse() {
    return slots.inUse();
  }

  /** The slots, and what happens to them as groups become durable. */
  public FileSlots slots() {
    return slots;
  }

  // ---------------------------------------------------------------- writing

  @Override
  public void write(long[] values, int from, int to, ByteBuffer source, int position) {
    int i = from;
    while (i < to) {
      i = writeRun(values, i, to, source, position + (i - from) * SLOT_BYTES);
    }
  }

  /** Writes as many blocks as lie side by side in the file. Returns the first block after them. */
  private int writeRun(long[] values, int first, int to, ByteBuffer source, int position) {
    int slot = (int) values[first];
    ByteBuffer bytes = source.duplicate();
    int next = first;
    while (next < to && (int) values[next] == slot + (next - first)) {
      values[next] = valueOf((int) values[next], bytes, position + (next - first) * SLOT_BYTES);
      next++;
    }
    bytes.clear().limit(position + (next - first) * SLOT_BYTES).position(position);
    store(bytes, values, first, next);
    return next;
  }

  /** Writes blocks to their slots, which are neighbours, and then notes their values. */
  private void store(ByteBuffer bytes, long[] values, int from, int to) {
    int slot = (int) values[from];
    long failuresBefore = slots.failedForces();
    try {
      file.write(slot, bytes);
    } catch (ArrayException e) {
      if (e.error() == ArrayError.NO_SPACE) {
        slots.growthRefused(slot);
      }
      throw e;
    }
    slots.written(values, from, to, failuresBefore);
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
   * Makes everything durable that was written before this call, after any force that is running.
   *
   * @throws ArrayException NO_SPACE, IO
   */
  public void force() {
    forceLock.lock();
    try {
      Round round = slots.beginForce();
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
        slots.endForce(round, done);
      }
    } finally {
      forceLock.unlock();
    }
  }

  /**
   * Writes again what may be lost. None of these slots is free, being written, or given out
   * meanwhile.
   */
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

  /**
   * Cuts a group. Slots that left the tables belong to it, and it needs those that were written
   * since the cut before it. The volume's lock is held.
   */
  public GroupPayload cut(int volume, long group) {
    SlotList written = slots.closeGroup(group);
    return new GroupPayload() {
      @Override
      public int volume() {
        return volume;
      }

      @Override
      public int slotCount() {
        return written.count;
      }

      @Override
      public void forEachSlot(LongConsumer slot) {
        for (int i = 0; i < written.count; i++) {
          slot.accept(Integer.toUnsignedLong((int) written.values[i]));
        }
      }

      @Override
      public void force() {
        FilePayload.this.force();
      }
    };
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
    if (closed.compareAndSet(false, true)) {
      file.close();
    }
  }
}
