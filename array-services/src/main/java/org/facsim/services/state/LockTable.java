/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.facsim.array.ArrayException;
import org.facsim.array.Inode;

/**
 * The locks of all files. They are advisory: READ and WRITE do not check them.
 *
 * <p>Locks have POSIX semantics: what an owner locks replaces what it had there, byte for byte.
 * Locks of different owners conflict; those of one owner never do. An owner can wait for a lock
 * that is not free. Waiters are served in the order in which they came, each as soon as no lock
 * conflicts, and hold their lock before they are told. A wait that would close a circle is refused.
 *
 * <p>A client can make the table grow. A budget of heap bounds it, of which each origin of clients
 * has a share ({@code LockLedger}): a client that locks without end gets {@link LockOutcome.Full},
 * while others can go on locking.
 *
 * <p>A file with an entry here is held ({@link org.facsim.array.VolumeFiles#hold}): it stays usable
 * by its handle when its last name is removed, so that its locks can still be given up.
 *
 * <p>Locks end by {@link #unlock}, and all those of a client by {@link #release}, which each door
 * calls when its protocol says that the client is gone. Nothing here expires by itself.
 *
 * <p>One monitor guards everything; the volume's lock is taken within it, for a hold, and nothing
 * else is. Waiters are told outside of it. Bounded in bytes, and in ranges and waiters, each over
 * all files. Thread-safe.
 */
public final class LockTable {
  /** The most ranges that are held. */
  public static final int MAX_RANGES = 1 << 18;

  /** The most waiters. */
  public static final int MAX_WAITERS = 1 << 14;

  /** The longest circle that is found; members of a longer one wait until one gives up. */
  private static final int MAX_DEADLOCK_SEARCH = 1 << 8;

  /**
   * The heap, in bytes, that locks may take: enough for the bounds above, if the heap is large
   * enough.
   */
  private static final long MAX_BYTES = 64 << 20;

  /** The part of the heap that locks may take. */
  private static final int HEAP_PART = 16;

  private final int maxRanges;
  private final int maxWaiters;
  private final LockLedger ledger;
  private final IdentityHashMap<Inode, FileLocks> files = new IdentityHashMap<>();

  public LockTable() {
    this(defaultMaxBytes());
  }

  /**
   * Makes a table with a given budget of heap.
   *
   * @param maxBytes bytes for all locks and waiters; one origin alone may use half of it
   */
  public LockTable(long maxBytes) {
    this(MAX_RANGES, MAX_WAITERS, maxBytes);
  }

  LockTable(int maxRanges, int maxWaiters) {
    this(maxRanges, maxWaiters, MAX_BYTES);
  }

  private LockTable(int maxRanges, int maxWaiters, long maxBytes) {
    this.maxRanges = maxRanges;
    this.maxWaiters = maxWaiters;
    ledger = new LockLedger(maxBytes);
  }

