/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.hypervisor.time.HostTime;

/**
 * The locks that a host holds. Every {@link AdvancedSetting#DISK_FILE_LOCK_UPDATE_FREQ} they are
 * rewritten, at most {@value #AT_ONCE} of a datastore at once and without a thread that waits, so
 * that a silent server keeps no lock of another from being rewritten. A lock whose rewriting is not
 * answered is left alone until it is. Thread-safe.
 */
public final class LockKeeper implements AutoCloseable {
  private static final int AT_ONCE = 16;

  private final HostSide host;
  private final Map<Key, Kept> keptByKey = new ConcurrentHashMap<>();

  /** Locks whose removal failed. They are this host's own until they are stale. */
  private final Map<Key, Kept> leftByKey = new ConcurrentHashMap<>();

  private HostTime.Timer beat = () -> {};
  private boolean closed;

  private record Key(Datastore datastore, String path) {}

  /** A lock, and how its rewriting goes. */
  private static final class Kept {
    final Key key;
    final HeldLock lock;
    final AtomicBoolean underWay = new AtomicBoolean();
    final AtomicInteger failures = new AtomicInteger();

    Kept(Key key, HeldLock lock) {
      this.key = key;
      this.lock = lock;
    }
  }

  /**
   * Makes a host without locks.
   *
   * @param host its name appears in its locks, and its time goes for them
   */
  public LockKeeper(HostSide host) {
    this.host = host;
    beatLater();
  }

  private synchronized void beatLater() {
    if (!closed) {
      beat =
          host.time()
              .after(
                  host.settings().seconds(AdvancedSetting.DISK_FILE_LOCK_UPDATE_FREQ), this::beat);
    }
  }

  private void beat() {
    beatLater();
    refreshOnce();
  }

  private void refreshOnce() {
    var unused = refresh();
  }

  /**
   * Locks all of the files, or none.
   *
   * @throws DatastoreException LOCKED if another host holds one of them
   */
  public void lockAll(Datastore datastore, List<DatastoreFile> files) {
    List<DatastoreFile> locked = new ArrayList<>();
    try {
      for (DatastoreFile file : files) {
        lock(datastore, file);
        locked.add(file);
      }
    } catch (DatastoreException e) {
      locked.forEach(file -> unlock(datastore, file));
      throw e;
    }
  }

  /**
   * Locks a file.
   *
   * @throws DatastoreException LOCKED if another host holds it
   */
  public void lock(Datastore datastore, DatastoreFile file) {
    Key key = new Key(datastore, file.path());
    Kept left = leftByKey.remove(key);
    if (left == null || !takesAgain(left)) {
      HeldLock lock = acquire(datastore, file);
      keptByKey.put(key, new Kept(key, lock));
    }
  }

  private HeldLock acquire(Datastore datastore, DatastoreFile file) {
    Optional<ShareReservations> reservations = datastore.reservations();
    return reservations.isPresent()
        ? ShareLock.acquire(reservations.get(), file)
        : FileLock.acquire(datastore, file, host.hostName(), LockTimes.of(host));
  }

  /** Whether a lock of this host that stayed when it was to go is this host's once more. */
  private boolean takesAgain(Kept left) {
    try {
      left.lock.refresh();
    } catch (DatastoreException e) {
      if (FileLock.isLost(e)) {
        return false;
      }
      leftByKey.put(left.key, left);
      throw e;
    }
    keptByKey.put(left.key, new Kept(left.key, left.lock));
    return true;
  }

  /** Releases a lock. Does nothing if the host does not hold it. */
  public void unlock(Datastore datastore, DatastoreFile file) {
    unlock(datastore, file.path());
  }

  /** Releases the lock of a file, which may be gone. Does nothing if the host does not hold it. */
  public void unlock(Datastore datastore, String path) {
    Kept kept = keptByKey.remove(new Key(datastore, path));
    if (kept != null) {
      try {
        kept.lock.release();
      } catch (DatastoreException e) {
        leftByKey.values().removeIf(left -> left.lock.isStale());
        leftByKey.put(kept.key, kept);
        throw e;
      }
    }
  }

  /** Whether this host holds the lock of a file, as far as it knows. */
  public boolean holds(Datastore datastore, String path) {
    return keptByKey.containsKey(new Key(datastore, path));
  }

  /** How many locks this host holds on a datastore. */
  public int count(Datastore datastore) {
    return (int) keptByKey.keySet().stream().filter(key -> key.datastore == datastore).count();
  }

  /** The locks that a host held at one moment. */
  public static final class Held {
    private final List<Kept> kept;

    private Held(List<Kept> kept) {
      this.kept = kept;
    }
  }

  /** Which locks this host holds now. */
  public Held held() {
    return new Held(List.copyOf(keptByKey.values()));
  }

