/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.lock;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.facsim.array.Inode;

/** All locks, waiters and reservations of one file. Guarded by the table. */
final class FileLocks {
  /** A lock that is not free yet. */
  record Waiting(LockOwner owner, ByteRange range, LockMode mode) {}

  private final Inode file;
  private final Map<LockOwner, OwnedRanges> held = new HashMap<>();

  /** In the order of their coming, which is the order in which they are served. */
  private final Map<Waiting, LockWaiter> waiting = new LinkedHashMap<>();

  private final Map<LockOwner, ShareReservation> shares = new HashMap<>();

  FileLocks(Inode file) {
    this.file = file;
  }

  Inode file() {
    return file;
  }

  boolean isEmpty() {
    return held.isEmpty() && waiting.isEmpty() && shares.isEmpty();
  }

  int rangeCount() {
    return held.values().stream().mapToInt(OwnedRanges::count).sum();
  }

  int rangeCount(LockOwner owner) {
    OwnedRanges ranges = held.get(owner);
    return ranges == null ? 0 : ranges.count();
  }

  int waiterCount() {
    return waiting.size();
  }

  /** One lock of another owner that stands against this, or null. */
  HeldLock conflict(LockOwner owner, ByteRange range, LockMode mode) {
    for (Map.Entry<LockOwner, OwnedRanges> other : held.entrySet()) {
      if (!other.getKey().equals(owner)) {
        Map.Entry<ByteRange, LockMode> found = other.getValue().conflict(range, mode);
        if (found != null) {
          return new HeldLock(file, other.getKey(), found.getKey(), found.getValue());
        }
      }
    }
    return null;
  }

  /** Adds every owner that stands against this. */
  void conflictingOwners(Waiting wish, Set<LockOwner> owners) {
    held.forEach(
        (owner, ranges) -> {
          if (!owner.equals(wish.owner()) && ranges.conflict(wish.range(), wish.mode()) != null) {
            owners.add(owner);
          }
        });
  }

  void take(LockOwner owner, ByteRange range, LockMode mode) {
    held.computeIfAbsent(owner, unused -> new OwnedRanges()).take(range, mode);
  }

  boolean isSplitBy(LockOwner owner, ByteRange range) {
    OwnedRanges ranges = held.get(owner);
    return ranges != null && ranges.isSplitBy(range);
  }

  void give(LockOwner owner, ByteRange range) {
    OwnedRanges ranges = held.get(owner);
    if (ranges != null) {
      ranges.give(range);
      if (ranges.isEmpty()) {
        held.remove(owner);
      }
    }
  }

  /** Waits; one that waits already for just that keeps its place, with the new waiter. */
  void await(Waiting wish, LockWaiter waiter) {
    waiting.put(wish, waiter);
  }

  boolean isWaiting(Waiting wish) {
    return waiting.containsKey(wish);
  }

  boolean stopWaiting(Waiting wish) {
    return waiting.remove(wish) != null;
  }

  void forEachWaiting(Consumer<Waiting> action) {
    waiting.keySet().forEach(action);
  }

  /** Gives waiters what has become free, the first come first; returns whom to tell. */
  List<Runnable> serve() {
    List<Runnable> served = new ArrayList<>();
    Iterator<Map.Entry<Waiting, LockWaiter>> each = waiting.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<Waiting, LockWaiter> entry = each.next();
      Waiting wish = entry.getKey();
      if (conflict(wish.owner(), wish.range(), wish.mode()) == null) {
        each.remove();
        LockWaiter waiter = entry.getValue();
        take(wish.owner(), wish.range(), wish.mode());
        HeldLock lock = new HeldLock(file, wish.owner(), wish.range(), wish.mode());
        served.add(() -> waiter.granted(lock));
      }
    }
    return served;
  }

  /** Reserves, in place of what the owner had reserved; false if another's stands against it. */
  boolean reserve(LockOwner owner, ShareReservation wanted) {
    for (Map.Entry<LockOwner, ShareReservation> other : shares.entrySet()) {
      if (!other.getKey().equals(owner) && other.getValue().conflictsWith(wanted)) {
        return false;
      }
    }
    shares.put(owner, wanted);
    return true;
  }

  boolean isReservedBy(LockOwner owner) {
    return shares.containsKey(owner);
  }

  void unreserve(LockOwner owner) {
    shares.remove(owner);
  }

  int shareCount() {
    return shares.size();
  }

  /** Drops everything of these owners; returns whether there was something. */
  boolean release(Predicate<LockOwner> whose) {
    boolean any = held.keySet().removeIf(whose);
    any |= waiting.keySet().removeIf(wish -> whose.test(wish.owner()));
    any |= shares.keySet().removeIf(whose);
    return any;
  }

  boolean concerns(Predicate<LockOwner> whose) {
    return held.keySet().stream().anyMatch(whose)
        || shares.keySet().stream().anyMatch(whose)
        || waiting.keySet().stream().anyMatch(wish -> whose.test(wish.owner()));
  }

  void addHeldTo(List<HeldLock> all) {
    held.forEach(
        (owner, ranges) ->
            ranges.forEach((range, mode) -> all.add(new HeldLock(file, owner, range, mode))));
  }
}
