/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Finished answers by call, in one piece of direct memory that is used as a ring: a new answer
 * replaces the oldest. Thousands of answers a second pass through here; as objects, they would be
 * work for the garbage collector.
 *
 * <pre>
 *   an entry, aligned to 8 bytes
 *   +--------+------+------+---------+---------+--------+---------+------+---------+
 *   | bytes  | next | hash | results | entered | fields | address | name | results |
 *   | 4      | 4    | 4    | 4       | 8       | 48     |         |      |         |
 *   +--------+------+------+---------+---------+--------+---------+------+---------+
 * </pre>
 *
 * <p>{@code next} chains the entries of one bucket, from the newest to the oldest. An entry never
 * wraps around; what is left at the end of the memory is a gap, whose {@code bytes} are negative.
 *
 * <p>Not thread-safe.
 */
final class ReplyRing {
  private static final int NONE = -1;
  private static final int BUCKETS = 1024;

  private static final int BYTES_AT = 0;
  private static final int NEXT_AT = 4;
  private static final int HASH_AT = 8;
  private static final int RESULTS_AT = 12;
  private static final int ENTERED_AT = 16;
  private static final int FIELDS_AT = 24;
  private static final int FIELDS_BYTES = 48;
  private static final int ORIGIN_AT = FIELDS_AT + 40;
  private static final int VARIABLE_AT = FIELDS_AT + FIELDS_BYTES;

  /** A gap is noted in its first word. */
  private static final int ALIGNMENT = 8;

  private final int capacityBytes;
  private final int[] newest = new int[BUCKETS];

  /** Allocated with the first answer, because many caches never get one. */
  private ByteBuffer memory;

  private int oldestAt;
  private int freeAt;
  private int usedBytes;

  /**
   * @param capacityBytes of memory, for the answers, their keys and what lies between them
   */
  ReplyRing(int capacityBytes) {
    this.capacityBytes = capacityBytes / ALIGNMENT * ALIGNMENT;
    Arrays.fill(newest, NONE);
  }

  /** The bytes in use. */
  int usedBytes() {
    return usedBytes;
  }

  /** Drops every answer and keeps the memory. */
  void clear() {
    Arrays.fill(newest, NONE);
    oldestAt = 0;
    freeAt = 0;
    usedBytes = 0;
  }

  /**
   * Keeps an answer, unless it is larger than the whole memory. The oldest answers are dropped for
   * it.
   *
   * @param origin {@link CallOrigin#id} of where the call came from
   */
  void add(DuplicateRequestCache.Key key, long origin, long enteredNanos, byte[] results) {
    byte[] address = key.client().getAddress();
    String name = key.machineName();
    int resultsFrom = VARIABLE_AT + address.length + Character.BYTES * name.length();
    int entryBytes = aligned(resultsFrom + results.length);
    if (entryBytes > capacityBytes) {
      return;
    }
    if (memory == null && !takeMemory()) {
      return;
    }
    int at = makeRoom(entryBytes);
    int hash = key.hashCode();
    int bucket = bucketOf(hash);
    memory.putInt(at + BYTES_AT, entryBytes);
    memory.putInt(at + NEXT_AT, newest[bucket]);
    memory.putInt(at + HASH_AT, hash);
    memory.putInt(at + RESULTS_AT, results.length);
    memory.putLong(at + ENTERED_AT, enteredNanos);
    memory.putLong(at + ORIGIN_AT, origin);
    putFields(at + FIELDS_AT, key, address.length);
    memory.put(at + VARIABLE_AT, address);
    int nameAt = at + VARIABLE_AT + address.length;
    for (int i = 0; i < name.length(); i++) {
      memory.putChar(nameAt + Character.BYTES * i, name.charAt(i));
    }
    memory.put(at + resultsFrom, results);
    newest[bucket] = at;
  }

  /**
   * Allocates the memory; false if there is none. Nothing is remembered then, because the answer
   * itself must not fail.
   */
  private boolean takeMemory() {
    try {
      memory = ByteBuffer.allocateDirect(capacityBytes);
      return true;
    } catch (OutOfMemoryError e) {
      return false;
    }
  }

