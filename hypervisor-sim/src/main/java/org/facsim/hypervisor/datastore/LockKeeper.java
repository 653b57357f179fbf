/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The locks that a host holds, kept alive by a heartbeat. Thread-safe. */
public final class LockKeeper implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LockKeeper.class);

  private final String holder;
  private final Clock clock;
  private final Map<String, FileLock> lockByPath = new ConcurrentHashMap<>();
  private final ScheduledFuture<?> heartbeat;

  /**
   * Makes a host without locks.
   *
   * @param holder the host's name, as it appears in its locks
   * @param clock stamps them
   * @param scheduler runs the heartbeat; the caller shuts it down after {@link #close}
   */
  public LockKeeper(String holder, Clock clock, ScheduledExecutorService scheduler) {
    this.holder = holder;
    this.clock = clock;
    long periodMillis = FileLock.HEARTBEAT.toMillis();
    this.heartbeat =
        scheduler.scheduleWithFixedDelay(
            this::refreshAll, periodMillis, periodMillis, TimeUnit.MILLISECONDS);
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
    lockByPath.put(key(datastore, file), FileLock.acquire(datastore, file, holder, clock));
  }

  /** Releases a lock. Does nothing if the host does not hold it. */
  public void unlock(Datastore datastore, DatastoreFile file) {
    FileLock lock = lockByPath.remove(key(datastore, file));
    if (lock != null) {
      lock.release();
    }
  }

  /**
   * One heartbeat. A lock that cannot be rewritten is kept, and the next heartbeat tries again. A
   * lost lock is forgotten, so that the lock of its new holder stays untouched.
   */
  void refreshAll() {
    lockByPath.forEach(
        (key, lock) -> {
          try {
            lock.refresh();
          } catch (DatastoreException e) {
            if (FileLock.isLost(e)) {
              log.error("{} lost {}: {}", holder, lock.lockPath(), e.getMessage());
              lockByPath.remove(key, lock);
            } else {
              log.warn("{} could not refresh {}: {}", holder, lock.lockPath(), e.getMessage());
            }
          }
        });
  }

  @Override
  public void close() {
    heartbeat.cancel(false);
  }

  private static String key(Datastore datastore, DatastoreFile file) {
    return "[%s] %s".formatted(datastore.name(), file.path());
  }
}
