/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.block.memory.DirectMemory;
import org.facsim.array.block.memory.Epochs;
import org.facsim.array.block.memory.HugePages;
import org.facsim.array.log.Batch;
import org.facsim.array.log.RecordKind;

/**
 * Numbered records of one size in slabs of direct memory. Nodes, block entries, payload slots and
 * names are such records. Numbers start at 1, and 0 means nothing.
 *
 * <p>A record is <em>in use</em>, <em>in limbo</em> (retired, a reader may still look at it) or
 * <em>free</em>. Limbo has two chains. One of them fills. When it is long enough and the other one
 * is empty, it is sealed with an epoch tag and becomes the other one. When that tag has elapsed,
 * the whole chain is joined to the free list. Links are inside the records, in a place at which
 * readers do not look, so no list ever has to grow.
 *
 * <p>A slab has first the heads of its records and then their bodies. Things that are made one
 * after another are often counted one after another, and then their heads share cache lines.
 *
 * <p>Slabs are small (200 KiB to 1 MiB). Therefore a small volume costs little, and a table wastes
 * few bytes for each record. A larger table makes several slabs in one piece, see {@link
 * HugePages}. The number of records in a slab is part of the durable layout.
 *
 * <p>Not thread-safe. The volume's lock guards it, or the arena's own lock for payload slots.
 * Readers may call {@link #slab} and {@link #body} for a number that they found in an acquired
 * pointer, because the slab was there before the pointer was released to them.
 */
public abstract class RecordTable {
  public static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  public static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /**
   * While loading, slabs are made in pieces of at most this size, which is large enough for huge
   * pages. The operating system fills these several times faster than small ones.
   */
  private static final int MAX_PIECE_BYTES = 16 << 20;

  /** A piece is at most this fraction of what is there, so that little is left over. */
  private static final int PIECE_PART = 16;

  /** A limbo chain is sealed when it has this many records. */
  private static final int SEAL_COUNT = 128;

  private final DirectMemory memory;
  private final Epochs epochs;
  private final int headBytes;
  private final int bodyBytes;
  private final int linkAt;
  private final int slabShift;
  private final int bodyBase;
  private final int slabBytes;

  /** Null if the record that was freed last is used first. */
  private final FreeRecords free;

  private final List<DirectMemory.Slab> allocations = new ArrayList<>();
  private ByteBuffer[] slabs = {};
  private int slabCount;

  /** What changed; null in an ephemeral array. */
  private DirtyLines dirty;

  private int next = 1;
  private long capacity;
  private int freeHead;
  private long freeCount;
  private int fillingHead;
  private int fillingTail;
  private int fillingCount;
  private int waitingHead;
  private int waitingTail;
  private int waitingCount;
  private long waitingTag;

  /**
   * @param headBytes the part of a record that lies next to the heads of its neighbours
   * @param bodyBytes the rest of it
   * @param linkAt where in the head of a retired record its link is; readers do not look there
   * @param slabShift a slab holds 2 to this many records
   */
  public RecordTable(
      DirectMemory memory, Epochs epochs, int headBytes, int bodyBytes, int linkAt, int slabShift) {
    this(memory, epochs, headBytes, bodyBytes, linkAt, slabShift, null);
  }

  /**
   * @param free says which free record is used next; such a table is never loaded
   */
  protected RecordTable(
      DirectMemory memory,
      Epochs epochs,
      int headBytes,
      int bodyBytes,
      int linkAt,
      int slabShift,
      FreeRecords free) {
    this.memory = memory;
    this.epochs = epochs;
    this.headBytes = headBytes;
    this.bodyBytes = bodyBytes;
    this.linkAt = linkAt;
    this.slabShift = slabShift;
    this.bodyBase = headBytes << slabShift;
    this.slabBytes = (headBytes + bodyBytes) << slabShift;
    this.free = free;
  }

  /** Returns the slab that holds a record. */
  public final ByteBuffer slab(int id) {
    return slabs[id >>> slabShift];
  }

  /** Where in its slab a record's head starts. */
  public final int head(int id) {
    return (id & ((1 << slabShift) - 1)) * headBytes;
  }

