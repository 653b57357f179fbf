/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Counts what a table holds at most, in bytes of heap, in all and for each origin of clients, and
 * decides which origin may hold more. An origin may use as much as is then left free: one alone may
 * use half of the budget, two a third each, so that the next one always finds room. Guarded by the
 * table.
 */
final class LockLedger {
  /** A range, with its place in the tree of its owner. */
  static final int RANGE_BYTES = 256;

  /** The first of an owner on a file: the owner, the file's entry and its hold. */
  static final int OWNER_BYTES = 768;

  /** The bytes of a waiter; at least those of the owner and the ranges that it becomes. */
  static final int WAITER_BYTES = 4096;

  /** An open: with its owner, the file's entry and its hold. */
  static final int OPEN_BYTES = 512;

  /** A delegation: with its owner, the file's entry and what waits for its end. */
  static final int DELEGATION_BYTES = 1024;

  private final long maxBytes;
  private final Map<Object, Use> byOrigin = new HashMap<>();
  private final Map<LockClient, Use> byClient = new HashMap<>();
  private final Map<LockOwner, Map<FileLocks, Integer>> waits = new HashMap<>();
  private long bytes;
  private int ranges;
  private int waiters;
  private int shares;

  private static final class Use {
    long bytes;
  }

  LockLedger(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Whether an owner's origin may hold this many bytes more. */
  boolean admits(LockOwner owner, long moreBytes) {
    Use use = byOrigin.get(owner.client().origin());
    long free = maxBytes - bytes;
    return (use == null ? 0 : use.bytes) + moreBytes <= free;
  }

  /** Whether there is room at all, for any origin. */
  boolean hasRoom(long moreBytes) {
    return moreBytes <= maxBytes - bytes;
  }

  void ranges(LockOwner owner, int more) {
    ranges += more;
    add(owner, (long) more * RANGE_BYTES);
  }

  void ownerCame(LockOwner owner) {
    add(owner, ownerBytes(owner));
  }

  void ownerWent(LockOwner owner) {
    add(owner, -ownerBytes(owner));
  }

  static long ownerBytes(LockOwner owner) {
    return (long) OWNER_BYTES + owner.weightBytes();
  }

  void beganToWait(LockOwner owner, FileLocks file) {
    waiters++;
    waits.computeIfAbsent(owner, unused -> new LinkedHashMap<>()).merge(file, 1, Integer::sum);
    add(owner, waiterBytes(owner));
  }

  void endedToWait(LockOwner owner, FileLocks file) {
    waiters--;
    Map<FileLocks, Integer> files = waits.get(owner);
    files.merge(file, -1, (a, b) -> a + b == 0 ? null : a + b);
    if (files.isEmpty()) {
      waits.remove(owner);
    }
    add(owner, -waiterBytes(owner));
  }

  /** The protocol keeps its own copy of the owner with the waiter. */
  static long waiterBytes(LockOwner owner) {
    return WAITER_BYTES + 2L * owner.weightBytes();
  }

  /**
   * Counts an open or a delegation.
   *
   * @param itemBytes what one of this table takes beside its owner
   */
  void reserved(LockOwner owner, int itemBytes) {
    shares++;
    add(owner, itemBytes + owner.weightBytes());
  }

  void unreserved(LockOwner owner, int itemBytes) {
    shares--;
    add(owner, -itemBytes - owner.weightBytes());
  }

  /** Whether an owner's origin may hold an open or a delegation more. */
  boolean admitsItem(LockOwner owner, int itemBytes) {
    return admits(owner, (long) itemBytes + owner.weightBytes());
  }

  private void add(LockOwner owner, long more) {
    bytes += more;
    add(byOrigin, owner.client().origin(), more);
    add(byClient, owner.client(), more);
  }

  private static <K> void add(Map<K, Use> uses, K key, long more) {
    Use use = uses.computeIfAbsent(key, unused -> new Use());
    use.bytes += more;
    if (use.bytes == 0) {
      uses.remove(key);
    }
  }

  /** The files on which an owner waits. */
  Set<FileLocks> awaitedBy(LockOwner owner) {
    return waits.getOrDefault(owner, Map.of()).keySet();
  }

  /** Whether the table has nothing of a client. */
  boolean isIdle(LockClient client) {
    return !byClient.containsKey(client);
  }

  int ranges() {
    return ranges;
  }

  int waiters() {
    return waiters;
  }

  int shares() {
    return shares;
  }

  long bytes() {
    return bytes;
  }
}