  private static long defaultMaxBytes() {
    return Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory() / HEAP_PART);
  }

  /**
   * Finds a lock that conflicts with a range.
   *
   * @return null if there is none
   */
  public HeldLock test(Inode file, LockOwner owner, ByteRange range, LockMode mode) {
    HeldLock held;
    do {
      synchronized (this) {
        FileLocks locks = files.get(file);
        held = locks == null ? null : locks.conflict(owner, range, mode);
      }
    } while (held != null && held.owner().client().giveWay());
    return held;
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
   * Locks a range, now or when it is free. An owner that waits for exactly this already goes on
   * waiting.
   *
   * @return Granted, Waiting, Deadlock or Full
   * @throws ArrayException STALE if the file is gone
   */
  public LockOutcome lockOrWait(
      Inode file, LockOwner owner, ByteRange range, LockMode mode, LockWaiter waiter) {
    return lock(file, new FileLocks.Waiting(owner, range, mode), waiter);
  }

  private LockOutcome lock(Inode file, FileLocks.Waiting wish, LockWaiter waiterOrNull) {
    HeldLock inTheWay = test(file, wish.owner(), wish.range(), wish.mode());
    if (inTheWay != null && waiterOrNull == null) {
      return new LockOutcome.Denied(inTheWay);
    }
    List<Runnable> served = List.of();
    LockOutcome outcome;
    synchronized (this) {
      FileLocks locks = locksOf(file);
      try {
        HeldLock holder = locks.conflict(wish.owner(), wish.range(), wish.mode());
        if (holder == null) {
          outcome = take(locks, wish);
          // an exclusive lock may have become a shared one
          served = locks.serve();
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
    // one range for itself, and one for the rest of a range that it splits
    long moreBytes =
        2 * LockLedger.RANGE_BYTES
            + (locks.isHeldBy(wish.owner()) ? 0 : LockLedger.ownerBytes(wish.owner()));
    if (ledger.ranges() + 2 > maxRanges || !ledger.admits(wish.owner(), moreBytes)) {
      return new LockOutcome.Full();
    }
    locks.stopWaiting(wish);
    locks.take(wish.owner(), wish.range(), wish.mode());
    return new LockOutcome.Granted();
  }

  private LockOutcome await(FileLocks locks, FileLocks.Waiting wish, LockWaiter waiter) {
    if (!locks.isWaiting(wish)) {
      if (ledger.waiters() >= maxWaiters
          || !ledger.admits(wish.owner(), LockLedger.waiterBytes(wish.owner()))) {
        return new LockOutcome.Full();
      }
      if (closesCircle(locks, wish)) {
        return new LockOutcome.Deadlock();
      }
    }
    locks.await(wish, waiter);
    return new LockOutcome.Waiting();
  }

  /** Whether an owner of a conflicting lock waits, directly or through others, for this owner. */
  private boolean closesCircle(FileLocks locks, FileLocks.Waiting wish) {
    Set<LockOwner> reached = new HashSet<>();
    locks.conflictingOwners(wish, reached);
    List<LockOwner> open = new ArrayList<>(reached);
    while (!open.isEmpty() && reached.size() <= MAX_DEADLOCK_SEARCH) {
      LockOwner owner = open.remove(open.size() - 1);
      Set<LockOwner> next = new HashSet<>();
      for (FileLocks other : ledger.awaitedBy(owner)) {
        other.ownersInTheWayOf(owner, next);
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
   * Has a task run once when no lock conflicts with a range any more, or when the file is gone. The
   * range is not locked by that. The caller bounds the number of such tasks.
   *
   * @param task run on the thread that made room, without any lock of the table
   * @return forgets the task; null if nothing conflicts now
   */
  public Runnable whenFree(
      Inode file, LockOwner owner, ByteRange range, LockMode mode, Runnable task) {
    FileLocks.Waiting wish = new FileLocks.Waiting(owner, range, mode);
    synchronized (this) {
      FileLocks locks = files.get(file);
      if (locks == null || locks.conflict(owner, range, mode) == null) {
        return null;
      }
      locks.watch(wish, task);
    }
    return () -> forgetWatch(file, wish);
  }

  private synchronized void forgetWatch(Inode file, FileLocks.Waiting wish) {
    FileLocks locks = files.get(file);
    if (locks != null) {
      locks.unwatch(wish);
    }
  }

  /**
   * Stops waiting.
   *
   * @return whether the owner waited for exactly this
   */
  public synchronized boolean cancel(Inode file, LockOwner owner, ByteRange range, LockMode mode) {
    FileLocks locks = files.get(file);
    if (locks == null || !locks.stopWaiting(new FileLocks.Waiting(owner, range, mode))) {
      return false;
    }
    forgetIfEmpty(locks);
    return true;
  }

  /**
   * Gives up what the owner holds of a range, if anything.
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
      boolean full = ledger.ranges() >= maxRanges || !ledger.hasRoom(LockLedger.RANGE_BYTES);
      if (full && locks.isSplitBy(owner, range)) {
        return false;
      }
      locks.give(owner, range);
      served = locks.serve();
      forgetIfEmpty(locks);
    }
    served.forEach(Runnable::run);
    return true;
  }

  /**
   * Drops everything that these owners hold or wait for.
   *
   * @return the number of files in which something was dropped
   */
  public int release(Predicate<LockOwner> whose) {
    Set<Inode> touched = new HashSet<>();
    release(whose, touched);
    return touched.size();
  }

  /** Like {@link #release(Predicate)}; adds the files in which something was dropped. */
  void release(Predicate<LockOwner> whose, Set<Inode> touched) {
    List<Runnable> served = new ArrayList<>();
    synchronized (this) {
      for (FileLocks locks : List.copyOf(files.values())) {
        if (locks.release(whose)) {
          touched.add(locks.file());
          served.addAll(locks.serve());
          forgetIfEmpty(locks);
        }
      }
    }
    served.forEach(Runnable::run);
  }

  /**
   * Drops everything on files that are gone: their volume was deleted, or a named state was
   * restored that does not contain them. No client could give these locks up any more.
   */
  public void forgetGone() {
    List<Runnable> served = new ArrayList<>();
    synchronized (this) {
      for (FileLocks locks : List.copyOf(files.values())) {
        if (locks.file().isGone() || locks.file().volume().isDeleted()) {
          locks.release(owner -> true);
          served.addAll(locks.serve());
          forgetIfEmpty(locks);
        }
      }
    }
    served.forEach(Runnable::run);
  }

  /** Whether a client holds nothing and waits for nothing. */
  public synchronized boolean isIdle(LockClient client) {
    return ledger.isIdle(client);
  }

  /** Those of the given owners that hold a lock of a file or wait for one. */
  public synchronized Set<LockOwner> ownersOn(Inode file, Predicate<LockOwner> whose) {
    Set<LockOwner> owners = new LinkedHashSet<>();
    FileLocks locks = files.get(file);
    if (locks != null) {
      locks.addOwners(whose, owners);
    }
    return owners;
  }

  /** Whether an owner holds a range of a file. */
  public synchronized boolean isHeldBy(Inode file, LockOwner owner) {
    FileLocks locks = files.get(file);
    return locks != null && locks.isHeldBy(owner);
  }

  /** Whether another owner waits for something that a client holds. */
  public synchronized boolean isAwaited(LockClient client) {
    return ledger.waiters() > 0
        && !ledger.isIdle(client)
        && files.values().stream().anyMatch(locks -> locks.isAwaited(client));
  }

  /** Every lock held now, file by file. */
  public synchronized List<HeldLock> held() {
    List<HeldLock> all = new ArrayList<>();
    files.values().forEach(locks -> locks.addHeldTo(all));
    return all;
  }

  /** The number of waiters. */
  public synchronized int waiterCount() {
    return ledger.waiters();
  }

  /** Whether a lock or a wait of another client forbids a delegation to this one. */
  synchronized boolean standsAgainst(Inode file, LockClient client, DelegationKind kind) {
    FileLocks locks = files.get(file);
    return locks != null && locks.standsAgainst(client, kind);
  }

  /** The most bytes that everything here takes. */
  synchronized long countedBytes() {
    return ledger.bytes();
  }

  /** The locks of a file, which is held from its first lock on. */
  private FileLocks locksOf(Inode file) {
    FileLocks locks = files.get(file);
    if (locks == null) {
      file.volume().files().hold(file);
      locks = new FileLocks(file, ledger);
      files.put(file, locks);
    }
    return locks;
  }

  private void forgetIfEmpty(FileLocks locks) {
    if (locks.isEmpty() && files.remove(locks.file()) != null) {
      locks.file().volume().files().release(locks.file());
    }
  }
}