  /**
   * Holds the locks of an earlier moment, and no others, because the array was put back to that
   * moment. Nothing is asked; the lock files are rewritten soon.
   */
  public void hold(Held earlier) {
    Set<HeldLock> stay = new HashSet<>();
    earlier.kept.forEach(each -> stay.add(each.lock));
    keptByKey.values().stream()
        .map(each -> each.lock)
        .filter(lock -> !stay.contains(lock))
        .forEach(HeldLock::drop);
    keptByKey.clear();
    leftByKey.clear();
    for (Kept each : earlier.kept) {
      each.lock.holdAsFresh();
      keptByKey.put(each.key, new Kept(each.key, each.lock));
    }
    var unused = host.time().after(Duration.ZERO, this::refreshOnce);
  }

  /** Forgets the locks on a datastore; their files stay. */
  public void forget(Datastore datastore) {
    keptByKey.keySet().removeIf(key -> key.datastore == datastore);
    leftByKey.keySet().removeIf(key -> key.datastore == datastore);
  }

  /** One heartbeat; returns when all of it is answered. For tests. */
  void refreshAll() {
    Replies.await(refresh());
  }

  /**
   * Rewrites all locks. A lock that cannot be rewritten is kept, and the next time tries again. A
   * lost lock is forgotten, so that the lock of its new holder stays untouched.
   */
  private CompletableFuture<Void> refresh() {
    Map<Datastore, Queue<Kept>> waitingByDatastore = new HashMap<>();
    for (Kept kept : keptByKey.values()) {
      if (kept.underWay.compareAndSet(false, true)) {
        waitingByDatastore
            .computeIfAbsent(kept.key.datastore, key -> new ConcurrentLinkedQueue<>())
            .add(kept);
      } else {
        noteFailure(kept, "the last update is not answered");
      }
    }
    List<CompletableFuture<Void>> lanes = new ArrayList<>();
    for (Queue<Kept> waiting : waitingByDatastore.values()) {
      for (int lane = 0; lane < AT_ONCE && !waiting.isEmpty(); lane++) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        lanes.add(ended);
        nextOf(waiting, ended);
      }
    }
    return CompletableFuture.allOf(lanes.toArray(new CompletableFuture<?>[0]));
  }

  /**
   * Rewrites one lock after the other until none is waiting; a loop where answers come at once.
   * Leaves out those that were given back meanwhile, or that a host holds anew because it went back
   * to an earlier moment: hosts that go back often would otherwise have ever more to rewrite.
   */
  private void nextOf(Queue<Kept> waiting, CompletableFuture<Void> ended) {
    for (Kept kept = waiting.poll(); kept != null; kept = waiting.poll()) {
      if (keptByKey.get(kept.key) != kept) {
        continue;
      }
      CompletableFuture<Void> rewritten = refreshOne(kept);
      if (!rewritten.isDone()) {
        var unused = rewritten.whenComplete((done, failure) -> nextOf(waiting, ended));
        return;
      }
    }
    ended.complete(null);
  }

  /** Completes without a failure when the lock is rewritten, or has not been for too long. */
  private CompletableFuture<Void> refreshOne(Kept kept) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    HostTime.Timer late =
        host.time()
            .after(
                host.settings().seconds(AdvancedSetting.LOCK_UPDATE_TIMEOUT),
                () -> {
                  if (!over.isDone()) {
                    noteFailure(kept, "not answered in time");
                    over.complete(null);
                  }
                });
    var unused =
        host.time()
            .expect(
                kept.key.datastore,
                kept.lock
                    .refreshing(host.time().workers())
                    .whenComplete(
                        (done, failure) -> {
                          late.cancel();
                          kept.underWay.set(false);
                          if (failure == null) {
                            kept.failures.set(0);
                          } else {
                            failed(kept, Replies.failure(failure));
                          }
                          over.complete(null);
                        }));
    return over;
  }

  private void failed(Kept kept, DatastoreException failure) {
    if (!FileLock.isLost(failure)) {
      noteFailure(kept, failure.getMessage());
    } else if (keptByKey.remove(kept.key, kept)) {
      host.log()
          .warn(
              "NFSLock",
              608,
              "Stop accessing %s: lost %s: %s"
                  .formatted(kept.key.path, kept.lock.describe(), failure.getMessage()));
    }
  }

  private void noteFailure(Kept kept, String why) {
    int failures = kept.failures.incrementAndGet();
    host.log()
        .warn(
            "NFSLock",
            2_210,
            "Failed to update lock %s of %s: %s"
                .formatted(kept.lock.describe(), kept.key.path, why));
    if (failures == host.settings().get(AdvancedSetting.LOCK_RENEW_MAX_FAILURE_NUMBER)) {
      host.log()
          .warn(
              "NFSLock",
              2_214,
              "Lock %s of %s is marked as stale".formatted(kept.lock.describe(), kept.key.path));
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    beat.cancel();
  }
}