  /** Where in its slab a record's body starts. */
  public final int body(int id) {
    return bodyBase + (id & ((1 << slabShift) - 1)) * bodyBytes;
  }

  /**
   * Makes the next {@code count} allocations unable to fail.
   *
   * @throws ArrayException NO_SPACE if there is no direct memory for them
   */
  public final void ensure(long count) {
    if (available() >= count) {
      return;
    }
    collect();
    while (available() < count) {
      grow();
    }
  }

  /** Makes a record with arbitrary contents. */
  protected final int allocate() {
    if (free != null) {
      ensure(1);
      freeCount--;
      return free.take();
    }
    if (freeHead == 0 && fillingCount + waitingCount >= SEAL_COUNT) {
      collect();
    }
    if (freeHead != 0) {
      int id = freeHead;
      freeHead = link(id);
      freeCount--;
      return id;
    }
    if (next == capacity || capacity == 0) {
      grow();
    }
    return next++;
  }

  /** Retires a record that is not linked any more. It is used again when no reader can see it. */
  public final void retire(int id) {
    // At the end, so that what was side by side in a file and is overwritten in turn is so again.
    setLink(id, 0);
    if (fillingHead == 0) {
      fillingHead = id;
    } else {
      setLink(fillingTail, id);
    }
    fillingTail = id;
    if (++fillingCount >= SEAL_COUNT) {
      collect();
    }
  }

  /** Frees a record that was never linked. */
  protected final void free(int id) {
    if (free != null) {
      free.give(id);
    } else {
      setLink(id, freeHead);
      freeHead = id;
    }
    freeCount++;
  }

  /**
   * Notes that free records were taken from {@link FreeRecords} by its owner, who had made sure
   * that there are so many.
   */
  protected final void took(int count) {
    freeCount -= count;
  }

  /** How many records are free now, which is less than can be made without another slab. */
  protected final long freeNow() {
    return freeCount;
  }

  /** How many records are neither free nor in limbo. */
  public final long inUse() {
    return next - 1 - freeCount - fillingCount - waitingCount;
  }

  /** One more than the greatest number that was ever given out. */
  public final int endId() {
    return next;
  }

  /** Direct memory that this table holds. */
  public final long directBytes() {
    return (long) slabCount * slabBytes;
  }

  /** Gives all memory back. No reader is there, and none will come. */
  public final void freeSlabs() {
    slabs = new ByteBuffer[0];
    slabCount = 0;
    allocations.forEach(memory::free);
    allocations.clear();
  }

  /** Gives each slab back when nobody can reach it any more, because readers may still come. */
  public final void leaveSlabs() {
    allocations.forEach(memory::freeWhenUnreachable);
    allocations.clear();
  }

  // ---------------------------------------------------------------- stable storage

  /** From now on {@link #touch} notes what changes. */
  public final void track(DirtyLines lines) {
    dirty = lines;
  }

  /** Notes that a part of a record changed that has to be stored. */
  final void touch(int id, int at, int lengthBytes) {
    if (dirty != null) {
      dirty.mark((long) (id >>> slabShift) * slabBytes + at, lengthBytes);
    }
  }

  /** Copies what changed into a batch. The bytes of the table are its slabs, one after another. */
  public final void cut(DirtyLines lines, RecordKind kind, int volume, Batch into) {
    lines.drain(
        (offsetBytes, lengthBytes) -> {
          ByteBuffer slab = slabs[(int) (offsetBytes / slabBytes)];
          int at = (int) (offsetBytes % slabBytes);
          into.patch(kind, volume, offsetBytes, lengthBytes).put(slab.slice(at, lengthBytes));
        });
  }

  /** Loads a piece of the table. */
  public final void load(long offsetBytes, ByteBuffer bytes) {
    int from = bytes.position();
    long at = offsetBytes;
    while (from < bytes.limit()) {
      int index = Math.toIntExact(at / slabBytes);
      while (index >= slabCount) {
        grow(Math.max(1, Math.min(MAX_PIECE_BYTES / slabBytes, slabCount / PIECE_PART)));
      }
      int inSlab = (int) (at % slabBytes);
      int length = Math.min(bytes.limit() - from, slabBytes - inSlab);
      slabs[index].put(inSlab, bytes, from, length);
      from += length;
      at += length;
    }
  }

