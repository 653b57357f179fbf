/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.facsim.array.Inode;

/** All locks and waiters of one file. Guarded by the table. */
final class FileLocks {
  /** A lock that is not free yet. */
  record Waiting(LockOwner owner, ByteRange range, LockMode mode) {}

  private final Inode file;
  private final LockLedger ledger;
  private final Map<LockOwner, OwnedRanges> held = new HashMap<>();

  /** The waiters, in the order in which they came, which is the order in which they are served. */
  private final Map<Waiting, LockWaiter> waiting = new LinkedHashMap<>();

  /** What is told when a range is free, but does not take it. */
  private final Map<Waiting, Runnable> watching = new LinkedHashMap<>();

  FileLocks(Inode file, LockLedger ledger) {
    this.file = file;
    this.ledger = ledger;
  }

  Inode file() {
    return file;
  }

  boolean isEmpty() {
    return held.isEmpty() && waiting.isEmpty();
  }

  boolean isHeldBy(LockOwner owner) {
    return held.containsKey(owner);
  }

  /** One lock of another owner that conflicts with this one, or null. */
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

  /** Adds every owner of a conflicting lock. */
  void conflictingOwners(Waiting wish, Set<LockOwner> owners) {
    held.forEach(
        (owner, ranges) -> {
          if (!owner.equals(wish.owner()) && ranges.conflict(wish.range(), wish.mode()) != null) {
            owners.add(owner);
          }
        });
  }

  void take(LockOwner owner, ByteRange range, LockMode mode) {
    OwnedRanges ranges = held.get(owner);
    if (ranges == null) {
      ranges = new OwnedRanges();
      held.put(owner, ranges);
      ledger.ownerCame(owner);
    }
    int before = ranges.count();
    ranges.take(range, mode);
    ledger.ranges(owner, ranges.count() - before);
  }

  boolean isSplitBy(LockOwner owner, ByteRange range) {
    OwnedRanges ranges = held.get(owner);
    return ranges != null && ranges.isSplitBy(range);
  }

  void give(LockOwner owner, ByteRange range) {
    OwnedRanges ranges = held.get(owner);
    if (ranges != null) {
      int before = ranges.count();
      ranges.give(range);
      ledger.ranges(owner, ranges.count() - before);
      if (ranges.isEmpty()) {
        held.remove(owner);
        ledger.ownerWent(owner);
      }
    }
  }

  /**
   * Adds a waiter. If the owner waits for exactly this already, it keeps its place, with the new
   * waiter.
   */
  void await(Waiting wish, LockWaiter waiter) {
    if (waiting.put(wish, waiter) == null) {
      ledger.beganToWait(wish.owner(), this);
    }
  }

  boolean isWaiting(Waiting wish) {
    return waiting.containsKey(wish);
  }

  boolean stopWaiting(Waiting wish) {
    if (waiting.remove(wish) == null) {
      return false;
    }
    ledger.endedToWait(wish.owner(), this);
    return true;
  }

  /** Adds every owner that this owner waits for. */
  void ownersInTheWayOf(LockOwner waiter, Set<LockOwner> owners) {
    for (Waiting wish : waiting.keySet()) {
      if (wish.owner().equals(waiter)) {
        conflictingOwners(wish, owners);
      }
    }
  }

  /**
   * Gives waiters the locks that have become free, in the order in which they came. Returns the
   * tasks that tell them.
   */
  List<Runnable> serve() {
    if (waiting.isEmpty() && watching.isEmpty()) {
      return List.of();
    }
    List<Runnable> served = new ArrayList<>();
    Iterator<Map.Entry<Waiting, LockWaiter>> each = waiting.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<Waiting, LockWaiter> entry = each.next();
      Waiting wish = entry.getKey();
      if (conflict(wish.owner(), wish.range(), wish.mode()) == null) {
        each.remove();
        ledger.endedToWait(wish.owner(), this);
        LockWaiter waiter = entry.getValue();
        take(wish.owner(), wish.range(), wish.mode());
        HeldLock lock = new HeldLock(file, wish.owner(), wish.range(), wish.mode());
        served.add(() -> waiter.granted(lock));
      }
    }
    watching
        .entrySet()
        .removeIf(
            entry -> {
              Waiting wish = entry.getKey();
              boolean isFree = conflict(wish.owner(), wish.range(), wish.mode()) == null;
              if (isFree) {
                served.add(entry.getValue());
              }
              return isFree;
            });
    return served;
  }

  /** Has a task run when a range is free; it does not take the range. */
  void watch(Waiting wish, Runnable task) {
    watching.put(wish, task);
  }

  void unwatch(Waiting wish) {
    watching.remove(wish);
  }

  /** Whether a lock or a wait of another client forbids a delegation to this one. */
  boolean standsAgainst(LockClient client, DelegationKind kind) {
    LockMode mode = kind == DelegationKind.WRITE ? LockMode.EXCLUSIVE : LockMode.SHARED;
    return held.entrySet().stream()
            .anyMatch(
                other ->
                    !other.getKey().client().equals(client)
                        && other.getValue().conflict(ByteRange.WHOLE, mode) != null)
        || waiting.keySet().stream()
            .anyMatch(
                wish -> !wish.owner().client().equals(client) && wish.mode().conflictsWith(mode));
  }

  /** Whether another owner waits for something that a client holds. */
  boolean isAwaited(LockClient client) {
    return waiting.keySet().stream()
        .anyMatch(
            wish ->
                held.entrySet().stream()
                    .anyMatch(
                        other ->
                            other.getKey().client().equals(client)
                                && !other.getKey().equals(wish.owner())
                                && other.getValue().conflict(wish.range(), wish.mode()) != null));
  }

  /** Drops all locks and waits of these owners; returns whether there were any. */
  boolean release(Predicate<LockOwner> whose) {
    boolean any = held.entrySet().removeIf(entry -> whose.test(entry.getKey()) && drop(entry));
    any |= waiting.keySet().removeIf(wish -> whose.test(wish.owner()) && drop(wish));
    return any;
  }

  private boolean drop(Map.Entry<LockOwner, OwnedRanges> entry) {
    ledger.ranges(entry.getKey(), -entry.getValue().count());
    ledger.ownerWent(entry.getKey());
    return true;
  }

  private boolean drop(Waiting wish) {
    ledger.endedToWait(wish.owner(), this);
    return true;
  }

  /** Adds these owners if they hold something or wait for it. */
  void addOwners(Predicate<LockOwner> whose, Set<LockOwner> owners) {
    held.keySet().stream().filter(whose).forEach(owners::add);
    waiting.keySet().stream().map(Waiting::owner).filter(whose).forEach(owners::add);
  }

  void addHeldTo(List<HeldLock> all) {
    held.forEach(
        (owner, ranges) ->
            ranges.forEach((range, mode) -> all.add(new HeldLock(file, owner, range, mode))));
  }
}
