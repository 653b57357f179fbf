/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.lock;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.facsim.array.ArrayException;
import org.facsim.array.Inode;
import org.facsim.array.Volume;

/**
 * Who has locked what. Advisory: READ and WRITE do not ask here.
 *
 * <p>Locks are POSIX's: what an owner locks replaces what he had there, byte for byte; owners stand
 * against each other, an owner never against himself. A lock that is not free can be waited for;
 * waiters are served in the order of their coming, each as soon as nobody stands against it, and
 * hold their lock before they are told. A wait that would close a circle is refused.
 *
 * <p>A file on which there is anything here is held ({@link Volume#hold}): it stays usable by its
 * handle when its last name is removed, so that its locks can still be given up.
 *
 * <p>Locks end by {@link #unlock}, and all those of a client by {@link #release}, which each door
 * calls when its protocol says that the client is gone. Nothing here runs out by itself.
 *
 * <p>One monitor guards everything; the volume's lock is taken within it, for a hold, and nothing
 * else is. Waiters are told outside of it. Bounded in ranges, waiters and reservations, each over
 * all files. Thread-safe.
 */
public final class LockTable {
  /** Ranges held at most. */
  public static final int MAX_RANGES = 1 << 18;

  /** Locks waited for at most. */
  public static final int MAX_WAITERS = 1 << 14;

  /** Reservations at most. */
  public static final int MAX_SHARES = 1 << 16;

  /** A circle longer than this is not found; its members wait until one gives up. */
  private static final int MAX_DEADLOCK_SEARCH = 1 << 8;

  private final int maxRanges;
  private final int maxWaiters;
  private final IdentityHashMap<Inode, FileLocks> files = new IdentityHashMap<>();
  private int ranges;
  private int waiters;
  private int shares;

  public LockTable() {
    this(MAX_RANGES, MAX_WAITERS);
  }

  LockTable(int maxRanges, int maxWaiters) {
    this.maxRanges = maxRanges;
    this.maxWaiters = maxWaiters;
  }

  /**
   * Who stands against a lock.
   *
   * @return null if nobody does
   */
  public synchronized HeldLock test(Inode file, LockOwner owner, ByteRange range, LockMode mode) {
    FileLocks locks = files.get(file);
    return locks == null ? null : locks.conflict(owner, range, mode);
  }

  /**
   * Locks a range if it is free.
   *
   * @return Granted, Denied or Full
   * @throws ArrayException STALE if the file is gone
   */
  public LockOutcome lock(Inode file, LockOwner owner, ByteRange range, LockMode mode) {
    return lock(file, new FileLocks.Waiting(owner, range, mode), null);
  }

  /**
   * Locks a range, now or when it is free. Who waits already for just that goes on waiting.
   *
   * @return Granted, Waiting, Deadlock or Full
   * @throws ArrayException STALE if the file is gone
   */
  public LockOutcome lockOrWait(
      Inode file, LockOwner owner, ByteRange range, LockMode mode, LockWaiter waiter) {
    return lock(file, new FileLocks.Waiting(owner, range, mode), waiter);
  }

  private LockOutcome lock(Inode file, FileLocks.Waiting wish, LockWaiter waiterOrNull) {
    List<Runnable> served = List.of();
    LockOutcome outcome;
    synchronized (this) {
      FileLocks locks = locksOf(file);
      try {
        HeldLock holder = locks.conflict(wish.owner(), wish.range(), wish.mode());
        if (holder == null) {
          outcome = take(locks, wish);
          // an exclusive lock may have become a shared one
          served = serve(locks);
        } else if (waiterOrNull == null) {
          outcome = new LockOutcome.Denied(holder);
        } else {
          outcome = await(locks, wish, waiterOrNull);
        }
      } finally {
        forgetIfEmpty(locks);
      }
    }
    served.forEach(Runnable::run);
    return outcome;
  }

  private LockOutcome take(FileLocks locks, FileLocks.Waiting wish) {
    // one range more for itself, one more for the rest of what it cuts in two
    if (ranges + 2 > maxRanges) {
      return new LockOutcome.Full();
    }
    if (locks.stopWaiting(wish)) {
      waiters--;
    }
    ranges -= locks.rangeCount(wish.owner());
    locks.take(wish.owner(), wish.range(), wish.mode());
    ranges += locks.rangeCount(wish.owner());
    return new LockOutcome.Granted();
  }

  private LockOutcome await(FileLocks locks, FileLocks.Waiting wish, LockWaiter waiter) {
    if (!locks.isWaiting(wish)) {
      if (waiters >= maxWaiters) {
        return new LockOutcome.Full();
      }
      if (closesCircle(locks, wish)) {
        return new LockOutcome.Deadlock();
      }
      waiters++;
    }
    locks.await(wish, waiter);
    return new LockOutcome.Waiting();
  }

  /** Whether someone who stands against this waits, over any number of corners, for its owner. */
  private boolean closesCircle(FileLocks locks, FileLocks.Waiting wish) {
    Set<LockOwner> reached = new HashSet<>();
    locks.conflictingOwners(wish, reached);
    List<LockOwner> open = new ArrayList<>(reached);
    while (!open.isEmpty() && reached.size() <= MAX_DEADLOCK_SEARCH) {
      LockOwner owner = open.remove(open.size() - 1);
      Set<LockOwner> next = new HashSet<>();
      for (FileLocks other : files.values()) {
        other.forEachWaiting(
            waiting -> {
              if (waiting.owner().equals(owner)) {
                other.conflictingOwners(waiting, next);
              }
            });
      }
      if (next.contains(wish.owner())) {
        return true;
      }
      next.removeIf(known -> !reached.add(known));
      open.addAll(next);
    }
    return false;
  }