  /** One more than the greatest number for which there is room. */
  final int capacityEnd() {
    return (int) capacity;
  }

  /**
   * Finds the free records after loading: those whose count is 0 and that do not wait.
   *
   * @param firstWaiting the first of a chain of records in use with count 0, or 0
   * @param countAt where in its head a record has its count, which is 0 for a free record
   */
  final void rebuild(int firstWaiting, int countAt) {
    BitSet waiting = waitingFrom(firstWaiting);
    int perSlab = 1 << slabShift;
    next = 1;
    freeHead = 0;
    freeCount = 0;
    for (int slab = (int) (capacity >>> slabShift) - 1; slab >= 0; slab--) {
      ByteBuffer heads = slabs[slab];
      int first = slab << slabShift;
      for (int i = perSlab - 1; i >= 0; i--) {
        int id = first + i;
        if ((int) INT.get(heads, i * headBytes + countAt) != 0 || waiting.get(id)) {
          next = Math.max(next, id + 1);
        } else if (id < next && id > 0) {
          free(id);
        }
      }
    }
  }

  /** Returns the records in the chain, which uses the place where free records have their link. */
  private BitSet waitingFrom(int first) {
    BitSet waiting = new BitSet();
    for (int id = first; id != 0; id = link(id)) {
      if (waiting.get(id)) {
        throw new ArrayException(ArrayError.IO, "records wait in a circle at " + id);
      }
      waiting.set(id);
    }
    return waiting;
  }

  /** How many records could be made without another slab, including those in limbo. */
  protected final long unused() {
    return available() + fillingCount + waitingCount;
  }

  private long available() {
    return freeCount + Math.max(0, capacity - next);
  }

  /** Moves what no reader can see any more to the free list. */
  protected final void collect() {
    spliceWaiting();
    if (waitingCount == 0 && fillingCount > 0) {
      waitingHead = fillingHead;
      waitingTail = fillingTail;
      waitingCount = fillingCount;
      waitingTag = epochs.tag();
      fillingHead = 0;
      fillingCount = 0;
      spliceWaiting();
    }
  }

  private void spliceWaiting() {
    if (waitingCount > 0 && epochs.elapsed(waitingTag)) {
      if (free != null) {
        giveWaiting();
      } else {
        setLink(waitingTail, freeHead);
        freeHead = waitingHead;
      }
      freeCount += waitingCount;
      waitingCount = 0;
    }
  }

  private void giveWaiting() {
    int id = waitingHead;
    for (int i = 0; i < waitingCount; i++) {
      int following = link(id);
      free.give(id);
      id = following;
    }
  }

  /**
   * Makes at least one slab.
   *
   * @throws ArrayException NO_SPACE
   */
  protected final void grow() {
    int wanted = HugePages.slabs(slabBytes, directBytes());
    if (wanted > 1 && memory.hasLeft(HugePages.pieceBytes(wanted * slabBytes))) {
      try {
        grow(wanted);
        return;
      } catch (ArrayException e) {
        // another array of this process has just taken some of it
      }
    }
    grow(1);
  }

  private void grow(int count) {
    if (capacity + ((long) count << slabShift) > Integer.MAX_VALUE) {
      throw new ArrayException(
          ArrayError.NO_SPACE, "no number left for another of " + capacity + " records");
    }
    int bytes = count * slabBytes;
    DirectMemory.Slab piece = memory.allocate(count == 1 ? bytes : HugePages.pieceBytes(bytes));
    allocations.add(piece);
    if (slabCount + count > slabs.length) {
      slabs = Arrays.copyOf(slabs, Math.max(4, slabCount + count + slabCount / 2));
    }
    for (int i = 0; i < count; i++) {
      slabs[slabCount++] = count == 1 ? piece.view() : piece.view().slice(i * slabBytes, slabBytes);
    }
    capacity += (long) count << slabShift;
    if (free != null) {
      free.grow((int) capacity);
      freeCount += capacity - next;
      next = (int) capacity;
    }
  }

  private int link(int id) {
    return (int) INT.get(slab(id), head(id) + linkAt);
  }

  private void setLink(int id, int link) {
    INT.set(slab(id), head(id) + linkAt, link);
  }
}
