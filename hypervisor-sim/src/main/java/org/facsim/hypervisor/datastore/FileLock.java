/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A host's lock on a file of an NFS datastore. NFSv3 hosts use no lock protocol: the lock is a file
 * in the same directory, named {@code .lck-} and the locked file's id as 16 hex digits, bytes
 * reversed. The host that creates it first (CREATE GUARDED) holds the lock, and rewrites its {@link
 * LockFile#BYTES} bytes every {@link #HEARTBEAT}. A lock that was not rewritten for longer than
 * {@link LockFile#STALE_AFTER} is dead, and any host may replace it. The same holds for a lock file
 * that its maker created and never wrote.
 *
 * <p><b>Taking over.</b> REMOVE takes a name. A host that found a dead lock could therefore remove
 * a live lock that another host put in its place meanwhile. So only one host may remove a dead
 * lock: the one that holds the <em>right</em> to it. The right is a lock file, too. It is named
 * after that one dead lock (its file id and stamp) and taken by the same rules. The holder of the
 * right checks once more that the dead lock is still the one that the right belongs to. It removes
 * the dead lock, competes for the name like every other host, and gives the right back. A host that
 * comes later finds another lock under the name and removes nothing. If a host dies while it has a
 * right, the right becomes stale, too, and another host takes it over.
 *
 * <p>A holder that was silent for too long touches its lock only after it has taken the right to
 * it. If it cannot take the right, or if it finds another lock under the name, its own lock is
 * lost. A host never removes a live lock file that is not its own.
 *
 * <p>A crash leaves at most the lock and a file for the right. If the lock is removed later, the
 * file for the right stays behind, {@value LockFile#BYTES} bytes long. Known flaw, which every
 * lease has: a REMOVE that reaches the server more than {@code STALE_AFTER - TAKEOVER_WITHIN} after
 * it was sent may remove a lock that another host took meanwhile. That host finds out at its next
 * heartbeat.
 */
final class FileLock {
  static final Duration HEARTBEAT = Duration.ofSeconds(10);

  /** A holder that was silent for longer than this takes the right to its own lock first. */
  private static final Duration SURE_FOR = LockFile.STALE_AFTER.minusSeconds(5);

  /**
   * A right is used within this time, long before another host may think that its holder is dead.
   */
  private static final Duration TAKEOVER_WITHIN = HEARTBEAT;

  /** How many hosts may have died, one after the other, while they took a lock over. */
  private static final int MAX_RIGHTS = 4;

  /** How many locks of other hosts may come and go while this host tries to take one. */
  private static final int MAX_ATTEMPTS = 5;

  private static final Logger log = LoggerFactory.getLogger(FileLock.class);

  private final Datastore datastore;
  private final String lockPath;
  private final String holder;
  private final Clock clock;
  private final DatastoreFile file;

  /** 0 for a lock, 1 for the right to it, 2 for the right to that right. */
  private final int depth;

  private long rewrites;
  private long stampMillis;

  private FileLock(
      Datastore datastore,
      String lockPath,
      String holder,
      Clock clock,
      DatastoreFile file,
      int depth) {
    this.datastore = datastore;
    this.lockPath = lockPath;
    this.holder = holder;
    this.clock = clock;
    this.file = file;
    this.depth = depth;
  }

  /** The lock file's name for a locked file's id. */
  static String lockFileName(long fileId) {
    return ".lck-%016x".formatted(Long.reverseBytes(fileId));
  }

  /**
   * Takes the lock.
   *
   * @throws DatastoreException LOCKED, with the holder's name, if another host holds it and is
   *     alive
   */
  static FileLock acquire(Datastore datastore, DatastoreFile locked, String holder, Clock clock) {
    String lockPath =
        Datastore.join(Datastore.parentOf(locked.path()), lockFileName(locked.ref().fileId()));
    return acquire(datastore, lockPath, locked.path(), holder, clock, 0);
  }

  /**
   * Takes a lock, or the right to one.
   *
   * @param what is locked, for people
   * @param depth 0 for a lock, 1 for the right to it, 2 for the right to that right
   */
  private static FileLock acquire(
      Datastore datastore, String lockPath, String what, String holder, Clock clock, int depth) {
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      Optional<FileLock> made = make(datastore, lockPath, what, holder, clock, depth);
      if (made.isPresent()) {
        return made.get();
      }
      Optional<LockFile> found = look(datastore, lockPath);
      if (found.isPresent()) {
        LockFile there = found.get();
        if (!there.isStale(clock)) {
          throw locked(what, there.describe());
        }
        log.warn("{} takes over the stale lock {} of {}", holder, lockPath, what);
        FileLock right = right(datastore, lockPath, there, what, holder, clock, depth);
        try {
          if (right.isFresh(TAKEOVER_WITHIN) && look(datastore, lockPath).equals(found)) {
            datastore.remove(lockPath);
          }
        } finally {
          right.release();
        }
      }
    }
    throw locked(what, "hosts that take it from each other");
  }

  private static FileLock right(
      Datastore datastore,
      String lockPath,
      LockFile to,
      String what,
      String holder,
      Clock clock,
      int depth) {
    if (depth == MAX_RIGHTS) { // also ends the recursion that a leaping clock would make endless
      throw locked(what, to.describe());
    }
    String rightPath = "%s-%x-%x".formatted(lockPath, to.fileId(), to.stampMillis());
    return acquire(datastore, rightPath, what, holder, clock, depth + 1);
  }

  /** Makes the lock file; empty if there is one. */
  private static Optional<FileLock> make(
      Datastore datastore, String lockPath, String what, String holder, Clock clock, int depth) {
    DatastoreFile file;
    try {
      file = datastore.create(lockPath);
    } catch (DatastoreException e) {
      if (e.error() == DatastoreError.ALREADY_EXISTS) {
        return Optional.empty();
      }
      throw e;
    }
    FileLock lock = new FileLock(datastore, lockPath, holder, clock, file, depth);
    lock.stampMillis = clock.millis();
    try {
      lock.write();
      lock.requireOwn(what);
      return Optional.of(lock);
    } catch (DatastoreException e) {
      lock.removeAfter(e);
      throw e;
    }
  }

  /** The lock file under a name; empty if there is none, or if it was removed while it was read. */
  private static Optional<LockFile> look(Datastore datastore, String lockPath) {
    try {
      return Optional.of(LockFile.look(datastore, lockPath));
    } catch (DatastoreException e) {
      if (e.error() == DatastoreError.NOT_FOUND || e.error() == DatastoreError.STALE) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static DatastoreException locked(String what, String by) {
    return new DatastoreException(DatastoreError.LOCKED, "%s is locked by %s".formatted(what, by));
  }

  private boolean isFresh(Duration within) {
    return clock.millis() - stampMillis <= within.toMillis();
  }

  /** Whether the name still leads to this lock's own file. */
  private boolean isOwn() {
    try {
      return datastore.open(lockPath).ref().fileId() == file.ref().fileId();
    } catch (DatastoreException e) {
      if (e.error() == DatastoreError.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private void requireOwn(String what) {
    if (!isOwn()) {
      String by = look(datastore, lockPath).map(LockFile::describe).orElse("nobody");
      throw new DatastoreException(
          DatastoreError.LOCKED, "the lock of %s is lost; now locked by %s".formatted(what, by));
    }
  }

  private void write() {
    long now = clock.millis();
    file.writeStable(0, LockFile.contents(now, rewrites + 1, holder));
    rewrites++;
    stampMillis = now;
  }

  /**
   * Tells the others that this host is alive.
   *
   * @throws DatastoreException LOCKED or STALE if the lock is lost; others if that is not known
   */
  synchronized void refresh() {
    if (isFresh(SURE_FOR)) {
      write();
      requireOwn(lockPath);
    } else {
      reclaim();
    }
  }

  /**
   * Rewrites a lock that other hosts may think dead, by the rules by which they would take it over.
   */
  private void reclaim() {
    requireOwn(lockPath);
    LockFile seen = look(datastore, lockPath).orElseThrow(() -> locked(lockPath, "nobody"));
    FileLock right = right(datastore, lockPath, seen, lockPath, holder, clock, depth);
    try {
      requireOwn(lockPath);
      write();
    } finally {
      right.release();
    }
  }

  /**
   * Removes the lock file. A lost lock is left to its new holder. A lock that another host is
   * taking over is left to that host.
   */
  synchronized void release() {
    try {
      if (!isFresh(SURE_FOR)) {
        reclaim();
      }
      if (isOwn()) {
        datastore.remove(lockPath);
      }
    } catch (DatastoreException e) {
      if (!isLost(e)) {
        throw e;
      }
      log.warn("{} does not remove {}: {}", holder, lockPath, e.getMessage());
    }
  }

  /**
   * Whether a failure says that this host no longer has the lock: another host has it, or nobody.
   */
  static boolean isLost(DatastoreException failure) {
    return switch (failure.error()) {
      case LOCKED, STALE, NOT_FOUND -> true;
      case ALREADY_EXISTS,
          ACCESS_DENIED,
          READ_ONLY,
          DISK_FULL,
          TOO_LARGE,
          NOT_EMPTY,
          DAMAGED,
          ALL_PATHS_DOWN,
          FILE_ERROR ->
          false;
    };
  }

  /**
   * Removes the file of a lock that was not taken after all, so that no other host waits for it.
   */
  private void removeAfter(DatastoreException failure) {
    try {
      if (isFresh(SURE_FOR) && isOwn()) {
        datastore.remove(lockPath);
      }
    } catch (DatastoreException e) {
      failure.addSuppressed(e);
    }
  }

  String lockPath() {
    return lockPath;
  }
}
