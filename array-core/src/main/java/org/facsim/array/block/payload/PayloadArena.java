/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.payload;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.facsim.array.ArrayException;
import org.facsim.array.block.memory.DirectMemory;
import org.facsim.array.block.memory.Epochs;
import org.facsim.array.block.table.BlockTable;
import org.facsim.array.block.table.RecordTable;

/**
 * Payload of all volumes of an array in direct memory. {@link MemorySlots} says which slots are
 * free. The head of a slot is its link while it is retired; while it is in use, the number of its
 * pins:
 *
 * <pre>
 *   bit 31   in use; a link is never negative
 *   bit 30   retired, but pinned: whoever removes the last pin retires it
 *   bit 29   being overwritten
 *   0 to 28  pins
 * </pre>
 *
 * <p>Beside it is the slot's <em>version</em>, which is odd while the slot is overwritten, and
 * grows. Whoever copies a slot looks at the version before and after, and copies again if it is odd
 * or has changed. Only a slot without pins is overwritten, and until that ends nobody can pin it,
 * so bytes that were handed out do not change.
 *
 * <p>A pin is taken with a compare-and-set that fails once the slot is retired, so a slot that is
 * retired without pins never gets one. A pin outlives the epoch in which it was taken. What is
 * pinned cannot be used again, but everything else can, however long the pin lasts. Slabs are not
 * given back before the last pin is removed and the last room is written or closed.
 *
 * <p>Thread-safe. Its lock is the last in the order of locks, and is held for a few list
 * operations. Pins take no lock.
 */
public final class PayloadArena extends RecordTable implements Payload {
  /** A slab holds 1 MiB of payload, as much as a large write. */
  private static final int SLAB_SHIFT = 8;

  private static final int IN_USE = 1 << 31;
  private static final int RETIRED = 1 << 30;
  private static final int OVERWRITTEN = 1 << 29;
  private static final int PINS = OVERWRITTEN - 1;

  /** Where in a head the version is. */
  private static final int VERSION_AT = Integer.BYTES;

  private static final int HEAD_BYTES = 2 * Integer.BYTES;

  /** A reader that has looked so often in vain sleeps before it looks again. */
  private static final int PATIENCE = 1 << 10;

  private static final long PAUSE_NANOS = 10_000;

  /** How many free slots there may be beside a quarter of those in use, before holes are filled. */
  private static final int SLACK_SLOTS = 1 << 12;

  private static final int SLACK_PART = 4;

  private final DirectMemory memory;
  private final MemorySlots slots;
  private final ReentrantLock lock = new ReentrantLock();

  /** Who goes on using the memory although the array is closed: what is pinned together, rooms. */
  private final AtomicLong holds = new AtomicLong();

  private volatile boolean closed;

  public PayloadArena(DirectMemory memory, Epochs epochs) {
    this(memory, epochs, new MemorySlots());
  }

  private PayloadArena(DirectMemory memory, Epochs epochs, MemorySlots slots) {
    super(memory, epochs, HEAD_BYTES, BlockTable.BLOCK_BYTES, 0, SLAB_SHIFT, slots);
    this.memory = memory;
    this.slots = slots;
  }