  /**
   * Stops waiting.
   *
   * @return whether just that was waited for
   */
  public synchronized boolean cancel(Inode file, LockOwner owner, ByteRange range, LockMode mode) {
    FileLocks locks = files.get(file);
    if (locks == null || !locks.stopWaiting(new FileLocks.Waiting(owner, range, mode))) {
      return false;
    }
    waiters--;
    forgetIfEmpty(locks);
    return true;
  }

  /**
   * Gives up what the owner holds of a range, which may be nothing.
   *
   * @return false if the table is full and the owner would be left with one range more
   */
  public boolean unlock(Inode file, LockOwner owner, ByteRange range) {
    List<Runnable> served;
    synchronized (this) {
      FileLocks locks = files.get(file);
      if (locks == null) {
        return true;
      }
      if (ranges >= maxRanges && locks.isSplitBy(owner, range)) {
        return false;
      }
      ranges -= locks.rangeCount(owner);
      locks.give(owner, range);
      ranges += locks.rangeCount(owner);
      served = serve(locks);
      forgetIfEmpty(locks);
    }
    served.forEach(Runnable::run);
    return true;
  }

  /**
   * Reserves a file, in place of what the owner had reserved of it.
   *
   * @return Granted, Denied (without a holder, null) or Full
   * @throws ArrayException STALE if the file is gone
   */
  public synchronized LockOutcome reserve(
      Inode file, LockOwner owner, ShareReservation reservation) {
    FileLocks locks = locksOf(file);
    try {
      boolean isNew = !locks.isReservedBy(owner);
      if (isNew && shares >= MAX_SHARES) {
        return new LockOutcome.Full();
      }
      if (!locks.reserve(owner, reservation)) {
        return new LockOutcome.Denied(null);
      }
      shares += isNew ? 1 : 0;
      return new LockOutcome.Granted();
    } finally {
      forgetIfEmpty(locks);
    }
  }

  /** Gives a reservation up, if there is one. */
  public synchronized void unreserve(Inode file, LockOwner owner) {
    FileLocks locks = files.get(file);
    if (locks != null && locks.isReservedBy(owner)) {
      locks.unreserve(owner);
      shares--;
      forgetIfEmpty(locks);
    }
  }

  /**
   * Drops everything that these owners hold, wait for and have reserved.
   *
   * @return in how many files there was something
   */
  public int release(Predicate<LockOwner> whose) {
    List<Runnable> served = new ArrayList<>();
    int touched = 0;
    synchronized (this) {
      for (FileLocks locks : List.copyOf(files.values())) {
        uncount(locks);
        boolean any = locks.release(whose);
        count(locks);
        if (any) {
          touched++;
          served.addAll(serve(locks));
          forgetIfEmpty(locks);
        }
      }
    }
    served.forEach(Runnable::run);
    return touched;
  }

  /**
   * Drops everything on files that are gone: their volume was deleted, or a named state restored
   * that they are not in. Nobody could give these locks up any more.
   */
  public synchronized void forgetGone() {
    for (FileLocks locks : List.copyOf(files.values())) {
      if (locks.file().isGone() || locks.file().volume().isDeleted()) {
        uncount(locks);
        locks.release(owner -> true);
        forgetIfEmpty(locks);
      }
    }
  }

  /** Whether any of these owners holds, waits for or has reserved something. */
  public synchronized boolean concerns(Predicate<LockOwner> whose) {
    return files.values().stream().anyMatch(locks -> locks.concerns(whose));
  }

  /** Every lock held now, file by file. */
  public synchronized List<HeldLock> held() {
    List<HeldLock> all = new ArrayList<>();
    files.values().forEach(locks -> locks.addHeldTo(all));
    return all;
  }

  /** Locks waited for now. */
  public synchronized int waiterCount() {
    return waiters;
  }

  /** Reservations now. */
  public synchronized int shareCount() {
    return shares;
  }

  private List<Runnable> serve(FileLocks locks) {
    if (locks.waiterCount() == 0) {
      return List.of();
    }
    uncount(locks);
    List<Runnable> served = locks.serve();
    count(locks);
    return served;
  }

  private void uncount(FileLocks locks) {
    ranges -= locks.rangeCount();
    waiters -= locks.waiterCount();
    shares -= locks.shareCount();
  }

  private void count(FileLocks locks) {
    ranges += locks.rangeCount();
    waiters += locks.waiterCount();
    shares += locks.shareCount();
  }

  /** Holds the file from its first lock on. */
  private FileLocks locksOf(Inode file) {
    FileLocks locks = files.get(file);
    if (locks == null) {
      file.volume().hold(file);
      locks = new FileLocks(file);
      files.put(file, locks);
    }
    return locks;
  }

  private void forgetIfEmpty(FileLocks locks) {
    if (locks.isEmpty() && files.remove(locks.file()) != null) {
      locks.file().volume().release(locks.file());
    }
  }
}
