/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.facsim.array.block.memory.DirectMemory;
import org.facsim.array.block.memory.Epochs;
import org.facsim.array.block.memory.MetadataAccount;

/**
 * The names of all directories of a volume, outside the heap: each is a record of 24 bytes and the
 * name, which is found by directory and name, or by its place.
 *
 * <pre>
 *   byte   0  next       int   the next record in the bucket
 *          4  row        int   of the inode that the name leads to ({@link InodeRows})
 *          8  cookie     long
 *         16  directory  int   the row of the directory
 *         20  hash       int   its upper 24 bits, and the length of the name
 *         24  name
 * </pre>
 *
 * <p>The volume has one hash table, so that a small directory costs nothing except its names. It
 * grows and shrinks by linear hashing: with each name that comes or goes, at most a few buckets are
 * divided or joined, so nobody ever waits until a table is copied. The hash is keyed, so that no
 * client can choose names that collide.
 *
 * <p>Readers take no lock. They announce themselves to {@link Epochs}, so that no record that they
 * may see is used again, and follow acquired links. A reader may miss a record that moves between
 * two buckets. Therefore, if a reader finds nothing, it looks whether buckets were divided
 * meanwhile, and tries again.
 *
 * <p>Changes are made under the volume's lock.
 */
public final class NameTable {
  private static final VarHandle BUCKET = MethodHandles.arrayElementVarHandle(int[].class);

  private static final VarHandle CHANGES;