  @Override
  public void allocate(long[] values, boolean[] wanted, int wantedCount) {
    lock.lock();
    try {
      ensure(wantedCount);
      int neighbour = wantedCount < MemorySlots.MIN_STRETCH ? 0 : stretch(wantedCount);
      for (int i = 0; i < values.length; i++) {
        if (wanted[i]) {
          values[i] = neighbour == 0 ? single() : neighbour++;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes room for a large write. It is a stretch of neighbours in one slab.
   *
   * @param lengthBytes anything
   * @return null if it is not whole blocks, 64 KiB to 1 MiB, or if no stretch is free and memory is
   *     short or has many holes
   */
  public ArenaRoom room(int lengthBytes) {
    int count = lengthBytes / BlockTable.BLOCK_BYTES;
    if (lengthBytes % BlockTable.BLOCK_BYTES != 0
        || count < MemorySlots.MIN_STRETCH
        || count > MemorySlots.MAX_STRETCH) {
      return null;
    }
    lock.lock();
    try {
      int first = closed ? 0 : stretch(count);
      if (first == 0) {
        return null;
      }
      hold(); // somebody fills it, even while the array is closed
      return new ArenaRoom(this, first, count);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int neighbours(int count) {
    lock.lock();
    try {
      return closed || isShort()
          ? 0
          : stretch(count, freeNow() < inUse() + MemorySlots.MAX_STRETCH);
    } finally {
      lock.unlock();
    }
  }

  /** Whether less could be written than is there already. */
  private boolean isShort() {
    return memory.leftBytes() / (HEAD_BYTES + BlockTable.BLOCK_BYTES) + freeNow() < inUse();
  }

  private int stretch(int count) {
    // Otherwise, single blocks that lie everywhere would let it grow for ever.
    return stretch(count, freeNow() < inUse() / SLACK_PART + SLACK_SLOTS);
  }

  /** A slot in use from now on. Lock held, and there is one. */
  private int single() {
    int slot = allocate();
    INT.set(slab(slot), head(slot), IN_USE);
    return slot;
  }

  /** The first of so many neighbours, in use from now on; 0 if none were found. Lock held. */
  private int stretch(int count, boolean mayGrow) {
    if (count > MemorySlots.MAX_STRETCH) {
      return 0;
    }
    collect();
    int first = slots.takeStretch(count);
    // The first slab cannot hold the longest stretch, because slot 0 is nobody's.
    for (int tries = 0; first < 0 && mayGrow && tries < 2; tries++) {
      try {
        grow();
      } catch (ArrayException e) {
        return 0; // holes will do
      }
      first = slots.takeStretch(count);
    }
    if (first < 0) {
      return 0;
    }
    took(count);
    for (int slot = first; slot < first + count; slot++) {
      INT.set(slab(slot), head(slot), IN_USE);
    }
    return first;
  }

  @Override
  public void hold() {
    holds.incrementAndGet();
  }

  @Override
  public void letGo() {
    if (holds.decrementAndGet() == 0 && closed) {
      freeIfClosed();
    }
  }

  /** Frees a room that no write has taken. */
  void freeStretch(int first, int count) {
    lock.lock();
    try {
      for (int slot = first; slot < first + count && !closed; slot++) {
        free(slot);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void retireAll(int[] retired, int count) {
    lock.lock();
    try {
      for (int i = 0; i < count; i++) {
        if (closesToPins(retired[i])) {
          retire(retired[i]);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Refuses pins from now on if there is none. Otherwise, whoever removes the last pin retires the
   * slot.
   */
  private boolean closesToPins(int slot) {
    ByteBuffer slab = slab(slot);
    int head = head(slot);
    while (true) {
      int state = (int) INT.getVolatile(slab, head);
      boolean pinned = (state & PINS) != 0;
      if (INT.compareAndSet(slab, head, state, pinned ? state | RETIRED : 0)) {
        return !pinned;
      }
    }
  }

  @Override
  public boolean isInMemory() {
    return true;
  }

  @Override
  public boolean pin(int slot) {
    ByteBuffer slab = slab(slot);
    int head = head(slot);
    int state = (int) INT.getVolatile(slab, head);
    while (state < 0 && (state & OVERWRITTEN) == 0) {
      if (INT.compareAndSet(slab, head, state, state + 1)) {
        return true;
      }
      state = (int) INT.getVolatile(slab, head);
    }
    return false;
  }

  @Override
  public boolean isPinned(int slot) {
    return ((int) INT.getVolatile(slab(slot), head(slot)) & PINS) != 0;
  }

  @Override
  public boolean beginOverwrite(int slot) {
    ByteBuffer slab = slab(slot);
    int head = head(slot);
    if (!INT.compareAndSet(slab, head, IN_USE, IN_USE | OVERWRITTEN)) {
      return false;
    }
    INT.setOpaque(slab, head + VERSION_AT, (int) INT.get(slab, head + VERSION_AT) + 1);
    VarHandle.storeStoreFence(); // whoever sees a new byte sees the odd version
    return true;
  }

  @Override
  public void overwrite(int slot, ByteBuffer source, int position) {
    slab(slot).put(body(slot), source, position, BlockTable.BLOCK_BYTES);
  }

  @Override
  public void endOverwrite(int slot) {
    ByteBuffer slab = slab(slot);
    int head = head(slot);
    INT.setRelease(slab, head + VERSION_AT, (int) INT.get(slab, head + VERSION_AT) + 1);
    INT.setRelease(slab, head, IN_USE);
  }

  @Override
  public ByteBuffer memory(int slot) {
    return slab(slot);
  }

  @Override
  public int position(int slot) {
    return body(slot);
  }

  @Override
  public void unpin(int[] pinned, int count) {
    for (int i = 0; i < count; i++) {
      int slot = pinned[i];
      int before = (int) INT.getAndAdd(slab(slot), head(slot), -1);
      if (before == (IN_USE | RETIRED | 1)) {
        retireUnpinned(slot);
      }
    }
  }

  /** The first of several last pins does this, because an old reader may pin and unpin again. */
  private void retireUnpinned(int slot) {
    lock.lock();
    try {
      if (INT.compareAndSet(slab(slot), head(slot), IN_USE | RETIRED, 0)) {
        retire(slot);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void freeAll(long[] values, boolean[] wanted) {
    lock.lock();
    try {
      for (int i = 0; i < values.length && !closed; i++) {
        if (wanted[i]) {
          free((int) values[i]);
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
      free((int) value);
    } finally {
      lock.unlock();
    }
  }

  /** Gives all memory back as soon as nobody holds it. What is freed later is forgotten. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    freeIfClosed();
  }

  /** Nobody reads any more, so no hold can come. Whoever lets go last calls this again. */
  private void freeIfClosed() {
    lock.lock();
    try {
      if (holds.get() == 0) {
        freeSlabs();
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many slots could be filled without another slab. */
  public long slotsLeft() {
    lock.lock();
    try {
      return unused();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long slotsInUse() {
    lock.lock();
    try {
      return inUse();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void write(long[] values, int from, int to, ByteBuffer source, int position) {
    for (int i = from; i < to; i++) {
      int slot = (int) values[i];
      int at = position + (i - from) * BlockTable.BLOCK_BYTES;
      slab(slot).put(body(slot), source, at, BlockTable.BLOCK_BYTES);
    }
  }

  @Override
  public void copyOut(long value, int at, ByteBuffer target, int to, int lengthBytes) {
    int slot = (int) value;
    ByteBuffer slab = slab(slot);
    int version = head(slot) + VERSION_AT;
    int body = body(slot) + at;
    for (int looks = 1; ; looks++) {
      int before = (int) INT.getAcquire(slab, version);
      if ((before & 1) == 0) {
        target.put(to, slab, body, lengthBytes);
        VarHandle.loadLoadFence(); // the version below is not looked at earlier than the bytes
        if ((int) INT.getOpaque(slab, version) == before) {
          return;
        }
      }
      if (looks % PATIENCE == 0) {
        LockSupport.parkNanos(PAUSE_NANOS); // the writer may have lost its processor
      } else {
        Thread.onSpinWait();
      }
    }
  }

  @Override
  public boolean gathers() {
    return false;
  }

  @Override
  public void copyRun(long[] values, int count, ByteBuffer target, int to) {
    for (int i = 0; i < count; i++) {
      int at = to + i * BlockTable.BLOCK_BYTES;
      copyOut(values[i], 0, target, at, BlockTable.BLOCK_BYTES);
    }
  }
}