  private void putFields(int at, DuplicateRequestCache.Key key, int addressBytes) {
    memory.putLong(at, key.uid());
    memory.putLong(at + 8, key.gid());
    memory.putInt(at + 16, key.xid());
    memory.putInt(at + 20, key.version());
    memory.putInt(at + 24, key.procedure());
    memory.putInt(at + 28, key.argumentBytes());
    memory.putInt(at + 32, key.checksum());
    memory.putInt(at + 36, addressBytes << 16 | key.machineName().length());
  }

  /**
   * A copy of the results of a call. Two calls may have equal keys and not be the same: only a call
   * counts that {@code later} may repeat.
   *
   * @param later the origin of the call that is to be answered
   * @return null if there are no results, or they are older than {@code oldestNanos}
   */
  byte[] find(
      DuplicateRequestCache.Key key, long oldestNanos, CallOrigin later, CallOrigins origins) {
    int hash = key.hashCode();
    for (int at = newest[bucketOf(hash)]; at != NONE; at = memory.getInt(at + NEXT_AT)) {
      if (memory.getInt(at + HASH_AT) == hash && isOf(at, key)) {
        if (memory.getLong(at + ENTERED_AT) - oldestNanos < 0) {
          return null; // and the following entries of the chain are older
        }
        if (origins.mayBeRepeated(memory.getLong(at + ORIGIN_AT), later)) {
          byte[] results = new byte[memory.getInt(at + RESULTS_AT)];
          memory.get(resultsAt(at), results);
          return results;
        }
      }
    }
    return null;
  }

  private int resultsAt(int at) {
    int lengths = memory.getInt(at + FIELDS_AT + 36);
    return at + VARIABLE_AT + (lengths >>> 16) + Character.BYTES * (lengths & 0xffff);
  }

  private boolean isOf(int at, DuplicateRequestCache.Key key) {
    int fields = at + FIELDS_AT;
    int lengths = memory.getInt(fields + 36);
    return memory.getLong(fields) == key.uid()
        && memory.getLong(fields + 8) == key.gid()
        && memory.getInt(fields + 16) == key.xid()
        && memory.getInt(fields + 20) == key.version()
        && memory.getInt(fields + 24) == key.procedure()
        && memory.getInt(fields + 28) == key.argumentBytes()
        && memory.getInt(fields + 32) == key.checksum()
        && isAddress(at + VARIABLE_AT, lengths >>> 16, key.client())
        && isName(at + VARIABLE_AT + (lengths >>> 16), lengths & 0xffff, key.machineName());
  }

  private boolean isAddress(int at, int lengthBytes, InetAddress address) {
    byte[] kept = new byte[lengthBytes];
    memory.get(at, kept);
    return Arrays.equals(kept, address.getAddress());
  }

  private boolean isName(int at, int length, String name) {
    boolean same = length == name.length();
    for (int i = 0; same && i < length; i++) {
      same = memory.getChar(at + Character.BYTES * i) == name.charAt(i);
    }
    return same;
  }

  /** Drops the oldest entries until this many bytes are free in one piece, and takes them. */
  private int makeRoom(int entryBytes) {
    int leftBytes = capacityBytes - freeAt;
    if (entryBytes > leftBytes) {
      free(leftBytes);
      if (leftBytes > 0) {
        memory.putInt(freeAt + BYTES_AT, -leftBytes);
        usedBytes += leftBytes;
      }
      freeAt = 0;
    }
    free(entryBytes);
    int at = freeAt;
    freeAt += entryBytes;
    usedBytes += entryBytes;
    return at;
  }

  private void free(int wantedBytes) {
    while (capacityBytes - usedBytes < wantedBytes) {
      if (oldestAt == capacityBytes) {
        oldestAt = 0;
      }
      int bytes = memory.getInt(oldestAt + BYTES_AT);
      if (bytes > 0) {
        unlink(oldestAt);
      }
      usedBytes -= Math.abs(bytes);
      oldestAt += Math.abs(bytes);
    }
  }

  /** The oldest of all is the last of its bucket. */
  private void unlink(int entry) {
    int bucket = bucketOf(memory.getInt(entry + HASH_AT));
    if (newest[bucket] == entry) {
      newest[bucket] = NONE;
      return;
    }
    int at = newest[bucket];
    for (int next = memory.getInt(at + NEXT_AT); next != entry; ) {
      at = next;
      next = memory.getInt(at + NEXT_AT);
    }
    memory.putInt(at + NEXT_AT, NONE);
  }

  private static int bucketOf(int hash) {
    return hash & BUCKETS - 1;
  }

  private static int aligned(int bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