  static {
    try {
      CHANGES = MethodHandles.lookup().findVarHandle(NameTable.class, "changes", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final int NEXT = 0;
  private static final int ROW = 4;
  private static final int COOKIE = 8;
  private static final int DIRECTORY = 16;
  private static final int HASH = 20;
  private static final int NAME = 24;
  private static final int LENGTH_MASK = 0xff;
  private static final int HASH_SHIFT = 8;

  private static final int CHUNK_SHIFT = 9;
  private static final int CHUNK_BUCKETS = 1 << CHUNK_SHIFT;

  /** How many bytes of the heap a piece of the table takes, with its place in the whole. */
  public static final int CHUNK_BYTES = CHUNK_BUCKETS * Integer.BYTES + 16 + 8;

  /** A bucket is joined with another one when there are this many times more buckets than names. */
  private static final int SPARSE = 4;

  private static final int MIN_BUCKETS = CHUNK_BUCKETS;

  /**
   * The most buckets that a record's part of the hash can tell apart. More names make longer
   * chains.
   */
  private static final int MAX_BUCKETS = 1 << 24;

  private final TextHeap records;
  private final Epochs epochs;
  private final MetadataAccount metadata;
  private final NameHash hash;

  /** The first records of the buckets. It is replaced when a piece comes or goes. */
  private volatile int[][] chunks = {new int[CHUNK_BUCKETS]};

  private volatile int bucketCount = MIN_BUCKETS;

  /** Odd while records move between buckets. */
  private volatile int moves;

  private long count;

  /** How many names went or were led elsewhere. */
  private volatile long changes;

  public NameTable(DirectMemory memory, Epochs epochs, MetadataAccount metadata, long key) {
    records = new TextHeap(memory, epochs);
    this.epochs = epochs;
    this.metadata = metadata;
    hash = new NameHash(key);
    metadata.charge(CHUNK_BYTES);
  }

  /** Receives an entry, while it cannot go. */
  public interface Listed<T> {
    T listed(byte[] name, int row, long cookie);
  }

  /**
   * Makes the next {@link #add}s unable to fail.
   *
   * @param names how many names
   * @param nameBytes the size of all of them together
   * @throws org.facsim.array.ArrayException NO_SPACE if there is no direct memory for them
   */
  public void requireRoomFor(long names, long nameBytes) {
    records.ensure(
        names == 1
            ? TextHeap.unitsFor(NAME + (int) nameBytes)
            : (names * (NAME + TextHeap.UNIT_BYTES) + nameBytes) / TextHeap.UNIT_BYTES);
  }

  // ---------------------------------------------------------------- readers

  /** Announces a reader, until {@link #exit}. Takes no lock. */
  public int enter() {
    return epochs.enter();
  }

  public void exit(int ticket) {
    epochs.exit(ticket);
  }

  /**
   * Returns the record of a name, or 0. It is called within {@link #enter}, or with the lock held.
   */
  public int placeOf(int directory, byte[] name) {
    int tag = tag(hash.of(directory, name), name.length);
    long wanted = directoryAndTag(directory, tag);
    while (true) {
      int before = moves;
      int place = first(bucketOf(tag, bucketCount));
      while (place != 0) {
        ByteBuffer slab = records.slab(place);
        int at = records.at(place);
        if ((long) RecordTable.LONG.get(slab, at + DIRECTORY) == wanted
            && isNamed(slab, at + NAME, name)) {
          return place;
        }
        place = (int) RecordTable.INT.getAcquire(slab, at + NEXT);
      }
      VarHandle.acquireFence();
      if (before == moves && (before & 1) == 0) {
        return 0;
      }
      Thread.onSpinWait();
    }
  }

  private static boolean isNamed(ByteBuffer slab, int at, byte[] name) {
    int i = 0;
    for (; i + Long.BYTES <= name.length; i += Long.BYTES) {
      if ((long) RecordTable.LONG.get(slab, at + i) != (long) NameHash.WORD.get(name, i)) {
        return false;
      }
    }
    for (; i < name.length; i++) {
      if (slab.get(at + i) != name[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the row to which a record leads. It is called within {@link #enter}, or with the lock
   * held.
   */
  public int rowIn(int place) {
    return (int) RecordTable.INT.getAcquire(records.slab(place), records.at(place) + ROW);
  }

  /**
   * Returns the row of a record's directory. It is called within {@link #enter}, or with the lock
   * held.
   */
  public int directoryIn(int place) {
    return (int) RecordTable.INT.get(records.slab(place), records.at(place) + DIRECTORY);
  }

  /** Returns the name in a record. It is called within {@link #enter}, or with the lock held. */
  public byte[] nameIn(int place) {
    return name(records.slab(place), records.at(place));
  }

  /**
   * A counter that grows with every name that goes or leads elsewhere. As long as it stays the
   * same, what was found by names is still right. Takes no lock.
   */
  public long changes() {
    return changes;
  }

  /** Returns the cookie in a record. It is called within {@link #enter}, or with the lock held. */
  public long cookieIn(int place) {
    return (long) RecordTable.LONG.get(records.slab(place), records.at(place) + COOKIE);
  }

  /** Tells what a record has. It is called within {@link #enter}, or with the lock held. */
  public <T> T list(int place, Listed<T> receiver) {
    ByteBuffer slab = records.slab(place);
    int at = records.at(place);
    return receiver.listed(
        name(slab, at),
        (int) RecordTable.INT.getAcquire(slab, at + ROW),
        (long) RecordTable.LONG.get(slab, at + COOKIE));
  }

  private static byte[] name(ByteBuffer slab, int at) {
    byte[] name = new byte[(int) RecordTable.INT.get(slab, at + HASH) & LENGTH_MASK];
    slab.get(at + NAME, name);
    return name;
  }

  // ---------------------------------------------------------------- changes

  /** Adds a name that is not there yet, for which there is room. Returns its place. */
  public int add(int directory, byte[] name, int row, long cookie) {
    int tag = tag(hash.of(directory, name), name.length);
    int place = records.allocate(TextHeap.unitsFor(NAME + name.length));
    ByteBuffer slab = records.slab(place);
    int at = records.at(place);
    RecordTable.INT.set(slab, at + ROW, row);
    RecordTable.LONG.set(slab, at + COOKIE, cookie);
    RecordTable.LONG.set(slab, at + DIRECTORY, directoryAndTag(directory, tag));
    slab.put(at + NAME, name);
    push(bucketOf(tag, bucketCount), place);
    count++;
    if (count > bucketCount && bucketCount < MAX_BUCKETS) {
      divide();
    }
    return place;
  }

  /** Removes a name. */
  public void remove(int place) {
    ByteBuffer slab = records.slab(place);
    int at = records.at(place);
    int bucket = bucketOf(tagOf(place), bucketCount);
    int next = (int) RecordTable.INT.get(slab, at + NEXT);
    int before = first(bucket);
    if (before == place) {
      setFirst(bucket, next);
    } else {
      while (next(before) != place) {
        before = next(before);
      }
      setNext(before, next);
    }
    int length = (int) RecordTable.INT.get(slab, at + HASH) & LENGTH_MASK;
    records.giveBack(place, TextHeap.unitsFor(NAME + length));
    count--;
    changed();
    // enough joins that few buckets are left if all names go
    for (int i = 0; i < SPARSE && count < bucketCount / SPARSE && bucketCount > MIN_BUCKETS; i++) {
      join();
    }
  }

  /** Lets a name lead to another inode. */
  public void setRow(int place, int row) {
    RecordTable.INT.setRelease(records.slab(place), records.at(place) + ROW, row);
    changed();
  }

  private void changed() {
    CHANGES.setRelease(this, changes + 1);
  }

  /** How many bytes of the heap the table takes. */
  public long heapBytes() {
    return (long) chunks.length * CHUNK_BYTES;
  }

  /** For how many names of a given size its memory has room, without growing. */
  public long room(int nameBytes) {
    return records.freeBytes() / bytesFor(nameBytes);
  }

  /** How many bytes a name takes outside the heap. */
  public static int bytesFor(int nameBytes) {
    return TextHeap.unitsFor(NAME + nameBytes) * TextHeap.UNIT_BYTES;
  }

  /** How many names the volume has. */
  public long count() {
    return count;
  }

  public void leaveSlabs() {
    records.leaveSlabs();
  }

  // ---------------------------------------------------------------- linear hashing

  /** With n buckets, those above the greatest power of two in n are not divided yet. */
  private static int bucketOf(int tag, int n) {
    int hash = tag >>> HASH_SHIFT;
    int low = Integer.highestOneBit(n);
    int bucket = hash & (2 * low - 1);
    return bucket < n ? bucket : bucket - low;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time
  private void divide() {
    int n = bucketCount;
    int[][] now = chunks;
    if (n >>> CHUNK_SHIFT == now.length) {
      int[][] more = Arrays.copyOf(now, now.length + 1);
      more[now.length] = new int[CHUNK_BUCKETS];
      chunks = more;
      metadata.charge(CHUNK_BYTES);
    }
    int old = n - Integer.highestOneBit(n);
    moves++;
    VarHandle.fullFence();
    int place = first(old);
    setFirst(old, 0);
    bucketCount = n + 1;
    while (place != 0) {
      int next = next(place);
      push(bucketOf(tagOf(place), n + 1), place);
      place = next;
    }
    moves++;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time
  private void join() {
    int n = bucketCount - 1;
    int into = n - Integer.highestOneBit(n);
    moves++;
    VarHandle.fullFence();
    int place = first(n);
    setFirst(n, 0);
    bucketCount = n;
    while (place != 0) {
      int next = next(place);
      push(into, place);
      place = next;
    }
    moves++;
    int[][] now = chunks;
    // the last piece stays for the next division until the one before it is empty, too
    if (now.length - 2 > (n - 1) >>> CHUNK_SHIFT) {
      chunks = Arrays.copyOf(now, now.length - 1);
      metadata.charge(-CHUNK_BYTES);
    }
  }

  private int first(int bucket) {
    int[][] now = chunks;
    int chunk = bucket >>> CHUNK_SHIFT;
    // a reader may have an old number of buckets; it will look again
    return chunk < now.length
        ? (int) BUCKET.getAcquire(now[chunk], bucket & (CHUNK_BUCKETS - 1))
        : 0;
  }

  private void setFirst(int bucket, int place) {
    BUCKET.setRelease(chunks[bucket >>> CHUNK_SHIFT], bucket & (CHUNK_BUCKETS - 1), place);
  }

  private void push(int bucket, int place) {
    setNext(place, first(bucket));
    setFirst(bucket, place);
  }

  private int next(int place) {
    return (int) RecordTable.INT.getAcquire(records.slab(place), records.at(place) + NEXT);
  }

  private void setNext(int place, int next) {
    RecordTable.INT.setRelease(records.slab(place), records.at(place) + NEXT, next);
  }

  // ---------------------------------------------------------------- tags

  private static int tag(int hash, int length) {
    return (hash & ~LENGTH_MASK) | length;
  }

  /** The two words of a record that have to be right before its name is looked at. */
  private static long directoryAndTag(int directory, int tag) {
    return (long) tag << Integer.SIZE | (directory & 0xffff_ffffL);
  }

  private int tagOf(int place) {
    return (int) RecordTable.INT.get(records.slab(place), records.at(place) + HASH);
  }
}
